import { isNull, and, not, like } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { jobs, schedules } from '#db/schema/jobs.ts'
import { deliveries } from '#db/schema/peers.ts'
import { oneTimeTokens, sessions } from '#db/schema/sign-in.ts'
import type { Who } from '#server/accounts/who.ts'
import { noteBackup } from '#server/backup/last-backup.ts'
import { noteRestore } from '#server/backup/last-restore.ts'
import type { Manifest } from '#server/backup/manifest.ts'
import { scheduleKind } from '#server/jobs/schedules.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

export interface Settled {
  deliveriesAside: number
  jobsAside: number
}

/**
 * What must change in a restored database before anything runs on it, in one transaction.
 *
 * Nothing is sent twice: whatever waited when the backup was made (deliveries, mails, the reactions that write either) has most likely gone
 * out since. It is set aside as dead letters, which the first page of /admin and `jobs` show and `jobs retry` sends after all; nothing is
 * forgotten, and nothing goes out by itself. Housekeeping only reads our own rows and carries on.
 *
 * Nothing that was closed since opens again: sessions that were ended, links that were used and passwords that were changed because somebody
 * else knew them would all be back, so every session and every one-time link ends.
 *
 * Ids need nothing: they follow the clock, and `restoreBackup` refuses a clock that stands before the backup.
 */
export async function settleRestored(tx: Tx, who: Who, manifest: Manifest): Promise<Settled> {
  const aside = `Set aside when the backup of ${manifest.madeAtText} was restored: it may have been done since that backup. Retry it if it was not.`
  const dead = { deadAt: tx.now, lockedUntil: null, lastError: aside }
  const heldDeliveries = await tx.update(deliveries).set(dead).where(isNull(deliveries.deadAt)).returning({ id: deliveries.id })
  const isHousekeeping = like(jobs.kind, `${scheduleKind('')}%`)
  const heldJobs = await tx
    .update(jobs)
    .set({ ...dead, lease: null, onceKey: null })
    .where(and(isNull(jobs.deadAt), not(isHousekeeping)))
    .returning({ id: jobs.id })
  await tx.update(jobs).set({ lockedUntil: null, lease: null }).where(isHousekeeping)
  await tx.update(schedules).set({ nextRunAt: tx.now })
  await tx.delete(oneTimeTokens)
  await tx.delete(sessions)
  await noteBackup(tx, manifest.madeAt)
  await noteRestore(tx)
  await recordAudit(tx, who, {
    act: 'instance-restored',
    targetKind: 'setting',
    target: 'instance',
    targetLabel: manifest.origin,
    details: { madeAt: manifest.madeAt, deliveriesAside: heldDeliveries.length, jobsAside: heldJobs.length }
  })
  return { deliveriesAside: heldDeliveries.length, jobsAside: heldJobs.length }
}
