import { countParts, mergeParts } from '#db/search-index.ts'
import type { Context } from '#server/context.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { JobRun } from '#server/jobs/job-run.ts'

export const mergeJob = 'merge-search-index'
/** A part costs each word of each search some microseconds; to make one of a few is not worth writing the whole index anew. */
const partsMax = 8

/** What is written into the index makes ever more parts of it: once a day they become one, as jobs that hold nobody up. */
export async function beginMerge(ctx: Context): Promise<void> {
  if ((await countParts(ctx.db)) <= partsMax) return
  await ctx.transact((tx) => enqueue(tx, { kind: mergeJob, input: { isBeginning: true }, lane: 'slow', onceKey: mergeJob }))
}

/** One step: the next is written with it, so that a restart goes on where it was. */
export async function stepMerge(ctx: Context, { isBeginning }: { isBeginning?: unknown }, job: JobRun): Promise<void> {
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    if (await mergeParts(tx, { isBeginning: isBeginning === true }))
      await enqueue(tx, { kind: mergeJob, input: {}, lane: 'slow', onceKey: mergeJob })
  })
}
