import { findAccountByUri, findLocalAccount } from '#server/accounts/find-account.ts'
import { receiveFollow } from '#server/follows/receive-follow.ts'
import { takeRelayFollow } from '#server/federation/inbox/relay-answer.ts'
import { accept, soleObjectId, type Verb } from '#server/federation/inbox/inbound.ts'

/** Follow: of one of ours. Its id is kept as it was said, for the answer; an activity without one gets a name of its own. */
export const follow: Verb = async (ctx, inbound) => {
  const named = await findAccountByUri(ctx.db, soleObjectId(inbound))
  // Asked for once more by name, since whoever waits to be let in does not exist yet.
  const followed = named?.domain === null ? await findLocalAccount(ctx.db, named.name) : undefined
  if (!followed) return accept(ctx, inbound, async () => {})
  const { actor, activity, signatureHash } = inbound
  if (followed.type === 'Application') return takeRelayFollow(ctx, inbound)
  const uri = activity.id ?? `${actor.uri}#follows/${signatureHash.slice(-16)}`
  return accept(ctx, inbound, (tx) => receiveFollow(tx, { followerId: actor.id, followedId: followed.id, uri }))
}
