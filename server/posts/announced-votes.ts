import { and, eq, sql } from 'drizzle-orm'
import { prepare, type Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { announcedVotes } from '#db/schema/groups.ts'
import { favourites } from '#db/schema/posts.ts'
import { addToCount } from '#server/posts/counters.ts'
import { findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import { isForAnybody } from '#server/posts/visibility.ts'

/** Votes kept of one post: what a community says beyond that changes nothing. */
const votesPerPostMax = 50_000

export interface AnnouncedVote {
  /** Id of the post it is about. */
  postUri: string
  /** The community that tells of it. */
  group: { id: number; uri: string }
  /** Id of the actor that is said to have voted. */
  voterUri: string
  /** Id of the Like. */
  uri: string | undefined
}

const countOf = prepare((tx: Tx) =>
  tx
    .select({ count: sql<number>`count(*)`.mapWith(Number) })
    .from(announcedVotes)
    .where(eq(announcedVotes.postId, sql.placeholder('postId')))
)

const ownVote = prepare((tx: Tx) =>
  tx
    .select({ id: favourites.id })
    .from(favourites)
    .innerJoin(accounts, eq(accounts.id, favourites.accountId))
    .where(and(eq(favourites.postId, sql.placeholder('postId')), eq(accounts.uri, sql.placeholder('voterUri'))))
)

/**
 * A community tells that somebody likes a post, in the transaction of the receipt. It is believed as a number only, and only about a post that is in
 * that very community: one more for each voter, whoever it is; nobody is named, notified or fetched. False when it changes nothing.
 */
export async function receiveAnnouncedVote(tx: Tx, { postUri, group, voterUri, uri }: AnnouncedVote): Promise<boolean> {
  const post = await findPostByUri(tx, postUri)
  if (!post || !isIn(post, group)) return false
  // Whoever voted here, or told us so themselves, is counted as themselves.
  if ((await ownVote(tx, { postId: post.id, voterUri })).length > 0) return false
  if (((await countOf(tx, { postId: post.id }))[0]?.count ?? 0) >= votesPerPostMax) return false
  const written = await tx
    .insert(announcedVotes)
    .values({ postId: post.id, voterUri, groupId: group.id, uri: uri ?? null, createdAt: tx.now })
    .onConflictDoNothing()
    .returning({ postId: announcedVotes.postId })
  if (written.length > 0) await addToCount(tx, 'favouritesCount', post.id, 1)
  return written.length > 0
}

/** A community tells that a vote it told of was taken back, named by post and voter or by the id of the Like. False when there is none. */
export async function removeAnnouncedVote(
  tx: Tx,
  named: { group: { id: number }; voterUri: string; postUri: string | undefined; uri: string | undefined }
): Promise<boolean> {
  const post = named.postUri === undefined ? undefined : await findPostByUri(tx, named.postUri)
  const which =
    post !== undefined ? eq(announcedVotes.postId, post.id) : named.uri !== undefined ? eq(announcedVotes.uri, named.uri) : undefined
  if (!which) return false
  return remove(tx, and(eq(announcedVotes.groupId, named.group.id), eq(announcedVotes.voterUri, named.voterUri), which))
}

/** Somebody of whose vote a community told has now told us themselves: it counts once. Costs nothing for posts outside communities. */
export async function replaceAnnouncedVote(tx: Tx, post: Pick<PostRow, 'id' | 'audienceUri'>, accountId: number): Promise<void> {
  if (post.audienceUri === null) return
  const voter = sql`(select ${accounts.uri} from ${accounts} where ${accounts.id} = ${accountId})`
  await remove(tx, and(eq(announcedVotes.postId, post.id), eq(announcedVotes.voterUri, voter)))
}

async function remove(tx: Tx, which: ReturnType<typeof and>): Promise<boolean> {
  const gone = await tx.delete(announcedVotes).where(which).returning({ postId: announcedVotes.postId })
  for (const { postId } of gone) await addToCount(tx, 'favouritesCount', postId, -1)
  return gone.length > 0
}

/** A deleted post, a boost, and what only its author and some people may see, has no votes that a community could tell of. */
function isIn(post: PostRow, group: { uri: string }): boolean {
  const isOpen = isForAnybody(post)
  return post.deletedAt === null && post.boostOfId === null && isOpen && post.audienceUri === group.uri
}
