import type { Context } from '#server/context.ts'
import { deliver } from '#server/federation/deliver/deliver.ts'
import { createLoop, type Loop } from '#server/jobs/loop.ts'
import { countDeliveries } from '#server/peers/count-deliveries.ts'
import { type LeasedDelivery, leaseDeliveries } from '#server/peers/lease-deliveries.ts'
import { type DeliveryOutcome, type Settled, settleDeliveries } from '#server/peers/settle-deliveries.ts'

/** Of the connections this process may have open, the part that deliveries may take: people's look-ups go on beside them. */
const shareOfConnections = 0.75
/** Deliveries written down in one commit, and how long the first of them waits for others. */
const settledAtOnceMax = 100
const gatherMs = 10

/** Sends what stands in the deliveries table, for as long as the process runs; several are written down in one commit. */
export function createDeliveryLoop(ctx: Context): Loop {
  const settling = createSettling(ctx)
  measureQueue(ctx)
  return createLoop<LeasedDelivery>({
    name: 'deliveries',
    concurrencyMax: Math.max(2, Math.floor(ctx.config.outbound.connectionsMax * shareOfConnections)),
    lease: (count) => leaseDeliveries(ctx, count),
    run: (delivery) => settling.run(delivery, () => deliver(ctx, delivery)),
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

interface Settling {
  /** Does a delivery and writes down what became of it; resolves once that is committed. */
  run(delivery: LeasedDelivery, work: () => Promise<DeliveryOutcome>): Promise<void>
}

/**
 * Gathers what ends within a few milliseconds, so that a thousand quick deliveries cost some commits and not a thousand; when nothing
 * else is under way there is nothing to wait for.
 */
function createSettling(ctx: Context): Settling {
  const attempts = ctx.metrics.counter('delivery_attempts', 'Attempts to deliver, by what came of them.', ['outcome'])
  let waiting: { one: Settled; resolve(): void; reject(error: unknown): void }[] = []
  let underWay = 0
  let timer: NodeJS.Timeout | undefined

  async function write() {
    clearTimeout(timer)
    timer = undefined
    const batch = waiting
    waiting = []
    try {
      const settled = batch.map(({ one }) => one)
      await ctx.transact((tx) => settleDeliveries(tx, settled, ctx.random))
      for (const one of settled) tell(ctx, one)
      for (const { one } of batch) attempts.inc({ outcome: one.outcome.kind })
      for (const { resolve } of batch) resolve()
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  return {
    async run(delivery, work) {
      underWay += 1
      const outcome = await work().finally(() => (underWay -= 1))
      await new Promise<void>((resolve, reject) => {
        waiting.push({ one: { delivery, outcome }, resolve, reject })
        if (underWay === 0 || waiting.length >= settledAtOnceMax) void write()
        else timer ??= setTimeout(() => void write(), gatherMs)
      })
    }
  }
}

function tell(ctx: Context, { delivery, outcome }: Settled): void {
  if (outcome.kind === 'delivered') return
  ctx.log.info({ host: delivery.host, inbox: delivery.inboxUrl, attempt: delivery.attempts, outcome }, 'a delivery did not arrive')
}
