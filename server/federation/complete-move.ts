import { findAccount, findAccountByUri } from '#server/accounts/find-account.ts'
import { mayMoveTo, receiveMove } from '#server/accounts/receive-move.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { fetchActor } from '#server/federation/fetch-actor.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import type { FetchBudget } from '#server/platform/fetch-budget.ts'
import { hostOf } from '#server/platform/host-names.ts'

/** Reads where an account says it moved to, now and whatever we knew of it, and moves it when that account agrees. Throws FetchFault. */
export async function completeMove(
  ctx: Context,
  { accountId, targetUri }: { accountId: number; targetUri: string },
  budget: FetchBudget
): Promise<void> {
  const from = await findAccount(ctx.db, accountId)
  if (!from) return
  const target = await readTarget(ctx, targetUri, budget)
  if (!mayMoveTo(target, from)) throw new FetchFault(`${target.uri} does not take ${from.uri} over.`)
  await ctx.transact((tx) => receiveMove(tx, { accountId, targetId: target.id }))
}

async function readTarget(ctx: Context, uri: string, budget: FetchBudget): Promise<Account> {
  if (hostOf(uri) !== ctx.config.host) return fetchActor(ctx, uri, { budget, isForced: true })
  const ours = await findAccountByUri(ctx.db, uri)
  if (ours?.domain !== null) throw new FetchFault(`${uri} is nobody here.`)
  return ours
}
