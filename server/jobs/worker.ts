import type { Lane } from '#db/schema/jobs.ts'
import type { Context } from '#server/context.ts'
import { waitAfter } from '#server/jobs/backoff.ts'
import { jobsTopic } from '#server/jobs/enqueue.ts'
import { Hopeless, type JobRun } from '#server/jobs/job-run.ts'
import { type LeasedJob, leaseJobs, putBack, removeJob, renewJobs } from '#server/jobs/lease-jobs.ts'
import { createLoop, type Loop } from '#server/jobs/loop.ts'
import { runDueSchedules, type Schedule } from '#server/jobs/schedules.ts'

const errorCharactersMax = 2_000
/** Other servers' slowness is nobody else's: what waits for them has places of its own. */
const concurrencyOf: Record<Lane, number> = { quick: 8, slow: 4, fetch: 16 }
const scheduleLookMs = 1_000
/** Leases are renewed this often, several times within their length. */
const renewMs = 5_000

export type JobHandler = (ctx: Context, input: never, job: JobRun) => Promise<void>

export interface JobKinds {
  handlers: ReadonlyMap<string, JobHandler>
  schedules: readonly Schedule[]
  /** Queues with tables of their own (deliveries), started, drained and stopped with this worker. */
  otherLoops(ctx: Context): Loop[]
}

export interface Worker {
  start(): void
  /** Runs all that is due, in this process, until nothing is. Time does not pass: retries stay for later. */
  drain(): Promise<void>
  stop(withinMs: number): Promise<void>
}

/** Runs jobs of all lanes and whatever other loops there are. */
export function createWorker(ctx: Context, kinds: JobKinds): Worker {
  const keeping = createKeeping(ctx)
  const lanes = (['quick', 'slow', 'fetch'] as const).map((lane) =>
    createLoop<LeasedJob>({
      name: `jobs ${lane}`,
      concurrencyMax: concurrencyOf[lane],
      lease: (count) => ctx.transact((tx) => leaseJobs(tx, lane, count)),
      run: (job) => keeping(job, () => runJob(ctx, kinds, job)),
      log: ctx.log
    })
  )
  const loops = [...lanes, ...kinds.otherLoops(ctx)]
  let stopListening: (() => void) | undefined
  let timer: NodeJS.Timeout | undefined
  let scheduling: Promise<void> | undefined

  function lookAtSchedules() {
    scheduling ??= runDueSchedules(ctx, kinds.schedules)
      .catch((error: unknown) => ctx.log.error({ err: error }, 'schedules could not be read'))
      .finally(() => {
        scheduling = undefined
      })
  }

  return {
    start() {
      stopListening = ctx.database.onSignal((topic) => {
        if (topic === jobsTopic || topic === '*') for (const loop of loops) loop.wake()
      })
      for (const loop of loops) loop.start()
      timer = setInterval(lookAtSchedules, scheduleLookMs)
      lookAtSchedules()
    },
    async drain() {
      for (;;) {
        let ran = 0
        for (const loop of loops) ran += await loop.drain()
        if (ran === 0) return
      }
    },
    async stop(withinMs) {
      stopListening?.()
      clearInterval(timer)
      await scheduling
      await Promise.all(loops.map((loop) => loop.stop(withinMs)))
    }
  }
}

/** Renews the leases of jobs for as long as they run, so that a killed process's jobs are soon free and a slow one's are not. */
function createKeeping(ctx: Context): (job: LeasedJob, work: () => Promise<void>) => Promise<void> {
  const inHand = new Set<LeasedJob>()
  let timer: NodeJS.Timeout | undefined
  const renew = () => {
    ctx
      .transact((tx) => renewJobs(tx, [...inHand]))
      .catch((error: unknown) => ctx.log.error({ err: error }, 'leases of jobs could not be renewed'))
  }
  return async (job, work) => {
    inHand.add(job)
    timer ??= setInterval(renew, renewMs)
    try {
      await work()
    } finally {
      inHand.delete(job)
      if (inHand.size === 0) {
        clearInterval(timer)
        timer = undefined
      }
    }
  }
}

async function runJob(ctx: Context, kinds: JobKinds, job: LeasedJob): Promise<void> {
  const log = ctx.log.child({ job: job.id, kind: job.kind, attempt: job.attempts })
  const handler = kinds.handlers.get(job.kind)
  let isFinished = false
  const run: JobRun = {
    id: job.id,
    attempt: job.attempts,
    async finish(tx) {
      if (!(await removeJob(tx, job))) throw new Error(`Job ${job.id} was taken over by another worker.`)
      isFinished = true
    }
  }
  try {
    if (!handler) throw new Hopeless(`No handler for ${job.kind}.`)
    // The last attempt was counted, and its worker died before it could say why.
    if (waitAfter(job.attempts - 1, ctx.random) === undefined && job.attempts > 1)
      throw new Hopeless('Every attempt ended without an answer.')
    await handler(ctx, job.input as never, run)
    if (!isFinished) await ctx.transact((tx) => removeJob(tx, job))
  } catch (error) {
    const waitMs = error instanceof Hopeless ? undefined : waitAfter(job.attempts, ctx.random)
    const text = (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, errorCharactersMax)
    log[waitMs === undefined ? 'error' : 'warn']({ err: error, retryInMs: waitMs }, 'a job failed')
    await ctx.transact((tx) => putBack(tx, job, text, waitMs === undefined ? undefined : ctx.clock.now() + waitMs))
  }
}
