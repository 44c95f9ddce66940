import { and, eq } from 'drizzle-orm'
import { trends, type TrendKind } from '#db/schema/trends.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { type TrendsMode, trendsMode, trendsModes } from '#server/trends/mode.ts'

/** A moderator lets a trend be shown, or never; either can be changed again. Refusals: `forbidden`, `missing` when it is no trend by now. */
export async function decideTrend(
  ctx: Context,
  who: Who,
  { kind, key, isApproved }: { kind: TrendKind; key: string; isApproved: boolean }
): Promise<void> {
  requireRole(who, 'moderator')
  await ctx.transact(async (tx) => {
    const decided = await tx
      .update(trends)
      .set({ isApproved, decidedAt: tx.now, decidedBy: who.kind === 'account' ? who.account.id : null })
      .where(and(eq(trends.kind, kind), eq(trends.key, key)))
      .returning({ key: trends.key })
    if (decided.length === 0) throw new Refusal('missing', 'errors.missing')
    await recordAudit(tx, who, {
      act: isApproved ? 'trend-approved' : 'trend-rejected',
      targetKind: 'trend',
      target: `${kind}:${key}`,
      targetLabel: kind === 'tag' ? `#${key}` : key
    })
  })
}

/** How trends are shown, everywhere within a second. Refuses `forbidden` whoever is no admin, and `invalid` at `mode`. */
export async function changeTrends(ctx: Context, who: Who, { mode }: { mode: string }): Promise<void> {
  requireRole(who, 'admin')
  const wanted = trendsModes.find((each) => each === mode)
  if (!wanted) throw new Refusal('invalid', 'form.invalid', {}, 'mode')
  if (wanted === (await trendsMode(ctx))) return
  await ctx.transact(async (tx) => {
    await ctx.settings.change(tx, { trends: wanted satisfies TrendsMode })
    await recordAudit(tx, who, {
      act: 'trends-changed',
      targetKind: 'setting',
      target: 'trends',
      targetLabel: wanted,
      details: { mode: wanted }
    })
  })
}
