import type { Logger } from 'pino'
import { createWatch, endOf } from '#server/jobs/watch.ts'

export interface LoopOptions<T> {
  name: string
  /** Items under way at once. */
  concurrencyMax: number
  /** Leases up to `count` items that are due. */
  lease(count: number): Promise<T[]>
  /** Does one; it records its own failures, so what it throws is a bug and is logged. */
  run(item: T): Promise<void>
  log: Logger
}

export interface Loop {
  start(): void
  /** There may be something: look now. */
  wake(): void
  /** Runs until nothing is due and nothing is under way; for tests and commands. Returns how many items ran. */
  drain(): Promise<number>
  /** Takes no more and waits for what runs, at most `withinMs`. What does not end in time stays leased and runs again later. */
  stop(withinMs: number): Promise<void>
}

/** A worker loop over leased rows: as soon as a place is free it leases more, without waiting for the slowest of a batch. */
export function createLoop<T>(options: LoopOptions<T>): Loop {
  const { concurrencyMax, lease, run, log, name } = options
  const underWay = new Set<Promise<void>>()
  const watch = createWatch(look, { name, log })

  async function look(): Promise<number> {
    const free = concurrencyMax - underWay.size
    if (free <= 0) return 0
    const items = await lease(free)
    for (const item of items) {
      const work: Promise<void> = run(item)
        .catch((error: unknown) => log.error({ err: error, loop: name }, 'a loop item threw'))
        .finally(() => {
          underWay.delete(work)
          watch.wake()
        })
      underWay.add(work)
    }
    return items.length
  }

  return {
    start: watch.start,
    wake: watch.wake,
    async drain() {
      let ran = 0
      for (;;) {
        const found = await look()
        ran += found
        if (found === 0 && underWay.size === 0) return ran
        if (underWay.size > 0) await Promise.race(underWay)
      }
    },
    async stop(withinMs) {
      await watch.stop()
      await endOf(underWay, withinMs)
    }
  }
}
