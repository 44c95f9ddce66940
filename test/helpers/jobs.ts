import pino from 'pino'
import type { Database } from '#db/database.ts'
import type { Context } from '#server/context.ts'
import { createJobKinds } from '#server/jobs/kinds.ts'
import type { Schedule } from '#server/jobs/schedules.ts'
import { createWorker, type JobHandler, type Worker } from '#server/jobs/worker.ts'
import type { Clock } from '#server/platform/clock.ts'
import { createRandom } from '#server/platform/random.ts'

/** A worker over a database alone, for tests of the queue itself: the rest of the Context is not there. */
export function workerOver(
  database: Database,
  clock: Clock,
  jobs: Record<string, JobHandler>,
  schedules: Schedule[] = []
): { worker: Worker; ctx: Context } {
  const parts = {
    database,
    db: database.reader,
    transact: database.transact,
    clock,
    random: createRandom(),
    log: pino({ level: 'silent' })
  }
  const ctx = parts as unknown as Context
  return {
    ctx,
    worker: createWorker(
      ctx,
      createJobKinds({}, schedules, jobs, () => [])
    )
  }
}
