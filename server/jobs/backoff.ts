import type { Random } from '#server/platform/random.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Waits after the first, second, … failure: the field's usual ladder up to seven days. */
export const retryMs = [30 * second, 2 * minute, 10 * minute, 30 * minute, hour, 3 * hour, 6 * hour, 12 * hour, day, day, day, day, day, day]

/** Wait (ms) after the given number of failed attempts, with a quarter of jitter either way; undefined when it was the last. */
export function waitAfter(attempts: number, random: Random): number | undefined {
  const base = retryMs[attempts - 1]
  return base === undefined ? undefined : Math.round(base * (0.75 + random.below(1_000) / 2_000))
}
