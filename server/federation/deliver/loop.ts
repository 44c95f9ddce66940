import type { Context } from '#server/context.ts'
import { deliver } from '#server/federation/deliver/deliver.ts'
import { createPlaces } from '#server/federation/deliver/places.ts'
import { createSettling } from '#server/federation/deliver/settling.ts'
import type { Loop } from '#server/jobs/loop.ts'
import { createWatch, endOf } from '#server/jobs/watch.ts'
import { countDeliveries } from '#server/peers/count-deliveries.ts'
import { type LeasedDelivery, leaseDeliveries, releaseDeliveries, renewDeliveries } from '#server/peers/lease-deliveries.ts'
import { HttpError } from '#server/platform/http-client.ts'

/** Leases are renewed this often, several times within their length. */
const renewMs = 5_000
/** Deliveries that are leased and have not begun: so many are asked for at once, and more as soon as half of them have. */
const readyMax = 128
/** Deliveries begun in one turn of the event loop; pages get the turns between. */
const begunAtOnce = 8

/**
 * Sends what stands in the deliveries table, for as long as the process runs: leased some at a time, begun as places allow (places.ts), and several written
 * down in one commit (settling.ts). Leases are short and renewed, so that what a killed process had in hand is soon free for another.
 */
export function createDeliveryLoop(ctx: Context): Loop {
  measureQueue(ctx)
  const settling = createSettling(ctx)
  const ready: LeasedDelivery[] = []
  const inHand = new Set<LeasedDelivery>()
  const underWay = new Set<Promise<void>>()
  const { concurrencyMax } = ctx.config.delivery
  const places = createPlaces({
    concurrencyMax,
    onFree: begin,
    isNeeded: () => ready.length > 0,
    silence: () => new HttpError('timeout', 'No answer yet, and others wait for a place.')
  })
  const watch = createWatch(look, { name: 'deliveries', log: ctx.log })
  let isStopping = false
  let renewing: NodeJS.Timeout | undefined
  let isBeginning = false

  /** Begins what is ready, a few in a turn; asks for more when there is room for it. */
  function begin(): void {
    if (isStopping) return
    for (let count = 0; count < begunAtOnce && ready.length > 0 && places.free > 0; count++) {
      const delivery = ready.shift() as LeasedDelivery
      const work: Promise<void> = send(delivery)
        .catch((error: unknown) => ctx.log.error({ err: error, loop: 'deliveries' }, 'a delivery could not be written down'))
        .finally(() => {
          underWay.delete(work)
          inHand.delete(delivery)
          if (ready.length < readyMax / 2) watch.wake()
        })
      underWay.add(work)
    }
    if (ready.length === 0 || places.free === 0 || isBeginning) return
    isBeginning = true
    setImmediate(() => {
      isBeginning = false
      begin()
    })
  }

  async function send(delivery: LeasedDelivery): Promise<void> {
    const outcome = await places.run((signal) => deliver(ctx, delivery, signal))
    await settling.settle(delivery, outcome, () => places.taken === 0 && ready.length === 0)
  }

  async function look(): Promise<number> {
    const wanted = Math.min(readyMax, concurrencyMax) - ready.length
    if (wanted <= 0 || places.free === 0 || isStopping) return 0
    const leased = await leaseDeliveries(ctx, wanted)
    for (const delivery of leased) inHand.add(delivery)
    // Direct ones overtake what is ready and has not begun.
    const behind = ready.findIndex(({ lane }) => lane === 'fan-out')
    ready.splice(behind < 0 ? ready.length : behind, 0, ...leased.filter(({ lane }) => lane === 'direct'))
    ready.push(...leased.filter(({ lane }) => lane === 'fan-out'))
    begin()
    return leased.length
  }

  async function renew(): Promise<void> {
    if (inHand.size === 0) return
    await renewDeliveries(ctx, [...inHand]).catch((error: unknown) => ctx.log.error({ err: error }, 'leases could not be renewed'))
  }

  return {
    start() {
      isStopping = false
      renewing = setInterval(() => void renew(), renewMs)
      watch.start()
    },
    wake: watch.wake,
    async drain() {
      let ran = 0
      for (;;) {
        const found = await look()
        ran += found
        if (found === 0 && underWay.size === 0 && ready.length === 0) return ran
        if (underWay.size > 0) await Promise.race(underWay)
        else await new Promise((resolve) => setImmediate(resolve))
      }
    },
    async stop(withinMs) {
      isStopping = true
      clearInterval(renewing)
      await watch.stop()
      const unbegun = ready.splice(0)
      if (unbegun.length > 0) await releaseDeliveries(ctx, unbegun)
      for (const delivery of unbegun) inHand.delete(delivery)
      await endOf(underWay, withinMs)
      places.stop()
      isStopping = false
    }
  }
}

/** What waits and what was given up, read at each scrape. */
function measureQueue(ctx: Context): void {
  ctx.metrics.gauge('deliveries', 'Outgoing deliveries by lane and state.', ['lane', 'state'], async (gauge) => {
    gauge.reset()
    for (const { lane, state, count } of await countDeliveries(ctx.db, ctx.clock.now())) gauge.set({ lane, state }, count)
  })
}
