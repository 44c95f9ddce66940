import type { Clock } from '#server/platform/clock.ts'

/** A clock that runs like the real one and can be set forward. */
export interface TestClock extends Clock {
  advance(ms: number): void
}

export function createTestClock(): TestClock {
  let aheadMs = 0
  return {
    now: () => Date.now() + aheadMs,
    advance(ms) {
      aheadMs += ms
    }
  }
}
