import type { Logger } from 'pino'

/** Looks at least this often, so that retries and other processes' work are found without a signal. */
const pollMs = 500

export interface Watch {
  start(): void
  /** There may be something: look now. Does nothing while it is not started. */
  wake(): void
  /** Looks no more; resolves once the look under way has ended. */
  stop(): Promise<void>
}

/** Looks into a queue by the clock and when woken, one look at a time; a wake during a look makes it look once more. What a look throws is logged. */
export function createWatch(look: () => Promise<unknown>, { name, log }: { name: string; log: Logger }): Watch {
  let isRunning = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<unknown> | undefined
  let lookAgain = false

  function wake(): void {
    if (!isRunning) return
    if (looking) {
      lookAgain = true
      return
    }
    lookAgain = false
    looking = look()
      .catch((error: unknown) => log.error({ err: error, loop: name }, 'the queue could not be read'))
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
    async stop() {
      isRunning = false
      clearInterval(timer)
      await looking
    }
  }
}

/** Waits for all that is under way, at most `withinMs`. */
export async function endOf(underWay: Iterable<Promise<unknown>>, withinMs: number): Promise<void> {
  let deadline: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    deadline = setTimeout(resolve, withinMs)
  })
  await Promise.race([Promise.all(underWay), late])
  clearTimeout(deadline)
}
