import type { Context } from '#server/context.ts'
import { deliver } from '#server/federation/deliver/deliver.ts'
import { createLoop, type Loop } from '#server/jobs/loop.ts'
import { countDeliveries } from '#server/peers/count-deliveries.ts'
import { type LeasedDelivery, leaseDeliveries } from '#server/peers/lease-deliveries.ts'
import { type Settled, settleDeliveries } from '#server/peers/settle-deliveries.ts'

/** Of the connections this process may have open, the part that deliveries may take: people's look-ups go on beside them. */
const shareOfConnections = 0.75
/** Deliveries written down in one commit. */
const settledAtOnceMax = 200

/** Sends what stands in the deliveries table, for as long as the process runs; several are written down in one commit. */
export function createDeliveryLoop(ctx: Context): Loop {
  const settle = createSettling(ctx)
  measureQueue(ctx)
  return createLoop<LeasedDelivery>({
    name: 'deliveries',
    concurrencyMax: Math.max(2, Math.floor(ctx.config.outbound.connectionsMax * shareOfConnections)),
    lease: (count) => leaseDeliveries(ctx, count),
    run: async (delivery) => settle({ delivery, outcome: await deliver(ctx, delivery) }),
    log: ctx.log
  })
}

/** What waits and what was given up, read at each scrape. */
function measureQueue(ctx: Context): void {
  ctx.metrics.gauge('deliveries', 'Outgoing deliveries by lane and state.', ['lane', 'state'], async (gauge) => {
    gauge.reset()
    for (const { lane, state, count } of await countDeliveries(ctx.db, ctx.clock.now())) gauge.set({ lane, state }, count)
  })
}

/**
 * Gathers what ends while the commit before is under way, so that a thousand quick deliveries cost a few commits and a single one
 * waits for nobody. Resolves once its outcome is written.
 */
function createSettling(ctx: Context): (one: Settled) => Promise<void> {
  const attempts = ctx.metrics.counter('delivery_attempts', 'Attempts to deliver, by what came of them.', ['outcome'])
  let waiting: { one: Settled; resolve(): void; reject(error: unknown): void }[] = []
  let isWriting = false

  async function write() {
    if (isWriting) return
    isWriting = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, settledAtOnceMax)
      waiting = waiting.slice(settledAtOnceMax)
      try {
        const settled = batch.map(({ one }) => one)
        await ctx.transact((tx) => settleDeliveries(tx, settled, ctx.random))
        for (const { delivery, outcome } of settled) {
          attempts.inc({ outcome: outcome.kind })
          if (outcome.kind !== 'delivered')
            ctx.log.info(
              { host: delivery.host, inbox: delivery.inboxUrl, attempt: delivery.attempts, outcome },
              'a delivery did not arrive'
            )
        }
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    isWriting = false
  }

  return (one) =>
    new Promise((resolve, reject) => {
      waiting.push({ one, resolve, reject })
      void write()
    })
}
