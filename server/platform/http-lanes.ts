import { HttpError } from '#server/platform/http-error.ts'

/** Requests under way at once to one host; nobody's server is to feel more of us than this. */
export const perHostMax = 2

const waitingPerHostMax = 100
const waitingMax = 2_000

/** Who asks: deliveries have a bound of their own, or the many that wait for an answer would leave no room to look anything up. */
export type Crowd = 'asking' | 'delivering'

export interface HttpLanes {
  /** Runs `work` when its host and the whole process have room; HttpError `busy` when too many wait or it waited too long, the signal's reason when that is aborted first. */
  run<T>(host: string, signal: AbortSignal, work: () => Promise<T>, crowd?: Crowd): Promise<T>
  readonly active: number
  readonly waiting: number
}

interface Lane {
  active: number
  waiting: number
}

interface Waiter {
  host: string
  crowd: Crowd
  start: () => void
}

/**
 * Two at once per host, `activeMax` of each crowd in all, first come first served among those whose host has room: a slow host keeps its own
 * requests waiting and nobody else's. Who waited `waitMs` gives up: with too little time left to answer in, the host would be
 * blamed for our own crowd. A host without requests leaves no trace.
 */
export function createHttpLanes(limits: { activeMax: Record<Crowd, number>; waitMs: number }): HttpLanes {
  const lanes = new Map<string, Lane>()
  const queue = new Set<Waiter>()
  const active: Record<Crowd, number> = { asking: 0, delivering: 0 }

  const isFull = (crowd: Crowd) => active[crowd] >= limits.activeMax[crowd]
  const hasRoom = (host: string, crowd: Crowd) => !isFull(crowd) && (lanes.get(host)?.active ?? 0) < perHostMax

  function change(host: string, field: keyof Lane, by: number): void {
    const lane = lanes.get(host) ?? { active: 0, waiting: 0 }
    lane[field] += by
    if (lane.active === 0 && lane.waiting === 0) lanes.delete(host)
    else lanes.set(host, lane)
  }

  function enter(host: string, crowd: Crowd): void {
    active[crowd] += 1
    change(host, 'active', 1)
  }

  function leave(host: string, crowd: Crowd): void {
    active[crowd] -= 1
    change(host, 'active', -1)
    for (const waiter of queue) {
      if (isFull('asking') && isFull('delivering')) return
      if (hasRoom(waiter.host, waiter.crowd)) waiter.start()
    }
  }

  function wait(host: string, crowd: Crowd, signal: AbortSignal): Promise<void> {
    if (queue.size >= waitingMax || (lanes.get(host)?.waiting ?? 0) >= waitingPerHostMax) {
      throw new HttpError('busy', `Too many requests wait for ${host} already.`)
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        host,
        crowd,
        start() {
          giveUpPlace()
          enter(host, crowd)
          resolve()
        }
      }
      const abort = () => {
        giveUpPlace()
        reject(signal.reason)
      }
      const tire = () => {
        giveUpPlace()
        reject(new HttpError('busy', `No turn to ask ${host} came within ${limits.waitMs} ms.`))
      }
      const timer = setTimeout(tire, limits.waitMs)
      const giveUpPlace = () => {
        clearTimeout(timer)
        queue.delete(waiter)
        change(host, 'waiting', -1)
        signal.removeEventListener('abort', abort)
      }
      queue.add(waiter)
      change(host, 'waiting', 1)
      signal.addEventListener('abort', abort)
    })
  }

  return {
    async run(host, signal, work, crowd = 'asking') {
      signal.throwIfAborted()
      if (hasRoom(host, crowd)) enter(host, crowd)
      else await wait(host, crowd, signal)
      try {
        return await work()
      } finally {
        leave(host, crowd)
      }
    },
    get active() {
      return active.asking + active.delivering
    },
    get waiting() {
      return queue.size
    }
  }
}
