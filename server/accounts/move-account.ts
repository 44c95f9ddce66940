import { and, eq, isNotNull } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { findTyped } from '#server/accounts/aliases.ts'
import { findAccount } from '#server/accounts/find-account.ts'
import { findMoveAgainAt, mayMoveTo, writeMove } from '#server/accounts/receive-move.ts'
import type { Account, Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'

/** After a move of one of ours, the next one must wait so long: each sets many servers to work. */
export const ownMoveCooldownMs = 30 * 24 * 60 * 60_000

/**
 * One of ours moves away: their followers, here and elsewhere, are asked to follow the new account, which must name the old one as its own when it is
 * read now. Fact `account-moved`. The password was asked for before. Refusals at `target`: `invalid`; `conflict` within the cooldown or when moved already;
 * `unavailable` when the new account's server does not answer.
 */
export async function moveAccount(ctx: Context, who: Person, typed: string): Promise<Account> {
  if (who.account.movedToUri !== null) throw new Refusal('conflict', 'move.already')
  const againAt = await findMoveAgainAt(ctx.db, who.account.id, ctx.clock.now(), ownMoveCooldownMs)
  if (againAt !== undefined) throw new Refusal('conflict', 'move.tooSoon', { days: daysUntil(againAt, ctx.clock.now()) })
  const found = await findTyped(ctx, who, typed, 'target')
  const target = found.domain === null ? found : await ctx.fediverse.refreshAccount(found.id)
  if (!target) throw new Refusal('unavailable', 'move.noAnswer', {}, 'target')
  if (target.movedToUri !== null) throw new Refusal('invalid', 'move.targetMoved', {}, 'target')
  if (!mayMoveTo(target, who.account)) throw new Refusal('invalid', 'move.noAlias', { address: who.account.uri }, 'target')
  await ctx.transact(async (tx) => {
    const [own, now] = [await findAccount(tx, who.account.id), await findAccount(tx, target.id)]
    if (!own || !now || !mayMoveTo(now, own)) throw new Refusal('invalid', 'move.noAlias', { address: who.account.uri }, 'target')
    if (own.movedToUri !== null || !(await writeMove(tx, own, now, ownMoveCooldownMs))) throw new Refusal('conflict', 'move.already')
    await record(tx, 'account-moved', { accountId: own.id, targetId: now.id })
  })
  return target
}

/** The old account is used again; whoever went to the new one stays there. Fact `profile-changed`; nothing happens when it did not move. */
export async function takeMoveBack(ctx: Context, who: Person): Promise<void> {
  await ctx.transact(async (tx) => {
    const [back] = await tx
      .update(accounts)
      .set({ movedToUri: null })
      .where(and(eq(accounts.id, who.account.id), isNotNull(accounts.movedToUri)))
      .returning({ id: accounts.id })
    if (back) await record(tx, 'profile-changed', { accountId: back.id })
  })
}

/** Whole days until a moment, 1 at least. Pure. */
export function daysUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / (24 * 60 * 60_000)))
}
