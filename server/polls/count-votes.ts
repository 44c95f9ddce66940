import { and, eq, sql } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { pollOptions, polls, pollVotes } from '#db/schema/polls.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { Poll } from '#server/polls/find-poll.ts'

/** Counts of one poll go out at most once in this time. */
const tellEveryMs = 3 * 60_000

/** A vote for the option at a position; `uri` as its server named it, null when it did not, and for ours. */
export interface NewVote {
  position: number
  uri: string | null
}

/**
 * Writes somebody's votes in a poll that the transaction has locked, and counts them: each once a person and option, and of a poll with one
 * choice the first alone. The ids of those that counted.
 */
export async function countVotes(tx: Tx, poll: Poll, accountId: number, votes: readonly NewVote[]): Promise<number[]> {
  const isAgain = await hasVoted(tx, poll.postId, accountId)
  if (isAgain && !poll.isMultiple) return []
  const ids: number[] = []
  for (const { position, uri } of poll.isMultiple ? votes : votes.slice(0, 1)) {
    const vote = { id: tx.newId(), postId: poll.postId, accountId, position, uri, createdAt: tx.now }
    const [written] = await tx
      .insert(pollVotes)
      .values(vote)
      .onConflictDoNothing({ target: [pollVotes.accountId, pollVotes.postId, pollVotes.position] })
      .returning({ id: pollVotes.id })
    if (!written) continue
    ids.push(written.id)
    await tx
      .update(pollOptions)
      .set({ votesCount: sql`${pollOptions.votesCount} + 1` })
      .where(and(eq(pollOptions.postId, poll.postId), eq(pollOptions.position, position)))
  }
  if (ids.length > 0 && !isAgain)
    await tx
      .update(polls)
      .set({ votersCount: sql`${polls.votersCount} + 1` })
      .where(eq(polls.postId, poll.postId))
  return ids
}

/** Whether somebody has voted in a poll, for whatever option. */
export async function hasVoted(db: Reader, postId: number, accountId: number): Promise<boolean> {
  const [vote] = await db
    .select({ id: pollVotes.id })
    .from(pollVotes)
    .where(and(eq(pollVotes.accountId, accountId), eq(pollVotes.postId, postId)))
    .limit(1)
  return vote !== undefined
}

/** The counts of a poll of ours changed: its copies elsewhere hear of it soon, together with what changes until then. */
export async function enqueueTelling(tx: Tx, postId: number): Promise<void> {
  const runAt = tx.now + tellEveryMs
  await enqueue(tx, { kind: 'tell-poll', input: { postId }, lane: 'slow', onceKey: `tell-poll ${postId}`, runAt })
}
