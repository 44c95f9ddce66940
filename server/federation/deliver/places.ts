/** A delivery that has been silent for so many looks gives its place to another, and waits beside the fast ones. */
const lookMs = 25
const looksUntilSlow = 3
/** Fast places: deliveries that have only just begun. Each look halves them when the event loop is late, and gives some back when it is not. */
const fastMax = 64
const fastMin = 8
const fastMore = 4
const lateMs = 40
/** When even the slow ones fill all the places, those that were silent for so long are given up, oldest first and some at a time. */
const silentMs = 2_000
const givenUpAtOnce = 32

interface Place {
  beganAt: number
  looks: number
  isFast: boolean
  giveUp: AbortController
}

export interface Places {
  /** How many deliveries may begin now. */
  readonly free: number
  readonly taken: number
  /** Runs a delivery in a place; `signal` ends it when others need the place more. */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>
  stop(): void
}

/**
 * Who is answered at once is never kept waiting by who is not: only deliveries that began within the last 75 ms count against the few fast places; what is silent
 * for longer waits among up to `concurrencyMax`, where it costs a socket and no time. Looks are counted rather than milliseconds, since an event loop that is
 * late makes everybody look silent. `onFree` is told when another may begin, and `isNeeded` says whether one waits for a place.
 */
export function createPlaces(options: { concurrencyMax: number; onFree(): void; isNeeded(): boolean; silence(): Error }): Places {
  const places = new Set<Place>()
  let fast = 0
  let fastNow = fastMax
  let timer: NodeJS.Timeout | undefined
  let lookedAt = 0

  const free = () => Math.max(0, Math.min(fastNow - fast, options.concurrencyMax - places.size))

  function look(): void {
    const now = performance.now()
    fastNow = now - lookedAt > lookMs + lateMs ? Math.max(fastMin, Math.floor(fastNow / 2)) : Math.min(fastMax, fastNow + fastMore)
    lookedAt = now
    const freeBefore = free()
    for (const place of places) {
      if (!place.isFast) continue
      place.looks += 1
      if (place.looks > looksUntilSlow) {
        place.isFast = false
        fast -= 1
      }
    }
    if (places.size >= options.concurrencyMax && options.isNeeded()) giveUpSilent(now)
    if (free() > freeBefore || (free() > 0 && options.isNeeded())) options.onFree()
  }

  /** Places stand in the order in which they were taken. */
  function giveUpSilent(now: number): void {
    let count = 0
    for (const place of places) {
      if (now - place.beganAt < silentMs || count >= givenUpAtOnce) return
      if (place.giveUp.signal.aborted) continue
      place.giveUp.abort(options.silence())
      count += 1
    }
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
  }

  return {
    get free() {
      return free()
    },
    get taken() {
      return places.size
    },
    async run(work) {
      const place: Place = { beganAt: performance.now(), looks: 0, isFast: true, giveUp: new AbortController() }
      places.add(place)
      fast += 1
      if (!timer) {
        lookedAt = place.beganAt
        timer = setInterval(look, lookMs)
      }
      try {
        return await work(place.giveUp.signal)
      } finally {
        places.delete(place)
        if (place.isFast) fast -= 1
        if (places.size === 0) stop()
        options.onFree()
      }
    },
    stop
  }
}
