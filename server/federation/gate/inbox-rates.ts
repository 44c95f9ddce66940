import { LRUCache } from 'lru-cache'
import type { Context } from '#server/context.ts'
import { createRateLimiter, type Rate } from '#server/federation/gate/host-rates.ts'
import { countKnownAt } from '#server/peers/count-known.ts'

/** What a host may send although we know nobody there, and what each person we know there adds. */
const base: Rate = { burst: 600, perSecond: 20 }
const perAccount: Rate = { burst: 3, perSecond: 0.05 }

/** Strangers whose actor must be fetched before anything is known: what one address may cause, and everybody together. */
const strangersPerAddress: Rate = { burst: 60, perSecond: 2 }
const strangersInAll: Rate = { burst: 600, perSecond: 20 }

/** How long the number of people we know at a host is believed, and for how many hosts. */
const countedMs = 10 * 60_000
const countedHostsMax = 5_000

/** How much each host and address may ask of the inbox. Every answer is how long to wait, in ms; 0 to go on. */
export interface InboxRates {
  /** A verified message of a host: the more people we know there, the more may come. */
  ofHost(host: string): Promise<number>
  /** An actor nobody here knows, who must be fetched. */
  ofStranger(address: string): number
}

export function createInboxRates(ctx: Context): InboxRates {
  const limiter = createRateLimiter()
  const known = new LRUCache<string, number>({ max: countedHostsMax, ttl: countedMs, perf: { now: () => ctx.clock.now() } })

  async function knownAt(host: string): Promise<number> {
    const counted = known.get(host)
    if (counted !== undefined) return counted
    const count = await countKnownAt(ctx.db, host)
    known.set(host, count)
    return count
  }

  return {
    async ofHost(host) {
      const count = await knownAt(host)
      const rate = { burst: base.burst + count * perAccount.burst, perSecond: base.perSecond + count * perAccount.perSecond }
      return limiter.take(`host ${host}`, rate, ctx.clock.now())
    },
    ofStranger(address) {
      const now = ctx.clock.now()
      return limiter.take(`stranger ${address}`, strangersPerAddress, now) || limiter.take('strangers', strangersInAll, now)
    }
  }
}
