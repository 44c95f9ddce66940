import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { favourites } from '#db/schema/posts.ts'
import { record } from '#server/facts.ts'
import { admitAct, dropWaiting } from '#server/interactions/admit-act.ts'
import { replaceAnnouncedVote } from '#server/posts/announced-votes.ts'
import { insertFavourite } from '#server/posts/favourite-post.ts'
import { findPost } from '#server/posts/find-post.ts'
import { removeFavourite } from '#server/posts/remove-post.ts'

/**
 * A remote account likes a post, in the transaction of the receipt; once an account and post, whatever the ids. False, and nothing happens, when
 * the post is not there, not for them, was liked before, or its author lets nobody like them, or not yet. Fact `favourite-received`.
 */
export async function receiveFavourite(
  tx: Tx,
  { uri, accountId, postId, requestUri }: { uri?: string; accountId: number; postId: number; requestUri?: string }
): Promise<boolean> {
  const post = await findPost(tx, accountId, postId)
  if (!post || post.boostOfId !== null) return false
  if (!(await admitAct(tx, post, { kind: 'like', accountId, uri, ...(requestUri === undefined ? {} : { requestUri }) }))) return false
  const favouriteId = await insertFavourite(tx, { accountId, postId, uri: uri ?? null })
  if (favouriteId === undefined) return false
  await replaceAnnouncedVote(tx, post, accountId)
  await record(tx, 'favourite-received', { favouriteId, accountId, postId })
  return true
}

/** A remote account took its like back, named by the id of the Like or by the post. False when there is none of theirs. */
export async function receiveUnfavourite(tx: Tx, named: { accountId: number; uri?: string; postId?: number }): Promise<boolean> {
  const postId = named.postId ?? (await postOfLike(tx, named.accountId, named.uri))
  const isTaken = postId !== undefined && (await removeFavourite(tx, named.accountId, postId)) !== undefined
  return isTaken || dropWaiting(tx, 'like', named.accountId, named)
}

async function postOfLike(tx: Tx, accountId: number, uri: string | undefined): Promise<number | undefined> {
  if (uri === undefined) return undefined
  const [row] = await tx
    .select({ postId: favourites.postId })
    .from(favourites)
    .where(and(eq(favourites.accountId, accountId), eq(favourites.uri, uri)))
  return row?.postId
}
