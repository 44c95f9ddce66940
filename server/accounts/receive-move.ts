import { eq, lte } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { moves } from '#db/schema/moves.ts'
import { findAccount } from '#server/accounts/find-account.ts'
import { isHidden, isInstanceActor } from '#server/accounts/shown-account.ts'
import type { Account } from '#server/accounts/who.ts'
import { record } from '#server/facts.ts'

/** After a move of a remote account no other counts for so long: whoever hops about would have all followers' servers at work. */
export const moveCooldownMs = 7 * 24 * 60 * 60_000

/** Whether an account may be moved to: it says that the old one was its own, has not moved on itself, and is there for everybody. Pure. */
export function mayMoveTo(target: Account, from: Pick<Account, 'id' | 'uri'>): boolean {
  return (
    target.id !== from.id &&
    target.alsoKnownAs.includes(from.uri) &&
    target.movedToUri === null &&
    !isHidden(target) &&
    !isInstanceActor(target)
  )
}

/**
 * A remote account said that it moved, and `targetId` was read a moment ago. Fact `account-moved`. False, and nothing happens, within the cooldown, or
 * when the target may not be moved to.
 */
export async function receiveMove(tx: Tx, { accountId, targetId }: { accountId: number; targetId: number }): Promise<boolean> {
  const [from, target] = [await findAccount(tx, accountId), await findAccount(tx, targetId)]
  if (!from || from.domain === null || isHidden(from) || !target || !mayMoveTo(target, from)) return false
  if (!(await writeMove(tx, from, target, moveCooldownMs))) return false
  await record(tx, 'account-moved', { accountId, targetId })
  return true
}

/** Marks an account as moved, unless it moved less than `cooldownMs` ago. */
export async function writeMove(tx: Tx, from: Account, target: Account, cooldownMs: number): Promise<boolean> {
  const move = { targetId: target.id, movedAt: tx.now }
  const [written] = await tx
    .insert(moves)
    .values({ accountId: from.id, ...move })
    .onConflictDoUpdate({ target: moves.accountId, set: move, setWhere: lte(moves.movedAt, tx.now - cooldownMs) })
    .returning()
  if (!written) return false
  await tx.update(accounts).set({ movedToUri: target.uri }).where(eq(accounts.id, from.id))
  return true
}

/** When an account may move again, ms since 1970; undefined when it may now. */
export async function findMoveAgainAt(db: Reader, accountId: number, now: number, cooldownMs: number): Promise<number | undefined> {
  const [last] = await db.select({ movedAt: moves.movedAt }).from(moves).where(eq(moves.accountId, accountId))
  return last && last.movedAt + cooldownMs > now ? last.movedAt + cooldownMs : undefined
}
