import type { Context } from '#server/context.ts'
import { record } from '#server/facts.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { findPoll } from '#server/polls/find-poll.ts'

/**
 * A job: the counts of a poll of ours go out. Fact `poll-counted`, in the transaction that ends the job: a vote from now on writes a job of its own, and
 * what reads the counts reads them later. A poll that is over tells them by its end.
 */
export async function tellPoll(ctx: Context, { postId }: { postId: number }, job: JobRun): Promise<void> {
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    const poll = await findPoll(tx, postId)
    if (poll && poll.closedAt === null) await record(tx, 'poll-counted', { postId })
  })
}
