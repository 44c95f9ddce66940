import type { Context } from '#server/context.ts'
import { createRateLimiter, type Rate } from '#server/federation/gate/host-rates.ts'
import { onePer } from '#server/platform/one-per.ts'
import { networkOf } from '#server/sign-in/attempts.ts'

/** Documents that one address (IPv6: its /64) may ask for: a large server that opens a thread asks for hundreds at once. */
const perAddress: Rate = { burst: 2_400, perSecond: 40 }
/** A request from this machine may stand for everybody behind a proxy that nobody told us of. */
const loopback = /^(?:::ffff:)?127\.|^::1$/

export interface ReadRates {
  /** Takes one request of an address; 0 to go on, else how long to wait, in ms. */
  take(address: string): number
}

/** What peers may read here in a while, whoever they say they are. */
export const readRates = onePer(({ clock }: Context): ReadRates => {
  const limiter = createRateLimiter()
  return { take: (address) => (loopback.test(address) ? 0 : limiter.take(networkOf(address), perAddress, clock.now())) }
})
