import { HttpError } from '#server/platform/http-error.ts'

/** Requests under way at once to one host; nobody's server is to feel more of us than this. */
export const perHostMax = 2

const waitingPerHostMax = 100
const waitingMax = 2_000

export interface HttpLanes {
  /** Runs `work` when its host and the whole process have room; HttpError `busy` when too many wait or it waited too long, the signal's reason when that is aborted first. */
  run<T>(host: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>
  readonly active: number
  readonly waiting: number
}

interface Lane {
  active: number
  waiting: number
}

interface Waiter {
  host: string
  start: () => void
}

/**
 * Two at once per host, `activeMax` in all, first come first served among those whose host has room: a slow host keeps its own
 * requests waiting and nobody else's. Who waited `waitMs` gives up: with too little time left to answer in, the host would be
 * blamed for our own crowd. A host without requests leaves no trace.
 */
export function createHttpLanes(limits: { activeMax: number; waitMs: number }): HttpLanes {
  const lanes = new Map<string, Lane>()
  const queue = new Set<Waiter>()
  let active = 0

  const hasRoom = (host: string) => active < limits.activeMax && (lanes.get(host)?.active ?? 0) < perHostMax

  function change(host: string, field: keyof Lane, by: number): void {
    const lane = lanes.get(host) ?? { active: 0, waiting: 0 }
    lane[field] += by
    if (lane.active === 0 && lane.waiting === 0) lanes.delete(host)
    else lanes.set(host, lane)
  }

  function enter(host: string): void {
    active += 1
    change(host, 'active', 1)
  }

  function leave(host: string): void {
    active -= 1
    change(host, 'active', -1)
    for (const waiter of queue) {
      if (active >= limits.activeMax) return
      if (hasRoom(waiter.host)) waiter.start()
    }
  }

  function wait(host: string, signal: AbortSignal): Promise<void> {
    if (queue.size >= waitingMax || (lanes.get(host)?.waiting ?? 0) >= waitingPerHostMax) {
      throw new HttpError('busy', `Too many requests wait for ${host} already.`)
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        host,
        start() {
          giveUpPlace()
          enter(host)
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
    async run(host, signal, work) {
      signal.throwIfAborted()
      if (hasRoom(host)) enter(host)
      else await wait(host, signal)
      try {
        return await work()
      } finally {
        leave(host)
      }
    },
    get active() {
      return active
    },
    get waiting() {
      return queue.size
    }
  }
}
