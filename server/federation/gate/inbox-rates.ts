import { LRUCache } from 'lru-cache'
import type { Context } from '#server/context.ts'
import { createRateLimiter, type Rate } from '#server/federation/gate/host-rates.ts'
import { countFollowedAt } from '#server/peers/count-known.ts'
import { firstContact, hasMet } from '#server/peers/first-contact.ts'
import { siteOf } from '#server/platform/host-names.ts'
import { networkOf } from '#server/sign-in/attempts.ts'

/** What a host may send although nobody here follows anybody there, and what each person there who is followed adds. */
const base: Rate = { burst: 600, perSecond: 20 }
const perAccount: Rate = { burst: 10, perSecond: 0.2 }

/** Strangers whose actor must be fetched before anything is known: what one address may cause, and everybody together. */
const strangersPerAddress: Rate = { burst: 60, perSecond: 2 }
const strangersInAll: Rate = { burst: 600, perSecond: 20 }

/** How long the number of people followed at a host is believed, and for how many hosts. */
const countedMs = 10 * 60_000
const countedHostsMax = 5_000
/** A new server may take several tries until it is known. */
const admittedMs = 60 * 60_000

/** How much each host and address may ask of the inbox. Every answer is how long to wait, in ms; 0 to go on. */
export interface InboxRates {
  /** A verified message of a host: the more people there are followed from here, the more may come. */
  ofHost(host: string): Promise<number>
  /** A server nobody here has heard of: so many an hour for one registrable domain, whatever number of names it invents. Takes nothing: anybody can name any server. */
  ofNewHost(host: string): Promise<number>
  /** Somebody of a server nobody here has heard of has proven to be there: one less may come. */
  admitHost(host: string): Promise<void>
  /** An actor who must be fetched because of what came from an address (IPv6: its /64). */
  ofStranger(address: string): number
}

export function createInboxRates(ctx: Context): InboxRates {
  const limiter = createRateLimiter()
  // Apart from the others: somebody who invents domains pushes out no other bucket.
  const newHosts = createRateLimiter()
  const admitted = new LRUCache<string, true>({ max: countedHostsMax, ttl: admittedMs, perf: { now: () => ctx.clock.now() } })
  const known = new LRUCache<string, number>({ max: countedHostsMax, ttl: countedMs, perf: { now: () => ctx.clock.now() } })

  async function knownAt(host: string): Promise<number> {
    const counted = known.get(host)
    if (counted !== undefined) return counted
    const count = await countFollowedAt(ctx.db, host)
    known.set(host, count)
    return count
  }

  async function newHostsRate(): Promise<Rate> {
    const { newHostsPerHour } = await firstContact(ctx)
    return { burst: newHostsPerHour, perSecond: newHostsPerHour / 3_600 }
  }

  return {
    async ofHost(host) {
      const count = await knownAt(host)
      const rate = { burst: base.burst + count * perAccount.burst, perSecond: base.perSecond + count * perAccount.perSecond }
      return limiter.take(`host ${host}`, rate, ctx.clock.now())
    },
    async ofNewHost(host) {
      if (admitted.has(host) || (await hasMet(ctx.db, host))) return 0
      return newHosts.look(siteOf(host), await newHostsRate(), ctx.clock.now())
    },
    async admitHost(host) {
      if (admitted.has(host) || (await hasMet(ctx.db, host))) return
      newHosts.take(siteOf(host), await newHostsRate(), ctx.clock.now())
      admitted.set(host, true)
    },
    ofStranger(address) {
      const now = ctx.clock.now()
      return limiter.take(`stranger ${networkOf(address)}`, strangersPerAddress, now) || limiter.take('strangers', strangersInAll, now)
    }
  }
}
