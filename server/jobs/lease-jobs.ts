import { and, eq, gte, inArray, sql } from 'drizzle-orm'
import { dialectOfProcess } from '#db/dialect.ts'
import type { Tx } from '#db/reader.ts'
import { jobs, type Lane } from '#db/schema/jobs.ts'

/** A job whose worker died is free again after this; who lives renews its leases in time. */
export const leaseMs = 20_000

export interface LeasedJob {
  id: number
  kind: string
  input: Record<string, unknown>
  attempts: number
  lease: number
}

/**
 * Takes up to `count` due jobs of a lane, oldest due first. Counts the attempt before the work, so that a job that kills its
 * process cannot do so for ever. A job with an order key waits for every earlier one of its key that is still alive.
 */
export async function leaseJobs(tx: Tx, lane: Lane, count: number): Promise<LeasedJob[]> {
  const due = await tx.rows(sql`
    select id from jobs
    where lane = ${lane} and dead_at is null and run_at <= ${tx.now} and (locked_until is null or locked_until < ${tx.now})
      and (order_key is null or not exists (
        select 1 from jobs earlier where earlier.order_key = jobs.order_key and earlier.id < jobs.id and earlier.dead_at is null))
    order by run_at, id limit ${count} ${dialectOfProcess() === 'postgres' ? sql`for update skip locked` : sql``}`)
  if (due.length === 0) return []
  const lease = tx.newId()
  const leased = await tx
    .update(jobs)
    .set({ lockedUntil: tx.now + leaseMs, lease, attempts: sql`${jobs.attempts} + 1` })
    .where(
      inArray(
        jobs.id,
        due.map((row) => Number(row.id))
      )
    )
    .returning({ id: jobs.id, kind: jobs.kind, input: jobs.input, attempts: jobs.attempts })
  return leased.sort((a, b) => a.id - b.id).map((job) => ({ ...job, lease }))
}

/** Keeps jobs for as long again. One whose lease has gone to another worker stays there. */
export async function renewJobs(tx: Tx, leased: readonly LeasedJob[]): Promise<void> {
  const now = tx.now
  await tx
    .update(jobs)
    .set({ lockedUntil: now + leaseMs })
    .where(
      and(
        inArray(
          jobs.id,
          leased.map(({ id }) => id)
        ),
        inArray(jobs.lease, [...new Set(leased.map(({ lease }) => lease))]),
        gte(jobs.lockedUntil, now)
      )
    )
}

/** Removes a job that is done; false when its lease has gone to another worker. */
export async function removeJob(tx: Tx, job: { id: number; lease: number }): Promise<boolean> {
  const removed = await tx
    .delete(jobs)
    .where(and(eq(jobs.id, job.id), eq(jobs.lease, job.lease)))
    .returning({ id: jobs.id })
  return removed.length > 0
}

/** Puts a failed job back (`runAt`), or away as a dead letter (`runAt` undefined). */
export async function putBack(tx: Tx, job: { id: number; lease: number }, error: string, runAt: number | undefined): Promise<void> {
  await tx
    .update(jobs)
    .set({ lockedUntil: null, lease: null, lastError: error, ...(runAt === undefined ? { deadAt: tx.now, onceKey: null } : { runAt }) })
    .where(and(eq(jobs.id, job.id), eq(jobs.lease, job.lease)))
}
