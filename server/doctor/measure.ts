import { findBackupFailureAt, findLastBackupAt } from '#server/backup/last-backup.ts'
import type { Context } from '#server/context.ts'
import { countJobs } from '#server/jobs/count-jobs.ts'
import { countHeldPeers, countPeers } from '#server/peers/count-peers.ts'

/** What else stops without a sound, read at each scrape: jobs by state, servers that do not answer, backups. Deliveries measure themselves. */
export function measureHealth({ metrics, db, clock }: Pick<Context, 'metrics' | 'db' | 'clock'>): void {
  metrics.gauge('jobs', 'Jobs by lane and state; the dead ones failed for good.', ['lane', 'state'], async (gauge) => {
    const counts = await countJobs(db, clock.now())
    gauge.reset()
    for (const { lane, state, count } of counts) gauge.inc({ lane, state }, count)
  })
  metrics.gauge(
    'peers',
    'Servers known, those that fail at the moment, and those that nothing is sent to until their wait is over.',
    ['state'],
    async (gauge) => {
      const [{ known, failing }, held] = await Promise.all([countPeers(db), countHeldPeers(db, clock.now())])
      gauge.set({ state: 'known' }, known)
      gauge.set({ state: 'failing' }, failing)
      gauge.set({ state: 'held' }, held)
    }
  )
  metrics.gauge('backup_age_seconds', 'Age of the newest backup; NaN when none was ever made.', [], async (gauge) => {
    const madeAt = await findLastBackupAt(db)
    gauge.set(madeAt === undefined ? Number.NaN : (clock.now() - madeAt) / 1_000)
  })
  metrics.gauge('backup_failed', '1 when a backup broke off and none was made since.', [], async (gauge) => {
    gauge.set((await findBackupFailureAt(db)) === undefined ? 0 : 1)
  })
}
