import type { Context } from '#server/context.ts'
import { createRateLimiter, type Rate } from '#server/federation/gate/host-rates.ts'
import { onePer } from '#server/platform/one-per.ts'
import { networkOf } from '#server/sign-in/attempts.ts'

/** Documents that one address (IPv6: its /64) may ask for: a large server that opens a thread asks for hundreds at once. */
const perAddress: Rate = { burst: 2_400, perSecond: 40 }
/** Documents that one server may ask for under its signature, from however many addresses. */
export const perHost: Rate = { burst: 4_800, perSecond: 80 }
/** A request from this machine may stand for everybody behind a proxy that nobody told us of. */
const loopback = /^(?:::ffff:)?127\.|^::1$/

export interface ReadRates {
  /** Takes one request of an address; 0 to go on, else how long to wait, in ms. */
  take(address: string): number
  /** The same of a server whose signature holds: what somebody only says to be counts against nobody. */
  takeOfHost(host: string): number
}

/** What peers may read here in a while: by address, whoever they say they are, and by server, once they have proven it. */
export const readRates = onePer(({ clock }: Context): ReadRates => {
  const limiter = createRateLimiter()
  // Apart from each other: whoever reads from many addresses pushes out no server's bucket.
  const hosts = createRateLimiter()
  return {
    take: (address) => (loopback.test(address) ? 0 : limiter.take(networkOf(address), perAddress, clock.now())),
    takeOfHost: (host) => hosts.take(host, perHost, clock.now())
  }
})
