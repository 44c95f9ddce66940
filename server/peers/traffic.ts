import { eq, sql } from 'drizzle-orm'
import { peers } from '#db/schema/peers.ts'
import type { Context } from '#server/context.ts'
import { chunksOf } from '#server/platform/chunks.ts'

/** Hosts written down in one transaction, and remembered at once: with more, what the least busy sent is not counted. */
const hostsPerWrite = 200
const hostsMax = 5_000
const writeMs = 60_000

/** Counts the bytes that go to and fro, in memory, and adds them to the servers' rows now and then: a crash loses a minute of counting. */
export interface Traffic {
  received(host: string, bytes: number): void
  delivered(host: string, bytes: number): void
  /** Writes down what was counted. */
  write(): Promise<void>
  /** Writes each minute until the signal ends it. */
  start(): void
  stop(): Promise<void>
}

export function createTraffic(ctx: Pick<Context, 'transact' | 'log'>): Traffic {
  let counted = new Map<string, { received: number; delivered: number }>()
  let timer: NodeJS.Timeout | undefined

  function add(host: string, kind: 'received' | 'delivered', bytes: number): void {
    const known = counted.get(host)
    if (known) known[kind] += bytes
    else if (counted.size < hostsMax) counted.set(host, { received: 0, delivered: 0, [kind]: bytes })
  }

  async function write(): Promise<void> {
    const all = [...counted]
    counted = new Map()
    for (const some of chunksOf(all, hostsPerWrite)) {
      await ctx.transact(async (tx) => {
        for (const [host, { received, delivered }] of some) {
          await tx
            .update(peers)
            .set({ receivedBytes: sql`${peers.receivedBytes} + ${received}`, deliveredBytes: sql`${peers.deliveredBytes} + ${delivered}` })
            .where(eq(peers.host, host))
        }
      })
    }
  }

  return {
    received: (host, bytes) => add(host, 'received', bytes),
    delivered: (host, bytes) => add(host, 'delivered', bytes),
    write,
    start() {
      timer ??= setInterval(() => {
        write().catch((error: unknown) => ctx.log.warn({ err: error }, 'the traffic of a minute was not written down'))
      }, writeMs)
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      await write()
    }
  }
}
