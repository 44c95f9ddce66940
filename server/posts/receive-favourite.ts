import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { favourites } from '#db/schema/posts.ts'
import { record } from '#server/facts.ts'
import { admitAct, dropWaiting } from '#server/interactions/admit-act.ts'
import { isPast, isTakenBack, notePast, partsOf } from '#server/peers/taken-back.ts'
import { replaceAnnouncedVote } from '#server/posts/announced-votes.ts'
import { insertFavourite } from '#server/posts/favourite-post.ts'
import { findPost } from '#server/posts/find-post.ts'
import { removeFavourite } from '#server/posts/remove-post.ts'

/**
 * A remote account likes a post, in the transaction of the receipt; once an account and post, whatever the ids. False, and nothing happens, when
 * the post is not there, not for them, was liked before, its author lets nobody like them, or not yet, or the like was taken back before it came. Fact
 * `favourite-received`.
 */
export async function receiveFavourite(
  tx: Tx,
  { uri, accountId, postId, requestUri }: { uri?: string; accountId: number; postId: number; requestUri?: string }
): Promise<boolean> {
  const post = await findPost(tx, accountId, postId)
  if (!post || post.boostOfId !== null) return false
  if (await isTakenBack(tx, { actorId: accountId, uri, parts: partsOf('Like', post.uri) })) return false
  if (!(await admitAct(tx, post, { kind: 'like', accountId, uri, ...(requestUri === undefined ? {} : { requestUri }) }))) return false
  const favouriteId = await insertFavourite(tx, { accountId, postId, uri: uri ?? null })
  if (favouriteId === undefined) return false
  await replaceAnnouncedVote(tx, post, accountId)
  await record(tx, 'favourite-received', { favouriteId, accountId, postId })
  return true
}

/**
 * A remote account took its like back, named by the post or by the id of the Like. False when there is none of theirs, or only another than the one
 * that is meant, which is over.
 */
export async function receiveUnfavourite(tx: Tx, named: { accountId: number; uri?: string; postId?: number }): Promise<boolean> {
  const like = await findLike(tx, named)
  if (!like) return dropWaiting(tx, 'like', named.accountId, named)
  if (like.uri !== named.uri && (await isPast(tx, named.accountId, named.uri))) return false
  await notePast(tx, named.accountId, like.uri)
  return (await removeFavourite(tx, named.accountId, like.postId)) !== undefined
}

async function findLike(tx: Tx, { accountId, postId, uri }: { accountId: number; postId?: number; uri?: string }) {
  const which = postId !== undefined ? eq(favourites.postId, postId) : uri !== undefined ? eq(favourites.uri, uri) : undefined
  if (!which) return undefined
  const [row] = await tx
    .select({ postId: favourites.postId, uri: favourites.uri })
    .from(favourites)
    .where(and(eq(favourites.accountId, accountId), which))
    .limit(1)
  return row
}
