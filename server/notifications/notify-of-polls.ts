import { and, asc, eq, gt, isNull } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { pollVotes } from '#db/schema/polls.ts'
import type { Context } from '#server/context.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { notify, notifyAuthor } from '#server/notifications/notify.ts'
import { postsByIds } from '#server/posts/posts-by-ids.ts'

/** Voters told in one transaction. */
const votersAtOnce = 100

/** Reaction: a poll is over; its author, when it is one of ours, and whoever of ours voted in it are told, each once. */
export async function notifyPollEnded(ctx: Context, { postId }: { postId: number }, job: JobRun): Promise<void> {
  const [post] = await postsByIds(ctx.db, [postId])
  if (!post || post.deletedAt !== null) return
  for (let after = 0; ; ) {
    const voters = await localVoters(ctx, postId, after)
    const isLast = voters.length < votersAtOnce
    await ctx.transact(async (tx) => {
      await notify(tx, voters, { kind: 'poll', fromId: post.authorId, postId })
      if (!isLast) return
      if (post.isLocal) await notifyAuthor(tx, post.authorId, { kind: 'poll', postId })
      await job.finish(tx)
    })
    if (isLast) return
    after = voters.at(-1) ?? 0
  }
}

async function localVoters({ db }: Pick<Context, 'db'>, postId: number, after: number): Promise<number[]> {
  const rows = await db
    .selectDistinct({ id: pollVotes.accountId })
    .from(pollVotes)
    .innerJoin(accounts, eq(accounts.id, pollVotes.accountId))
    .where(and(eq(pollVotes.postId, postId), gt(pollVotes.accountId, after), isNull(accounts.domain)))
    .orderBy(asc(pollVotes.accountId))
    .limit(votersAtOnce)
  return rows.map((row) => row.id)
}
