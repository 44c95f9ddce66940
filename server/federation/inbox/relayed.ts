import type { Tx } from '#db/reader.ts'
import type { Context } from '#server/context.ts'
import { accept, type Inbound } from '#server/federation/inbox/inbound.ts'
import { readTypes } from '#server/federation/normal-form/read-activity.ts'
import { idOf, type Json } from '#server/federation/normal-form/values.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { type Relay, spendRelayFetch } from '#server/peers/relays.ts'
import { findPostByUri } from '#server/posts/find-post.ts'

/** Posts of one relay that are fetched at once: the rest of the lane is for what people here asked for. */
const atOnceMax = 4

/**
 * What a relay passes on (FEP-ae0c): the id of a post, or an activity about one. The relay vouches for nothing, so that posts come from their own
 * servers, as many as the relay's hour allows; they are shown among all others and are nobody's boosts.
 */
export function takeRelayed(ctx: Context, inbound: Inbound, relay: Relay, told: Json | string | undefined): Promise<void> {
  return accept(ctx, inbound, (tx) => queueRelayed(tx, relay, told))
}

/** The same within a transaction, for an activity that a relay passed on as it was. */
export async function queueRelayed(tx: Tx, relay: Relay, told: Json | string | undefined): Promise<void> {
  const [type] = typeof told === 'object' ? readTypes(told) : ['Create']
  const uri = typeof told === 'object' ? idOf(told.object) : told
  const known = uri === undefined ? undefined : await findPostByUri(tx, uri)
  if (uri === undefined || type === undefined) return
  const kind = known === undefined ? jobForUnknown.get(type) : known.isLocal || known.deletedAt !== null ? undefined : jobForKnown.get(type)
  if (kind === undefined || !(await spendRelayFetch(tx, relay.id))) return
  const orderKey = `relay ${relay.id} ${uri.length % atOnceMax}`
  await enqueue(tx, { ...fetchJob(kind, uri), orderKey })
}

const jobForUnknown = new Map([
  ['Create', 'fetch-relayed'],
  ['Update', 'fetch-relayed'],
  ['Announce', 'fetch-relayed']
])
const jobForKnown = new Map([
  ['Update', 'refetch-relayed'],
  ['Delete', 'confirm-relayed']
])
