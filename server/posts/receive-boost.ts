import type { Tx } from '#db/reader.ts'
import { record } from '#server/facts.ts'
import { admitAct, dropWaiting } from '#server/interactions/admit-act.ts'
import { isPast, isTakenBack, notePast, partsOf } from '#server/peers/taken-back.ts'
import { findBoost, insertBoost, mayBoost } from '#server/posts/boost-post.ts'
import { findPost, findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import { removeBoost } from '#server/posts/remove-post.ts'
import { wasDeleted } from '#server/posts/tombstones.ts'

export interface ReceivedBoost {
  /** Id of the Announce. */
  uri: string
  boosterId: number
  /** Row of the boosted post. */
  postId: number
  /** ms since 1970; absent when not said. */
  publishedAt?: number
  /** Id of the AnnounceRequest it came with. */
  requestUri?: string
}

/**
 * A remote account boosted a post, in the transaction of the receipt; once a booster and post, whatever the ids. Undefined, and nothing happens,
 * when the post is not there, not for the booster, not to be boosted, was boosted before, or the boost was taken back before it came. Fact `boost-received`.
 */
export async function receiveBoost(
  tx: Tx,
  { uri, boosterId, postId, publishedAt, requestUri }: ReceivedBoost
): Promise<PostRow | undefined> {
  const post = await findPost(tx, boosterId, postId)
  if (!post || !mayBoost(boosterId, post)) return undefined
  if (await isTakenBack(tx, { actorId: boosterId, uri, parts: partsOf('Announce', post.uri) })) return undefined
  if (await wasDeleted(tx, { uri, authorId: boosterId })) return undefined
  const act = { kind: 'announce' as const, accountId: boosterId, uri }
  if (!(await admitAct(tx, post, requestUri === undefined ? act : { ...act, requestUri }))) return undefined
  const createdAt = Math.min(publishedAt ?? tx.now, tx.now)
  const boost = await insertBoost(tx, post, { id: tx.newId(createdAt), uri, boosterId, isLocal: false, createdAt })
  if (boost) await record(tx, 'boost-received', { boostId: boost.id })
  return boost
}

/** A remote account took its boost back, named by the id of the Announce or by the post. False when there is none of theirs. */
export async function receiveUnboost(tx: Tx, named: { boosterId: number; uri?: string; postId?: number }): Promise<boolean> {
  const byUri = named.uri === undefined ? undefined : await findPostByUri(tx, named.uri)
  const boost = byUri ?? (named.postId === undefined ? undefined : await findBoost(tx, named.boosterId, named.postId))
  if (!boost) return dropWaiting(tx, 'announce', named.boosterId, named)
  if (boost.boostOfId === null || boost.authorId !== named.boosterId) return false
  if (boost.uri !== named.uri && (await isPast(tx, named.boosterId, named.uri))) return false
  await notePast(tx, named.boosterId, boost.uri)
  return removeBoost(tx, { id: boost.id, authorId: boost.authorId, postId: boost.boostOfId })
}
