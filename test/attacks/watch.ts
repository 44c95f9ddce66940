import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What an attack may cost. Generous: a machine under load must not fail a test, an attack that works must. */
export interface Bounds {
  /** CPU (ms) of this thread from one turn of the event loop to the next: for so long nobody else was answered, however busy the machine. */
  turnMsMax: number
  /** CPU (ms) of this thread in all; the signing and asking of the test itself counts too. */
  cpuMsMax: number
  /** Descriptors open at the end beyond those at the start; connections that are kept for reuse are some of them. */
  descriptorsMax: number
  /** Timers pending at the end beyond those at the start. */
  timersMax: number
  /** Growth (bytes) of the heap and of what lies beside it, after the garbage is collected; not looked at when absent, since collecting takes time. */
  keptBytesMax?: number
  /** Growth (bytes) of resident memory while it lasts; not looked at when absent. */
  residentBytesMax?: number
}

export const usualBounds: Bounds = { turnMsMax: 250, cpuMsMax: 3_000, descriptorsMax: 24, timersMax: 24 }

/** How long what is left over may take to go: closed sockets end a little after those who closed them. */
const settleMs = 3_000
const tickMs = 5

export interface Watch {
  /** Ends the watch and fails when a bound was passed. */
  hold(bounds?: Partial<Bounds>): Promise<void>
}

/** A side loop that looks, while an attack goes on, at what the process has to do for it. */
export function startWatch(looksAtMemory = false): Watch {
  const before = { descriptors: descriptors(), timers: timers(), kept: looksAtMemory ? kept() : 0, resident: process.memoryUsage.rss() }
  const startedCpu = threadMs()
  let last = startedCpu
  let turnMs = 0
  let resident = before.resident
  const look = () => {
    const now = threadMs()
    turnMs = Math.max(turnMs, now - last)
    last = now
    resident = Math.max(resident, process.memoryUsage.rss())
  }
  // A test that fails on the way never holds it, and must end all the same.
  const timer = setInterval(look, tickMs).unref()
  return {
    async hold(changed = {}) {
      const bounds = { ...usualBounds, ...changed }
      look()
      clearInterval(timer)
      const cpuMs = threadMs() - startedCpu
      const until = performance.now() + settleMs
      const isLeft = () => descriptors() - before.descriptors > bounds.descriptorsMax || timers() - before.timers > bounds.timersMax
      while (isLeft() && performance.now() < until) await delay(20)
      assert.ok(turnMs <= bounds.turnMsMax, `one turn of the event loop took ${Math.round(turnMs)} ms of CPU`)
      assert.ok(cpuMs <= bounds.cpuMsMax, `it took ${Math.round(cpuMs)} ms of CPU`)
      assert.ok(!isLeft(), `${descriptors() - before.descriptors} descriptors and ${timers() - before.timers} timers are left over`)
      const { keptBytesMax, residentBytesMax } = bounds
      if (residentBytesMax !== undefined)
        assert.ok(resident - before.resident <= residentBytesMax, `resident memory grew by ${resident - before.resident} bytes`)
      if (keptBytesMax !== undefined) {
        const grown = kept() - before.kept
        assert.ok(grown <= keptBytesMax, `${grown} bytes are kept`)
      }
    }
  }
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
}

/** CPU of this thread alone: neither other processes nor the garbage collector's helpers count. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

let collect: (() => void) | undefined

function kept(): number {
  if (!collect) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
