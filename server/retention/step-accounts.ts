import { and, asc, gt, inArray, isNotNull, isNull, lt, type SQL } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import type { Context } from '#server/context.ts'
import { waitForTurn } from '#server/peers/taken-back.ts'
import type { RetentionPass } from '#server/retention/find-pass.ts'
import { forgetAccounts } from '#server/retention/forget-accounts.ts'
import { isNeeded } from '#server/retention/needed-accounts.ts'
import type { Step } from '#server/retention/step.ts'

/** Accounts looked at in one step, each by some thirty indexes. */
const rowsPerStep = 100
const dayMs = 24 * 60 * 60_000

/**
 * The next accounts of other servers that were neither heard of nor read for so many days: those on which nothing hangs go. What was erased, and whom a moderator
 * or their own server holds back, stays, since the row is what says so.
 */
export async function stepAccounts(ctx: Context, pass: RetentionPass): Promise<Step> {
  const { strangerAccountDays = 0 } = pass.limits
  if (strangerAccountDays === 0) return { changes: {}, isEnd: true }
  const before = ctx.clock.now() - strangerAccountDays * dayMs
  const rows = await look(ctx.db, before, gt(accounts.id, pass.afterId))
  const ids = rows.filter((row) => !row.isNeeded).map(({ id }) => id)
  const changes = { afterId: rows.at(-1)?.id ?? pass.afterId, accountsOut: pass.accountsOut + ids.length }
  const isEnd = rows.length < rowsPerStep
  if (pass.kind === 'preview' || ids.length === 0) return { changes, isEnd }
  return {
    changes,
    isEnd,
    async remove(tx) {
      for (const id of ids) await waitForTurn(tx, id)
      // Somebody may have been heard of, or met, since they were looked at.
      const still = (await look(tx, before, inArray(accounts.id, ids))).filter((row) => !row.isNeeded).map(({ id }) => id)
      return { accountsOut: pass.accountsOut + (await forgetAccounts(tx, still)) }
    }
  }
}

/** Whoever is heard from is read again within days: when they were read last says when they were here last. */
function look(db: Reader, before: number, which: SQL): Promise<{ id: number; isNeeded: boolean }[]> {
  const isFree = and(isNull(accounts.deletedAt), isNull(accounts.suspendedAt), isNull(accounts.silencedAt))
  return db
    .select({ id: accounts.id, isNeeded: isNeeded().mapWith(Boolean) })
    .from(accounts)
    .where(and(which, isNotNull(accounts.domain), lt(accounts.fetchedAt, before), isFree))
    .orderBy(asc(accounts.id))
    .limit(rowsPerStep)
}
