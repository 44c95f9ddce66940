import type { Tx } from '#db/reader.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import { receiveUnblock } from '#server/follows/receive-block.ts'
import { receiveUnfollow } from '#server/follows/receive-unfollow.ts'
import { accept, type Inbound, InboxFault, soleObject, type Verb } from '#server/federation/inbox/inbound.ts'
import { readActivity, readReaction, readTypes } from '#server/federation/normal-form/read-activity.ts'
import { undoCommunityBlock, undoCommunityBlockById } from '#server/federation/inbox/community-block.ts'
import { idOf, type Json } from '#server/federation/normal-form/values.ts'
import { dropHeldAct } from '#server/peers/held-activities.ts'
import { awaitAct, notePast, partsOf } from '#server/peers/taken-back.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { isHeart } from '#server/posts/reaction-emoji.ts'
import { receiveUnboost } from '#server/posts/receive-boost.ts'
import { receiveUnfavourite } from '#server/posts/receive-favourite.ts'
import { isReaction as isShownReaction, receiveUnreaction } from '#server/posts/receive-reaction.ts'

/**
 * Undo of a Follow, Like, EmojiReact, Announce or Block of the actor's own. What is embedded names the thing by its parts, since ids are absent or used
 * twice in the wild; by id alone it is whichever of the actor's acts had that id. What is not here may be on its way: it will do nothing when it comes.
 */
export const undo: Verb = async (ctx, inbound) => {
  const { id, embedded } = soleObject(inbound)
  const said = embedded?.actor === undefined ? undefined : idOf(embedded.actor)
  if (said !== undefined && said !== inbound.actor.uri) throw new InboxFault(403, 'An actor can undo only what it did itself.')
  const { actor, host } = inbound
  return accept(ctx, inbound, async (tx) => {
    const [type] = embedded === undefined ? [] : readTypes(embedded)
    await dropHeldAct(tx, { host, actorId: actor.id, uri: id, type, objectUri: embedded && idOf(embedded.object) })
    if (embedded?.type !== undefined) await undoByParts(tx, inbound, embedded, id)
    else if (id !== undefined) await settle(tx, inbound.actor.id, id, await undoById(tx, inbound, id))
  })
}

async function undoByParts(tx: Tx, { actor }: Inbound, embedded: Json, uri: string | undefined): Promise<void> {
  const objectUri = idOf(embedded.object)
  const [type] = readTypes(embedded)
  if (type === 'Block' && (await undoCommunityBlock(tx, actor, readActivity({ ...embedded, actor: actor.uri })))) return
  if (type === 'Follow' || type === 'Block') {
    const target = objectUri === undefined ? undefined : await findAccountByUri(tx, objectUri)
    const isDone =
      type === 'Follow'
        ? await receiveUnfollow(tx, { followerId: actor.id, followedId: target?.id, uri })
        : await receiveUnblock(tx, { accountId: actor.id, targetId: target?.id, uri })
    await settle(tx, actor.id, uri ?? (objectUri && partsOf(type, objectUri)), isDone)
  } else if (type === 'Like' || type === 'EmojiReact' || type === 'Announce') {
    const post = objectUri === undefined ? undefined : await findPostByUri(tx, objectUri)
    const isDone =
      type === 'Announce'
        ? await receiveUnboost(tx, { boosterId: actor.id, uri, postId: post?.id })
        : await undoLike(tx, { accountId: actor.id, uri, postId: post?.id }, embedded)
    await settle(tx, actor.id, uri ?? (objectUri && partsOfReaction(type, objectUri, embedded)), isDone)
  }
}

/** A Like may have been a favourite or a reaction: its id knows, else the emoji in it. */
async function undoLike(tx: Tx, named: { accountId: number; uri?: string; postId?: number }, embedded: Json): Promise<boolean> {
  const { text } = readReaction(embedded)
  const isReaction = isOfReaction(embedded, text)
  if (await receiveUnreaction(tx, isReaction ? { ...named, text } : { accountId: named.accountId, uri: named.uri })) return true
  if (readTypes(embedded)[0] !== 'Like') return false
  // A favourite of the same post is another act, unless what was said is no emoji and so became one.
  return receiveUnfavourite(tx, isReaction && isEmoji(embedded) ? { accountId: named.accountId, uri: named.uri } : named)
}

function isEmoji(embedded: Json): boolean {
  const { text, emojis } = readReaction(embedded)
  return text.startsWith(':') || isShownReaction(text, emojis)
}

function isOfReaction(embedded: Json, text: string): boolean {
  return readTypes(embedded)[0] === 'EmojiReact' || (text !== '' && !isHeart(text))
}

function partsOfReaction(type: 'Like' | 'EmojiReact' | 'Announce', objectUri: string, embedded: Json): string {
  const { text } = readReaction(embedded)
  if (type === 'Announce') return partsOf('Announce', objectUri)
  return isOfReaction(embedded, text) ? partsOf('React', objectUri, text) : partsOf('Like', objectUri)
}

async function undoById(tx: Tx, { actor }: Inbound, uri: string): Promise<boolean> {
  return (
    (await receiveUnfollow(tx, { followerId: actor.id, uri })) ||
    (await receiveUnfavourite(tx, { accountId: actor.id, uri })) ||
    (await receiveUnreaction(tx, { accountId: actor.id, uri })) ||
    (await receiveUnboost(tx, { boosterId: actor.id, uri })) ||
    (await undoCommunityBlockById(tx, actor, uri)) ||
    (await receiveUnblock(tx, { accountId: actor.id, uri }))
  )
}

async function settle(tx: Tx, actorId: number, key: string | undefined, isDone: boolean): Promise<void> {
  if (isDone) await notePast(tx, actorId, key)
  else await awaitAct(tx, actorId, key)
}
