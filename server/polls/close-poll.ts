import { and, eq, isNull, lte } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { polls } from '#db/schema/polls.ts'
import type { Context } from '#server/context.ts'
import { record } from '#server/facts.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { findPoll, type Poll } from '#server/polls/find-poll.ts'
import { graceMs } from '#server/polls/vote-in-poll.ts'
import { enqueueClose } from '#server/polls/write-poll.ts'
import { postsByIds } from '#server/posts/posts-by-ids.ts'

/**
 * A job: a poll is over, ours or one elsewhere in which somebody here voted. Fact `poll-ended`, once. A remote one whose server has told nothing since
 * is read there once more, for the last counts. A poll whose end was moved is looked after then.
 */
export async function closePoll(ctx: Context, { postId, endsAt }: { postId: number; endsAt: number }, job: JobRun): Promise<void> {
  await ctx.transact(async (tx) => {
    const [post] = await postsByIds(tx, [postId])
    const poll = await findPoll(tx, postId)
    if (post && post.deletedAt === null && poll) await close(tx, { uri: post.uri, isLocal: post.isLocal, poll, endsAt })
    await job.finish(tx)
  })
}

interface Closing {
  uri: string
  isLocal: boolean
  poll: Poll
  /** When it was to end as the job was written. */
  endsAt: number
}

async function close(tx: Tx, { uri, isLocal, poll, endsAt }: Closing): Promise<void> {
  const { postId } = poll
  if (poll.endsAt !== endsAt) {
    if (poll.endsAt !== null && poll.closedAt === null)
      await enqueueClose(tx, postId, poll.endsAt, Math.max(tx.now, poll.endsAt + (isLocal ? 0 : graceMs)))
    return
  }
  const isStale = !isLocal && poll.countedAt < endsAt
  if (isStale) await enqueue(tx, fetchJob('refetch-post', uri))
  const [closed] = await tx
    .update(polls)
    .set({ closedAt: endsAt })
    .where(and(eq(polls.postId, postId), isNull(polls.closedAt), lte(polls.endsAt, tx.now)))
    .returning({ postId: polls.postId })
  if (closed) await record(tx, 'poll-ended', { postId })
}
