import type { Clock } from '#server/platform/clock.ts'

/** A clock that runs like the real one and can be set forward. */
export interface TestClock extends Clock {
  advance(ms: number): void
  /** From now on time stands but for `advance`: where tokens that come back by themselves would tell a busy machine from an idle one. */
  stop(): void
}

export function createTestClock(): TestClock {
  let aheadMs = 0
  let stoppedAt: number | undefined
  return {
    now: () => (stoppedAt ?? Date.now()) + aheadMs,
    advance(ms) {
      aheadMs += ms
    },
    stop() {
      stoppedAt ??= Date.now()
    }
  }
}
