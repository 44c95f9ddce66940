import { receiveActorDelete } from '#server/accounts/receive-actor-delete.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import type { InboxAnswer } from '#server/federation/gate.ts'
import { idOf, type Json } from '#server/federation/normal-form/values.ts'

/**
 * An actor that deletes itself takes its keys along, so that nobody can check its last word any more. Its server has just said that it is gone: that is what is
 * believed, and the account goes. Whatever else comes in the name of somebody who is gone is refused.
 */
export async function takeWordOfGone(ctx: Context, document: Json, account: Account): Promise<InboxAnswer> {
  if (document.type !== 'Delete' || idOf(document.object) !== account.uri)
    return { status: 401, why: 'The actor is gone, and its key with it.' }
  await ctx.transact((tx) => receiveActorDelete(tx, account.id))
  return { status: 202 }
}
