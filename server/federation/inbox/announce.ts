import { isActivity, takeAnnounced } from '#server/federation/inbox/announced.ts'
import { takeBoost } from '#server/federation/inbox/boost.ts'
import { accept, soleObject, type Verb } from '#server/federation/inbox/inbound.ts'
import { takeRelayed } from '#server/federation/inbox/relayed.ts'
import { findAcceptedRelay } from '#server/peers/relays.ts'

/**
 * Announce: a boost. Of the boosted post only the id is taken, whatever is embedded; a post we do not have is fetched from its origin first, as a
 * job. Groups announce whole activities (FEP-1b12), and what a relay announces is no boost.
 */
export const announce: Verb = async (ctx, inbound) => {
  const { id, embedded } = soleObject(inbound)
  const inner = embedded !== undefined && isActivity(embedded) ? embedded : undefined
  const relay = await findAcceptedRelay(ctx.db, inbound.actor.uri)
  if (relay) return takeRelayed(ctx, inbound, relay, inner ?? id)
  if (inner) return takeAnnounced(ctx, inbound, inner)
  return id === undefined ? accept(ctx, inbound, async () => {}) : takeBoost(ctx, inbound, id)
}
