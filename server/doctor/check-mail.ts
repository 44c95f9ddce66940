import type { Context } from '#server/context.ts'
import { type Finding, ok, warn } from '#server/doctor/finding.ts'

/** Does mail leave this machine at all? */
export async function checkMail({ mail }: Context): Promise<Finding[]> {
  return mail.isToFile ? warn('doctor.mailToFile', 'doctor.mailToFileRemedy') : ok('doctor.mailOk')
}
