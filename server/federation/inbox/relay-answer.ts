import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import type { Context } from '#server/context.ts'
import { accept, type Inbound, soleObject } from '#server/federation/inbox/inbound.ts'
import { idOf } from '#server/federation/normal-form/values.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { findPendingRelaysAt, findRelayByActor, findRelayByFollow, type Relay, receiveRelayAnswer } from '#server/peers/relays.ts'
import { trustPeer } from '#server/peers/trust-peer.ts'

/**
 * The relay whose answer to our Follow this is: named by the id we gave it; else, since some repeat the Follow without it, the one that waits for an
 * answer of that server. Only the relay itself may answer: its actor, or before that is known one on the host of its inbox.
 */
export async function findAnsweringRelay(ctx: Context, inbound: Inbound): Promise<Relay | undefined> {
  const { id, embedded } = soleObject(inbound)
  const byId = id === undefined ? undefined : await findRelayByFollow(ctx.db, id)
  if (byId) return mayAnswer(byId, inbound) ? byId : undefined
  if (embedded?.type !== 'Follow' || idOf(embedded.actor) !== (await findInstanceActor(ctx.db))?.uri) return undefined
  const waiting = (await findPendingRelaysAt(ctx.db, inbound.host)).filter((relay) => mayAnswer(relay, inbound))
  return waiting.length === 1 ? waiting[0] : undefined
}

export function takeRelayAnswer(ctx: Context, inbound: Inbound, relay: Relay, state: 'accepted' | 'rejected'): Promise<void> {
  return accept(ctx, inbound, async (tx) => {
    await receiveRelayAnswer(tx, relay.id, state, inbound.actor.uri)
    if (state === 'accepted') await trustPeer(tx, inbound.host)
  })
}

/** Somebody follows the instance itself: a relay of ours, which is what LitePub relays do; nobody else may. */
export async function takeRelayFollow(ctx: Context, inbound: Inbound): Promise<void> {
  const { actor, activity, signatureHash } = inbound
  const relay = await findRelayByActor(ctx.db, actor.uri)
  const followUri = activity.id ?? `${actor.uri}#follows/${signatureHash.slice(-16)}`
  return accept(ctx, inbound, async (tx) => {
    if (relay && relay.state !== 'rejected') await enqueue(tx, { kind: 'accept-relay', input: { relayId: relay.id, followUri } })
  })
}

function mayAnswer({ actorUri, host }: Relay, inbound: Inbound): boolean {
  return actorUri === null ? inbound.host === host : inbound.actor.uri === actorUri
}
