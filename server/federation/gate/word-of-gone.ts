import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { askAboutActor } from '#server/federation/confirm-gone.ts'
import type { InboxAnswer } from '#server/federation/gate.ts'
import { idOf, type Json } from '#server/federation/normal-form/values.ts'
import { enqueue } from '#server/jobs/enqueue.ts'

/**
 * An actor that deletes itself takes its keys along, so that nobody can check its last word any more; anybody could have written it. Its server is asked, as a
 * job, and what it says is believed. Whatever else comes in the name of somebody who is gone is refused.
 */
export async function takeWordOfGone(ctx: Context, document: Json, account: Account): Promise<InboxAnswer> {
  if (document.type !== 'Delete' || idOf(document.object) !== account.uri)
    return { status: 401, why: 'The actor is gone, and its key with it.' }
  await ctx.transact((tx) => enqueue(tx, askAboutActor(account)))
  return { status: 202 }
}
