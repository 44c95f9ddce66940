import type { RetentionLimits } from '#db/schema/retention.ts'
import type { Context } from '#server/context.ts'

export type { RetentionLimits }

/** Days may be 0 (kept for good) or lie between these: what came this week is still being talked about. */
export const retentionDaysLimit = { min: 7, max: 3_650 }
/** An account that was heard of is read again within a week: only one that was not for a month is known to be silent. */
export const accountDaysLimit = { min: 30, max: 3_650 }
/** A number of posts may be 0 (any number) or lie between these. */
export const remotePostsLimit = { min: 1_000, max: 1_000_000_000 }

/** What strangers send does not pile up for ever; what people here follow is theirs to let go. */
export const retentionByDefault: Required<RetentionLimits> = {
  strangerPostDays: 90,
  followedPostDays: 0,
  remotePostsMax: 0,
  pictureDays: 30,
  strangerAccountDays: 180
}

/** The limits as they stand. */
export async function retentionLimits(ctx: Context): Promise<Required<RetentionLimits>> {
  const { retention } = await ctx.settings.get()
  return { ...retentionByDefault, ...retention }
}
