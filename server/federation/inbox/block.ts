import { findAccountByUri } from '#server/accounts/find-account.ts'
import { receiveBlock } from '#server/follows/receive-block.ts'
import { findBanningCommunity, isOfCommunity, takeCommunityBlock } from '#server/federation/inbox/community-block.ts'
import { accept, soleObjectId, type Verb } from '#server/federation/inbox/inbound.ts'

/**
 * Block: of one of ours, who then neither follows the actor nor is followed. With a `target`, or by a group, it keeps them out of a community and parts
 * no people.
 */
export const block: Verb = async (ctx, inbound) => {
  const { actor, activity, signatureHash } = inbound
  const target = await findAccountByUri(ctx.db, soleObjectId(inbound))
  if (!target || target.domain !== null) return accept(ctx, inbound, async () => {})
  if (isOfCommunity(activity, actor)) {
    const group = await findBanningCommunity(ctx.db, activity, actor)
    return accept(ctx, inbound, async (tx) => {
      if (group) await takeCommunityBlock(tx, group, activity)
    })
  }
  const uri = activity.id ?? `${actor.uri}#blocks/${signatureHash.slice(-16)}`
  return accept(ctx, inbound, (tx) => receiveBlock(tx, { accountId: actor.id, target, uri }))
}
