import type { Context } from '#server/context.ts'
import type { LeasedDelivery } from '#server/peers/lease-deliveries.ts'
import { type DeliveryOutcome, type Settled, settleDeliveries } from '#server/peers/settle-deliveries.ts'

/** Deliveries written down in one commit, and how long the first of them waits for others. */
const settledAtOnceMax = 100
const gatherMs = 20

export interface Settling {
  /** Writes down what became of a delivery; resolves once that is committed. `isLast` when nothing else is under way to wait for. */
  settle(delivery: LeasedDelivery, outcome: DeliveryOutcome, isLast: () => boolean): Promise<void>
}

/**
 * Gathers what ends within a few milliseconds, so that a thousand quick deliveries cost some commits and not a thousand; when nothing
 * else is under way there is nothing to wait for.
 */
export function createSettling(ctx: Context): Settling {
  const attempts = ctx.metrics.counter('delivery_attempts', 'Attempts to deliver, by what came of them.', ['outcome'])
  let waiting: { one: Settled; resolve(): void; reject(error: unknown): void }[] = []
  let timer: NodeJS.Timeout | undefined

  async function write() {
    clearTimeout(timer)
    timer = undefined
    const batch = waiting
    waiting = []
    try {
      const settled = batch.map(({ one }) => one)
      await ctx.transact((tx) => settleDeliveries(tx, settled, ctx.random))
      for (const { delivery, outcome } of settled) {
        attempts.inc({ outcome: outcome.kind })
        if (outcome.kind !== 'delivered')
          ctx.log.info({ host: delivery.host, inbox: delivery.inboxUrl, attempt: delivery.attempts, outcome }, 'a delivery did not arrive')
      }
      for (const { resolve } of batch) resolve()
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  return {
    settle: (delivery, outcome, isLast) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ one: { delivery, outcome }, resolve, reject })
        if (isLast() || waiting.length >= settledAtOnceMax) void write()
        else timer ??= setTimeout(() => void write(), gatherMs)
      })
  }
}
