import type { Context } from '#server/context.ts'
import { createRateLimiter, type Rate } from '#server/federation/gate/host-rates.ts'
import { networkOf } from '#server/sign-in/attempts.ts'

/** Documents that one address (IPv6: its /64) may ask for: a large server that opens a thread asks for hundreds at once. */
const perAddress: Rate = { burst: 2_400, perSecond: 40 }
/** A request from this machine may stand for everybody behind a proxy that nobody told us of. */
const loopback = /^(?:::ffff:)?127\.|^::1$/

export interface ReadRates {
  /** Takes one request of an address; 0 to go on, else how long to wait, in ms. */
  take(address: string): number
}

const ratesOf = new WeakMap<Context, ReadRates>()

/** What peers may read here in a while, whoever they say they are. */
export function readRates(ctx: Context): ReadRates {
  let rates = ratesOf.get(ctx)
  if (!rates) {
    const limiter = createRateLimiter()
    rates = { take: (address) => (loopback.test(address) ? 0 : limiter.take(networkOf(address), perAddress, ctx.clock.now())) }
    ratesOf.set(ctx, rates)
  }
  return rates
}
