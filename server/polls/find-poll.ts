import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { pollOptions, polls, pollVotes } from '#db/schema/polls.ts'
import { prepareByIds } from '#server/posts/posts-by-ids.ts'

export type PollRow = typeof polls.$inferSelect
export type PollOptionRow = typeof pollOptions.$inferSelect

/** A poll with its options, in order. */
export interface Poll extends PollRow {
  options: PollOptionRow[]
}

/** A poll as somebody sees it. */
export interface PollDetails extends Poll {
  /** Positions the viewer voted for; empty for whoever did not vote, or is nobody. */
  votes: number[]
}

const rowsOf = prepareByIds<PollRow>((db, ids) => db.select().from(polls).where(inArray(polls.postId, ids)))
const optionsOf = prepareByIds<PollOptionRow>((db, ids) =>
  db.select().from(pollOptions).where(inArray(pollOptions.postId, ids)).orderBy(asc(pollOptions.position))
)
const votesOf = prepareByIds<{ postId: number; position: number }, { me: number }>((db, ids) =>
  db
    .select({ postId: pollVotes.postId, position: pollVotes.position })
    .from(pollVotes)
    .where(and(eq(pollVotes.accountId, sql.placeholder('me')), inArray(pollVotes.postId, ids)))
)

/** Polls by their post, each with the viewer's votes: three queries, however many there are, and none for none. */
export async function pollsOf(db: Reader, viewerId: number | undefined, postIds: readonly number[]): Promise<Map<number, PollDetails>> {
  if (postIds.length === 0) return new Map()
  const [rows, options, votes] = await Promise.all([
    rowsOf(db, postIds),
    optionsOf(db, postIds),
    viewerId === undefined ? [] : votesOf(db, postIds, { me: viewerId })
  ])
  const optionsByPost = Map.groupBy(options, (option) => option.postId)
  const votesByPost = Map.groupBy(votes, (vote) => vote.postId)
  return new Map(
    rows.map((row) => [
      row.postId,
      { ...row, options: optionsByPost.get(row.postId) ?? [], votes: (votesByPost.get(row.postId) ?? []).map(({ position }) => position) }
    ])
  )
}

/** The poll of a post, whoever may see it. */
export async function findPoll(db: Reader, postId: number): Promise<Poll | undefined> {
  return (await pollsOf(db, undefined, [postId])).get(postId)
}

const voteById = prepare((db) =>
  db
    .select({ accountId: pollVotes.accountId, postId: pollVotes.postId, name: pollOptions.name, createdAt: pollVotes.createdAt })
    .from(pollVotes)
    .innerJoin(pollOptions, and(eq(pollOptions.postId, pollVotes.postId), eq(pollOptions.position, pollVotes.position)))
    .where(eq(pollVotes.id, sql.placeholder('id')))
)

/** A vote with what it says; undefined once it is gone. */
export async function findVote(db: Reader, id: number): Promise<Awaited<ReturnType<typeof voteById>>[number] | undefined> {
  const [vote] = await voteById(db, { id })
  return vote
}

/** Whether a poll takes no more votes. */
export function isPollOver({ endsAt, closedAt }: Pick<PollRow, 'endsAt' | 'closedAt'>, now: number): boolean {
  return closedAt !== null || (endsAt !== null && endsAt <= now)
}
