import { and, eq, or } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { type QuoteState, quotes } from '#db/schema/quotes.ts'
import { record } from '#server/facts.ts'
import { authorizationOf } from '#server/interactions/authorizations.ts'
import type { InteractionDetails, InteractionRow } from '#server/interactions/find-interaction.ts'
import { hasFavourite } from '#server/peers/relations.ts'
import { moveState, recordState } from '#server/interactions/write-interaction.ts'
import { attachReply, detachReply } from '#server/posts/attach-reply.ts'
import { insertBoost } from '#server/posts/boost-post.ts'
import { insertFavourite } from '#server/posts/favourite-post.ts'
import { findPostById, type PostRow } from '#server/posts/find-post.ts'

/**
 * The author agrees: the act is done now, and whoever acted hears of it; under the id that it was asked for with, unless another act took that meanwhile.
 * `authorizationUri` is the proof of an author elsewhere. False when it was agreed to before.
 */
export async function acceptInteraction(tx: Tx, { row, target, from }: InteractionDetails, authorizationUri?: string): Promise<boolean> {
  const moved = await moveState(tx, row.id, 'accepted', authorizationUri)
  if (!moved) return false
  switch (row.kind) {
    case 'quote':
      await moveQuote(tx, { row, target }, 'accepted', target.isLocal ? authorizationOf(target.uri, row.id) : authorizationUri)
      break
    case 'reply': {
      const reply = await postOf(tx, row)
      if (reply?.replyToUri === target.uri) await attachReply(tx, reply, target)
      break
    }
    case 'like': {
      const isOurs = from.domain === null
      const favouriteId = await insertFavourite(tx, {
        ...(isOurs && !(await hasFavourite(tx, row.id)) ? { id: row.id } : {}),
        accountId: from.id,
        postId: target.id,
        uri: isOurs ? null : row.objectUri
      })
      const ids = { favouriteId: favouriteId ?? row.id, accountId: from.id, postId: target.id }
      if (favouriteId !== undefined) await record(tx, isOurs ? 'post-favourited' : 'favourite-received', ids)
      break
    }
    case 'announce': {
      const isOurs = from.domain === null
      const id = isOurs && !(await findPostById(tx, row.id)) ? row.id : tx.newId(row.createdAt)
      const boost = { id, uri: row.objectUri, boosterId: from.id, isLocal: isOurs, createdAt: isOurs ? tx.now : row.createdAt }
      const written = await insertBoost(tx, target, boost)
      if (written) await record(tx, isOurs ? 'post-boosted' : 'boost-received', { boostId: written.id })
      break
    }
  }
  await recordState(tx, moved)
  return true
}

/** The author does not agree: what waited is not done. False when it was so before. */
export async function rejectInteraction(tx: Tx, { row, target }: InteractionDetails): Promise<boolean> {
  const moved = await moveState(tx, row.id, 'rejected')
  if (!moved) return false
  if (row.kind === 'quote') await moveQuote(tx, { row, target }, 'rejected')
  if (row.kind === 'reply') await withdrawReply(tx, row)
  await recordState(tx, moved)
  return true
}

/** The author takes back what was agreed to: a quote shows nothing of the post any more, a reply leaves the thread. */
export async function revokeInteraction(tx: Tx, { row, target }: InteractionDetails): Promise<boolean> {
  const moved = await moveState(tx, row.id, 'revoked')
  if (!moved) return false
  if (row.kind === 'quote') await moveQuote(tx, { row, target }, 'revoked')
  if (row.kind === 'reply') await withdrawReply(tx, row)
  await recordState(tx, moved)
  return true
}

/** Only what that post quotes in truth: consent to quote one post says nothing about another. */
async function moveQuote(
  tx: Tx,
  { row, target }: Pick<InteractionDetails, 'row' | 'target'>,
  state: QuoteState,
  authorizationUri?: string
): Promise<void> {
  const post = await postOf(tx, row)
  if (!post) return
  const change = authorizationUri === undefined ? { state } : { state, authorizationUri }
  const isOfTarget = or(eq(quotes.quotedId, target.id), eq(quotes.quotedUri, target.uri))
  await tx
    .update(quotes)
    .set(change)
    .where(and(eq(quotes.postId, post.id), isOfTarget))
}

async function withdrawReply(tx: Tx, row: InteractionRow): Promise<void> {
  const reply = await postOf(tx, row)
  if (reply?.replyToId === row.targetId) await detachReply(tx, reply)
}

/** The quoting post or the reply, when it is here and of whoever asked: others of that server are not spoken for. */
async function postOf(tx: Tx, { objectUri, fromId }: InteractionRow): Promise<PostRow | undefined> {
  const [post] = await tx
    .select()
    .from(posts)
    .where(and(eq(posts.uri, objectUri), eq(posts.authorId, fromId)))
  return post
}
