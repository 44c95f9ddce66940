import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'

/** The list of first steps leaves the first page of the panel, for all admins; what is wrong goes on being told there. */
export async function putChecklistAway(ctx: Context, who: Who): Promise<void> {
  requireRole(who, 'admin')
  await ctx.transact((tx) => ctx.settings.change(tx, { checklistPutAwayAt: tx.now }))
}
