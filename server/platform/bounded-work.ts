import { Refusal } from '#server/errors.ts'

export interface BoundedWork {
  /** Runs the work when its turn comes, first come first served. Refusal `too-many` at once when too many wait already. */
  run<T>(work: () => Promise<T>): Promise<T>
  stats(): { active: number; waiting: number }
}

interface BoundedWorkOptions {
  activeMax: number
  waitingMax: number
  /** Message of the refusal. */
  busyKey: string
}

/**
 * Turns for work that is dear in processor time or memory: so much at once, so much waiting, and a plain refusal beyond that, so
 * that a flood of it slows itself and nothing else.
 */
export function createBoundedWork({ activeMax, waitingMax, busyKey }: BoundedWorkOptions): BoundedWork {
  const waiting: (() => void)[] = []
  let active = 0

  /** A turn that ends is handed to the next in line without being given back, so that nobody can overtake. */
  function endTurn(): void {
    const next = waiting.shift()
    if (next) next()
    else active -= 1
  }

  return {
    async run(work) {
      if (active < activeMax) active += 1
      else if (waiting.length >= waitingMax) throw new Refusal('too-many', busyKey)
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return await work()
      } finally {
        endTurn()
      }
    },
    stats: () => ({ active, waiting: waiting.length })
  }
}
