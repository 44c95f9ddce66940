import { findBackupFailureAt, findLastBackupAt } from '#server/backup/last-backup.ts'
import type { Context } from '#server/context.ts'
import { fail, type Finding, ok, warn } from '#server/doctor/finding.ts'

const hourMs = 3_600_000
/** A daily backup that ran late is no reason to worry yet. */
const oldMs = 36 * hourMs

/** How much would be lost today? */
export async function checkBackups({ db, clock }: Context): Promise<Finding[]> {
  const failedAt = await findBackupFailureAt(db)
  if (failedAt !== undefined)
    return fail('doctor.backupFailed', 'doctor.backupFailedRemedy', { hours: Math.round((clock.now() - failedAt) / hourMs) })
  const lastAt = await findLastBackupAt(db)
  if (lastAt === undefined) return warn('doctor.backupNone', 'doctor.backupRemedy')
  const ageMs = clock.now() - lastAt
  const values = { hours: Math.round(ageMs / hourMs) }
  return ageMs > oldMs ? warn('doctor.backupOld', 'doctor.backupRemedy', values) : ok('doctor.backupOk', values)
}
