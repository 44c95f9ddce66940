import { findAccountByUri } from '#server/accounts/find-account.ts'
import { receiveFollow } from '#server/follows/receive-follow.ts'
import { accept, soleObjectId, type Verb } from '#server/federation/inbox/inbound.ts'

/** Follow: of one of ours. Its id is kept as it was said, for the answer; an activity without one gets a name of its own. */
export const follow: Verb = async (ctx, inbound) => {
  const followed = await findAccountByUri(ctx.db, soleObjectId(inbound))
  if (!followed || followed.domain !== null) return accept(ctx, inbound, async () => {})
  const { actor, activity, signatureHash } = inbound
  const uri = activity.id ?? `${actor.uri}#follows/${signatureHash.slice(0, 16)}`
  return accept(ctx, inbound, (tx) => receiveFollow(tx, { followerId: actor.id, followedId: followed.id, uri }))
}
