import { eq, sql } from 'drizzle-orm'
import { IdTaken } from '#db/id-taken.ts'
import { prepare, type Tx } from '#db/reader.ts'
import { jobs, type Lane } from '#db/schema/jobs.ts'

export interface NewJob {
  kind: string
  input: Record<string, unknown>
  lane?: Lane
  /** Jobs of one key run one after another, in the order they were written. */
  orderKey?: string
  /** With a key, a job is not written while another of the same key waits. */
  onceKey?: string
  /** When it may run first, ms since 1970; now when absent. */
  runAt?: number
}

export const jobsTopic = 'jobs'

const idOfJob = { id: jobs.id }

const insertJob = prepare((tx: Tx) =>
  tx
    .insert(jobs)
    .values({
      id: sql.placeholder('id'),
      kind: sql.placeholder('kind'),
      input: sql.placeholder('input') as never,
      lane: sql.placeholder('lane') as never,
      orderKey: sql.placeholder('orderKey'),
      onceKey: sql.placeholder('onceKey'),
      runAt: sql.placeholder('runAt'),
      createdAt: sql.placeholder('createdAt')
    })
    .returning(idOfJob)
)

/** Writes a job in the caller's transaction. False when `onceKey` found one waiting. */
export async function enqueue(tx: Tx, job: NewJob): Promise<boolean> {
  const row = {
    id: tx.newId(),
    kind: job.kind,
    input: job.input,
    lane: job.lane ?? 'quick',
    orderKey: job.orderKey ?? null,
    onceKey: job.onceKey ?? null,
    runAt: job.runAt ?? tx.now,
    createdAt: tx.now
  }
  // Only a job with a once key may meet another: a plain insert keeps a collision of ids an error, which runs the transaction again.
  const written = job.onceKey === undefined ? await insertJob(tx, row) : await insertOnce(tx, row, job.onceKey)
  if (written.length === 0) return false
  tx.signal(jobsTopic)
  return true
}

async function insertOnce(tx: Tx, row: typeof jobs.$inferInsert, onceKey: string) {
  const findWaiting = () => tx.select(idOfJob).from(jobs).where(eq(jobs.onceKey, onceKey))
  if ((await findWaiting()).length > 0) return []
  const written = await tx.insert(jobs).values(row).onConflictDoNothing().returning(idOfJob)
  // Another process wrote the same a moment ago; or something else, under the same id.
  if (written.length === 0 && (await findWaiting()).length === 0) throw new IdTaken()
  return written
}
