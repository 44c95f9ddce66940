import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { type RetentionLimits, remotePostsLimit, retentionDaysLimit, retentionLimits } from '#server/retention/limits.ts'
import { startPass } from '#server/retention/start-pass.ts'

/** Changes what of other servers is kept; the daily sweep goes by it. Refuses `forbidden`, and `invalid` at the first field that is wrong. */
export async function changeRetention(ctx: Context, who: Who, limits: RetentionLimits): Promise<void> {
  requireRole(who, 'admin')
  check(limits)
  const before = await retentionLimits(ctx)
  if (JSON.stringify(before) === JSON.stringify(limits)) return
  await ctx.transact(async (tx) => {
    await ctx.settings.change(tx, { retention: limits })
    await recordAudit(tx, who, {
      act: 'retention-changed',
      targetKind: 'setting',
      target: 'retention',
      targetLabel: 'retention',
      details: { ...limits }
    })
  })
}

/** Counts, in small steps, what limits would remove; nothing is changed. */
export async function previewRetention(ctx: Context, who: Who, limits: RetentionLimits): Promise<number> {
  requireRole(who, 'admin')
  check(limits)
  return ctx.transact((tx) => startPass(tx, 'preview', limits))
}

function check(limits: RetentionLimits): void {
  for (const field of ['strangerPostDays', 'followedPostDays', 'pictureDays'] as const) checkField(field, limits[field], retentionDaysLimit)
  checkField('remotePostsMax', limits.remotePostsMax, remotePostsLimit)
}

function checkField(field: string, value: number, { min, max }: { min: number; max: number }): void {
  if (value === 0 || (Number.isSafeInteger(value) && value >= min && value <= max)) return
  throw new Refusal('invalid', 'errors.zeroOrBetween', { min, max }, field)
}
