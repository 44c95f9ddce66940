import type { Random } from '#server/platform/random.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Waits after the first, second, … failure: the field's usual ladder up to seven days. */
export const retryMs = [
  30 * secondMs,
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  hourMs,
  3 * hourMs,
  6 * hourMs,
  12 * hourMs,
  dayMs,
  dayMs,
  dayMs,
  dayMs,
  dayMs,
  dayMs
]

/** Wait (ms) after the given number of failed attempts, with a quarter of jitter either way; undefined when it was the last. */
export function waitAfter(attempts: number, random: Random): number | undefined {
  const base = retryMs[attempts - 1]
  return base === undefined ? undefined : Math.round(base * (0.75 + random.below(1_000) / 2_000))
}
