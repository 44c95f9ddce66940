import { desc, isNotNull, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { jobs } from '#db/schema/jobs.ts'

export type QueueState = 'due' | 'later' | 'running' | 'dead'

export interface JobCount {
  lane: string
  kind: string
  state: QueueState
  count: number
  /** When the first of them was or is to run, ms since 1970. */
  oldestAt: number
}

/** How many jobs stand in the queue by lane, kind and state; lanes and kinds in the order of the alphabet. */
export function countJobs(db: Reader, now: number): Promise<JobCount[]> {
  return db
    .select({
      lane: sql<string>`${jobs.lane}`,
      kind: jobs.kind,
      state: sql<QueueState>`case when ${jobs.deadAt} is not null then 'dead' when ${jobs.lockedUntil} > ${now} then 'running' when ${jobs.runAt} <= ${now} then 'due' else 'later' end`,
      count: sql`count(*)`.mapWith(Number),
      oldestAt: sql`min(${jobs.runAt})`.mapWith(Number)
    })
    .from(jobs)
    .groupBy(sql`1`, sql`2`, sql`3`)
    .orderBy(sql`1`, sql`2`, sql`3`)
}

export type DeadJob = Pick<typeof jobs.$inferSelect, 'id' | 'kind' | 'attempts' | 'lastError' | 'deadAt'>

/** Jobs that failed for good, the newest first. */
export function deadJobs(db: Reader, limit: number): Promise<DeadJob[]> {
  return db
    .select({ id: jobs.id, kind: jobs.kind, attempts: jobs.attempts, lastError: jobs.lastError, deadAt: jobs.deadAt })
    .from(jobs)
    .where(isNotNull(jobs.deadAt))
    .orderBy(desc(jobs.deadAt), desc(jobs.id))
    .limit(limit)
}
