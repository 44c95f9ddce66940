import type { Context } from '#server/context.ts'
import { type Finding, ok, warn } from '#server/doctor/finding.ts'
import { hasOwner } from '#server/sign-in/owner-link.ts'

/** Does the instance belong to anybody yet? */
export async function checkOwner({ db }: Context): Promise<Finding[]> {
  return (await hasOwner(db)) ? ok('doctor.ownerOk') : warn('doctor.ownerNone', 'doctor.ownerNoneRemedy')
}
