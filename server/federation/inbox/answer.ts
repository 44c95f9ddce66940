import { findAccountByUri } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import { type FollowRow, findFollow, findFollowByUri } from '#server/follows/find-follow.ts'
import { receiveFollowAccept, receiveFollowReject } from '#server/follows/receive-follow-answer.ts'
import { accept, type Inbound, isOnHostOf, soleObject, type Verb } from '#server/federation/inbox/inbound.ts'
import { readTypes } from '#server/federation/normal-form/read-activity.ts'
import { findAnsweringRelay, takeRelayAnswer } from '#server/federation/inbox/relay-answer.ts'
import { authorizationIn, findAnsweredInteraction } from '#server/federation/inbox/interaction-answers.ts'
import { receiveAnswer } from '#server/interactions/receive-answer.ts'
import { idOf } from '#server/federation/normal-form/values.ts'

/** Accept: of a follow that one of ours asked of the actor, or of what the instance asked of a relay. */
export const acceptVerb: Verb = async (ctx, inbound) => {
  const relay = await findAnsweringRelay(ctx, inbound)
  if (relay) return takeRelayAnswer(ctx, inbound, relay, 'accepted')
  const follow = await findAnswered(ctx, inbound)
  const interaction = follow ? undefined : await findAnsweredInteraction(ctx, inbound)
  return accept(ctx, inbound, async (tx) => {
    if (follow) await receiveFollowAccept(tx, follow.id)
    else if (interaction) await receiveAnswer(tx, interaction, true, authorizationIn(inbound))
  })
}

/** Reject: the same, and also of a follow that was accepted before. */
export const reject: Verb = async (ctx, inbound) => {
  const relay = await findAnsweringRelay(ctx, inbound)
  if (relay) return takeRelayAnswer(ctx, inbound, relay, 'rejected')
  const follow = await findAnswered(ctx, inbound)
  const interaction = follow ? undefined : await findAnsweredInteraction(ctx, inbound)
  return accept(ctx, inbound, async (tx) => {
    if (follow) await receiveFollowReject(tx, follow.id)
    else if (interaction) await receiveAnswer(tx, interaction, false, undefined)
  })
}

/**
 * The follow that is meant: ours by its id, else by who follows whom, since servers repeat the Follow in many shapes, or name it by an id of their own; then
 * whoever's inbox it came to is meant. Only one whose followed account is the actor; what the embedded Follow says of itself decides nothing else.
 */
async function findAnswered(ctx: Context, inbound: Inbound): Promise<FollowRow | undefined> {
  const { id, embedded } = soleObject(inbound)
  const byId = id === undefined ? undefined : await findFollowByUri(ctx.db, id)
  if (byId?.followedId === inbound.actor.id) return byId
  if (embedded?.type === undefined && id !== undefined && inbound.owner && isOnHostOf(inbound, id)) {
    const asked = await findFollow(ctx.db, inbound.owner.id, inbound.actor.id)
    return asked?.state === 'pending' ? asked : undefined
  }
  const isFollow = embedded !== undefined && readTypes(embedded)[0] === 'Follow'
  const followerUri = isFollow && [inbound.actor.uri, undefined].includes(idOf(embedded.object)) ? idOf(embedded.actor) : undefined
  const follower = followerUri === undefined ? undefined : await findAccountByUri(ctx.db, followerUri)
  return follower?.domain === null ? findFollow(ctx.db, follower.id, inbound.actor.id) : undefined
}
