import type { Schedule } from '#server/jobs/schedules.ts'

/** What comes back by the clock: the instance's housekeeping on one page. */
export const schedules: readonly Schedule[] = []
