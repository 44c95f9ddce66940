import type { Clock } from '#server/platform/clock.ts'
import type { Random } from '#server/platform/random.ts'

/** Ids count from here, so that they stay below 2^53 until the year 2079. */
const epochMs = Date.UTC(2010, 0, 1)
const idsPerMs = 4_096
/** A fresh millisecond starts its sequence somewhere in the lower part, so that two processes seldom meet. */
const firstSequenceMax = 1_024
/** How far (ms) an id may lie from its date, by the number of tries that collided before. */
const stepAsideMs = [0, 0, 16, 1_000, 60_000, 3_600_000]
const idShape = /^(?:0|[1-9]\d{0,15})$/

/**
 * Time-ordered ids: milliseconds since 2010 times 4,096 plus a sequence, 53 bits. Without a date they rise strictly within this
 * process. With a date (a remote post's) they follow it, never into the future nor before 2010; `tries` says how often
 * the transaction collided, and each collision steps further aside.
 */
export function createIds(clock: Clock, random: Random): (at?: number, tries?: number) => number {
  let last = 0
  return (at, tries = 1) => {
    const now = clock.now()
    if (at !== undefined && at < now) {
      const aside = random.below((stepAsideMs[Math.min(tries, stepAsideMs.length - 1)] ?? 0) + 1)
      const ms = Math.min(Math.max(at - epochMs, 0) + aside, now - epochMs)
      return ms * idsPerMs + random.below(idsPerMs)
    }
    const fresh = (now - epochMs) * idsPerMs + random.below(firstSequenceMax)
    last = Math.max(last + 1, fresh)
    return last
  }
}

/** An id as it is written in an address or a form; undefined for whatever no id of ours can be. */
export function readId(text: string | undefined): number | undefined {
  const id = text !== undefined && idShape.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(id) ? id : undefined
}

/** The moment an id stands for, ms since 1970. */
export function timeOfId(id: number): number {
  return Math.floor(id / idsPerMs) + epochMs
}

/** The lowest id of a moment: for "since" queries. */
export function firstIdAt(ms: number): number {
  return Math.max(ms - epochMs, 0) * idsPerMs
}
