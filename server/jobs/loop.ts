import type { Logger } from 'pino'

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

/** Looks at least this often, so that retries and other processes' work are found without a signal. */
const pollMs = 500

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
  let isRunning = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<number> | undefined
  let lookAgain = false

  async function look(): Promise<number> {
    const free = concurrencyMax - underWay.size
    if (free <= 0) return 0
    const items = await lease(free)
    for (const item of items) {
      const work: Promise<void> = run(item)
        .catch((error: unknown) => log.error({ err: error, loop: name }, 'a loop item threw'))
        .finally(() => {
          underWay.delete(work)
          if (isRunning) wake()
        })
      underWay.add(work)
    }
    return items.length
  }

  /** One look at a time; a wake during a look makes it look once more. */
  function wake() {
    if (!isRunning) return
    if (looking) {
      lookAgain = true
      return
    }
    lookAgain = false
    looking = look()
      .catch((error: unknown) => {
        log.error({ err: error, loop: name }, 'the queue could not be read')
        return 0
      })
      .finally(() => {
        looking = undefined
        if (lookAgain) wake()
      })
  }

  return {
    start() {
      isRunning = true
      timer = setInterval(wake, pollMs)
      wake()
    },
    wake,
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
      isRunning = false
      clearInterval(timer)
      await looking
      let deadline: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        deadline = setTimeout(resolve, withinMs)
      })
      await Promise.race([Promise.all(underWay), late])
      clearTimeout(deadline)
    }
  }
}
