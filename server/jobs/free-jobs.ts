import { isNotNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { jobs } from '#db/schema/jobs.ts'

/** Takes every job out of its worker's hands. Only for a process that knows itself to be the only one: all other workers are dead. */
export async function freeJobs(tx: Tx): Promise<void> {
  await tx.update(jobs).set({ lockedUntil: null, lease: null }).where(isNotNull(jobs.lockedUntil))
}
