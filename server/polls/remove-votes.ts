import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { pollOptions, polls, pollVotes } from '#db/schema/polls.ts'
import { posts } from '#db/schema/posts.ts'
import { enqueueTelling } from '#server/polls/count-votes.ts'

/** Takes away up to `max` votes of an account that is gone. Polls of ours that are open count them no more; what was counted at an end stays. How many went. */
export async function removeVotesOf(tx: Tx, accountId: number, max: number): Promise<number> {
  const votes = await tx
    .select({ id: pollVotes.id, postId: pollVotes.postId, position: pollVotes.position, isLocal: posts.isLocal, closedAt: polls.closedAt })
    .from(pollVotes)
    .innerJoin(polls, eq(polls.postId, pollVotes.postId))
    .innerJoin(posts, eq(posts.id, pollVotes.postId))
    .where(eq(pollVotes.accountId, accountId))
    .limit(max)
  for (const { id, postId, position, isLocal, closedAt } of votes) {
    const gone = await tx.delete(pollVotes).where(eq(pollVotes.id, id)).returning({ id: pollVotes.id })
    if (gone.length === 0 || !isLocal || closedAt !== null) continue
    await tx
      .update(pollOptions)
      .set({ votesCount: sql`${pollOptions.votesCount} - 1` })
      .where(and(eq(pollOptions.postId, postId), eq(pollOptions.position, position), ne(pollOptions.votesCount, 0)))
    const [other] = await tx
      .select({ id: pollVotes.id })
      .from(pollVotes)
      .where(and(eq(pollVotes.accountId, accountId), eq(pollVotes.postId, postId)))
      .limit(1)
    if (!other)
      await tx
        .update(polls)
        .set({ votersCount: sql`${polls.votersCount} - 1` })
        .where(and(eq(polls.postId, postId), isNull(polls.closedAt), ne(polls.votersCount, 0)))
    await enqueueTelling(tx, postId)
  }
  return votes.length
}
