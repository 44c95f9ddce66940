import type { Context } from '#server/context.ts'
import { fail, type Finding, ok } from '#server/doctor/finding.ts'

/** Signs in at the mail server, or looks whether the folder of mails can be written. */
export async function checkMailServer({ mail }: Context): Promise<Finding[]> {
  try {
    await mail.verify()
    return ok('doctor.mailServerOk')
  } catch (error) {
    return fail('doctor.mailServerFails', 'doctor.mailServerFailsRemedy', { why: (error as Error).message })
  }
}
