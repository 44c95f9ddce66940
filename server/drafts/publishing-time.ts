import { TZDateMini } from '@date-fns/tz'
import { and, eq, gte, lt, ne } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { drafts } from '#db/schema/drafts.ts'
import { Refusal } from '#server/errors.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** How far ahead somebody may write. */
export const scheduleMinMs = 5 * minuteMs
export const scheduleMaxMs = 365 * dayMs
/** Posts one person may have waiting for their time, in all and for one day of theirs; a thread counts once. */
export const scheduledMax = 300
export const scheduledPerDayMax = 25

/** Refusal('invalid') for a time that is too near or too far. Pure. */
export function checkPublishAt(at: number | null, now: number): number {
  if (at === null) throw new Refusal('invalid', 'errors.scheduleNoTime', {}, 'publishAt')
  if (at < now + scheduleMinMs) throw new Refusal('invalid', 'errors.scheduleTooSoon', { minutes: scheduleMinMs / minuteMs }, 'publishAt')
  if (at > now + scheduleMaxMs) throw new Refusal('invalid', 'errors.scheduleTooLate', { days: scheduleMaxMs / dayMs }, 'publishAt')
  return at
}

/** Refusal('too-many') when the person has as much waiting as one may, in all or for that day in their zone (IANA). `id` is the draft itself. */
export async function refuseCrowding(tx: Tx, draft: { id: number; accountId: number }, at: number, timeZone: string): Promise<void> {
  const isOther = and(eq(drafts.accountId, draft.accountId), eq(drafts.isScheduled, true), ne(drafts.id, draft.id))
  if ((await tx.$count(drafts, isOther)) >= scheduledMax)
    throw new Refusal('too-many', 'errors.tooManyScheduled', { max: scheduledMax }, 'publishAt')
  const { startsAt, endsAt } = dayOf(at, timeZone)
  const isSameDay = and(isOther, gte(drafts.publishAt, startsAt), lt(drafts.publishAt, endsAt))
  if ((await tx.$count(drafts, isSameDay)) >= scheduledPerDayMax)
    throw new Refusal('too-many', 'errors.tooManyScheduledDay', { max: scheduledPerDayMax }, 'publishAt')
}

/** The day of a zone that a moment lies in; some days have 23 or 25 hours. */
function dayOf(at: number, timeZone: string): { startsAt: number; endsAt: number } {
  const moment = new TZDateMini(at, timeZone)
  const [year, month, day] = [moment.getFullYear(), moment.getMonth(), moment.getDate()]
  return {
    startsAt: new TZDateMini(year, month, day, timeZone).getTime(),
    endsAt: new TZDateMini(year, month, day + 1, timeZone).getTime()
  }
}
