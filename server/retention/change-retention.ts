import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkEach, Refusal } from '#server/errors.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { accountDaysLimit, type RetentionLimits, remotePostsLimit, retentionDaysLimit, retentionLimits } from '#server/retention/limits.ts'
import { startPass } from '#server/retention/start-pass.ts'

/** Changes what of other servers is kept; the daily sweep goes by it. Refuses `forbidden`, and `invalid` at each field that is wrong. */
export async function changeRetention(ctx: Context, who: Who, limits: Required<RetentionLimits>): Promise<void> {
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
export async function previewRetention(ctx: Context, who: Who, limits: Required<RetentionLimits>): Promise<number> {
  requireRole(who, 'admin')
  check(limits)
  return ctx.transact((tx) => startPass(tx, 'preview', limits))
}

function check(limits: Required<RetentionLimits>): void {
  const days = (field: 'strangerPostDays' | 'followedPostDays' | 'pictureDays') => () =>
    checkField(field, limits[field], retentionDaysLimit)
  checkEach({
    strangerPostDays: days('strangerPostDays'),
    followedPostDays: days('followedPostDays'),
    remotePostsMax: () => checkField('remotePostsMax', limits.remotePostsMax, remotePostsLimit),
    pictureDays: days('pictureDays'),
    strangerAccountDays: () => checkField('strangerAccountDays', limits.strangerAccountDays, accountDaysLimit)
  })
}

function checkField(field: string, value: number, { min, max }: { min: number; max: number }): void {
  if (value === 0 || (Number.isSafeInteger(value) && value >= min && value <= max)) return
  throw new Refusal('invalid', 'errors.zeroOrBetween', { min, max }, field)
}
