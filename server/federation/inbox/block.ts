import { findAccountByUri } from '#server/accounts/find-account.ts'
import { receiveBlock } from '#server/follows/receive-block.ts'
import { accept, soleObjectId, type Verb } from '#server/federation/inbox/inbound.ts'

/** Block: of one of ours, who then neither follows the actor nor is followed. */
export const block: Verb = async (ctx, inbound) => {
  const target = await findAccountByUri(ctx.db, soleObjectId(inbound))
  if (!target || target.domain !== null) return accept(ctx, inbound, async () => {})
  const { actor, activity, signatureHash } = inbound
  const uri = activity.id ?? `${actor.uri}#blocks/${signatureHash.slice(0, 16)}`
  return accept(ctx, inbound, (tx) => receiveBlock(tx, { accountId: actor.id, targetId: target.id, uri }))
}
