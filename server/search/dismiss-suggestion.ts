import { and, eq, inArray } from 'drizzle-orm'
import { dismissedSuggestions } from '#db/schema/search.ts'
import { accounts } from '#db/schema/accounts.ts'
import { requireActive } from '#server/posts/authors.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'

/** Of those put away the latest so many are remembered. */
const dismissedMax = 2_000

/** Somebody is not suggested to a person any more; a second time changes nothing. Refusals: 'missing' when there is no such account. */
export async function dismissSuggestion(ctx: Context, who: Who, { accountId: targetId }: { accountId: number }): Promise<void> {
  const { id: accountId } = requireActive(who)
  await ctx.transact(async (tx) => {
    const [target] = await tx.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, targetId))
    if (!target) throw new Refusal('missing', 'errors.missing')
    await tx.insert(dismissedSuggestions).values({ accountId, targetId, createdAt: tx.now }).onConflictDoNothing()
    const beyond = await tx
      .select({ targetId: dismissedSuggestions.targetId })
      .from(dismissedSuggestions)
      .where(eq(dismissedSuggestions.accountId, accountId))
      .orderBy(dismissedSuggestions.createdAt)
      .limit(Math.max(0, (await tx.$count(dismissedSuggestions, eq(dismissedSuggestions.accountId, accountId))) - dismissedMax))
    if (beyond.length === 0) return
    const ids = beyond.map((row) => row.targetId)
    await tx
      .delete(dismissedSuggestions)
      .where(and(eq(dismissedSuggestions.accountId, accountId), inArray(dismissedSuggestions.targetId, ids)))
  })
}
