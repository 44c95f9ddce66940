import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { type QuoteState, quotes } from '#db/schema/quotes.ts'
import { record } from '#server/facts.ts'
import { authorizationOf } from '#server/interactions/authorizations.ts'
import type { InteractionDetails } from '#server/interactions/find-interaction.ts'
import { moveState, recordState } from '#server/interactions/write-interaction.ts'
import { attachReply, detachReply } from '#server/posts/attach-reply.ts'
import { insertBoost } from '#server/posts/boost-post.ts'
import { insertFavourite } from '#server/posts/favourite-post.ts'
import type { PostRow } from '#server/posts/find-post.ts'

/**
 * The author agrees: the act is done now, and whoever acted hears of it. `authorizationUri` is the proof of an author elsewhere. False when it was
 * agreed to before.
 */
export async function acceptInteraction(tx: Tx, { row, target, from }: InteractionDetails, authorizationUri?: string): Promise<boolean> {
  const moved = await moveState(tx, row.id, 'accepted', authorizationUri)
  if (!moved) return false
  switch (row.kind) {
    case 'quote':
      await moveQuote(tx, row.objectUri, 'accepted', target.isLocal ? authorizationOf(target.uri, row.id) : authorizationUri)
      break
    case 'reply': {
      const reply = await postOf(tx, row.objectUri)
      if (reply) await attachReply(tx, reply, target)
      break
    }
    case 'like': {
      const isOurs = from.domain === null
      const favouriteId = await insertFavourite(tx, {
        ...(isOurs ? { id: row.id } : {}),
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
      const id = isOurs ? row.id : tx.newId(row.createdAt)
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
export async function rejectInteraction(tx: Tx, { row }: InteractionDetails): Promise<boolean> {
  const moved = await moveState(tx, row.id, 'rejected')
  if (!moved) return false
  if (row.kind === 'quote') await moveQuote(tx, row.objectUri, 'rejected')
  if (row.kind === 'reply') await withdrawReply(tx, row.objectUri)
  await recordState(tx, moved)
  return true
}

/** The author takes back what was agreed to: a quote shows nothing of the post any more, a reply leaves the thread. */
export async function revokeInteraction(tx: Tx, { row }: InteractionDetails): Promise<boolean> {
  const moved = await moveState(tx, row.id, 'revoked')
  if (!moved) return false
  if (row.kind === 'quote') await moveQuote(tx, row.objectUri, 'revoked')
  if (row.kind === 'reply') await withdrawReply(tx, row.objectUri)
  await recordState(tx, moved)
  return true
}

async function moveQuote(tx: Tx, postUri: string, state: QuoteState, authorizationUri?: string): Promise<void> {
  const post = await postOf(tx, postUri)
  if (!post) return
  const change = authorizationUri === undefined ? { state } : { state, authorizationUri }
  await tx.update(quotes).set(change).where(eq(quotes.postId, post.id))
}

async function withdrawReply(tx: Tx, uri: string): Promise<void> {
  const reply = await postOf(tx, uri)
  if (reply) await detachReply(tx, reply)
}

async function postOf(tx: Tx, uri: string): Promise<PostRow | undefined> {
  const [post] = await tx.select().from(posts).where(eq(posts.uri, uri))
  return post
}
