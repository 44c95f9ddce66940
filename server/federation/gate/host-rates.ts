import { LRUCache } from 'lru-cache'

/** Buckets kept; a host that invents names pushes out the least used ones and costs no more memory than this. */
const bucketsMax = 10_000

interface Bucket {
  tokens: number
  filledAt: number
}

export interface Rate {
  /** Tokens a full bucket holds: what may come at once. */
  burst: number
  /** Tokens that come back each second. */
  perSecond: number
}

export interface RateLimiter {
  /** Takes one token; 0 when there was one, else how long to wait for the next, in ms. */
  take(key: string, rate: Rate, now: number): number
  /** The same without taking any. */
  look(key: string, rate: Rate, now: number): number
}

/** Token buckets in memory, bounded in number: a restart forgives everybody. */
export function createRateLimiter(): RateLimiter {
  const buckets = new LRUCache<string, Bucket>({ max: bucketsMax })
  const tokensOf = (bucket: Bucket | undefined, { burst, perSecond }: Rate, now: number) =>
    bucket ? Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.filledAt) / 1000) * perSecond) : burst
  const waitFor = (tokens: number, { perSecond }: Rate) => (tokens < 1 ? Math.ceil(((1 - tokens) / perSecond) * 1000) : 0)

  return {
    take(key, rate, now) {
      const bucket = buckets.get(key)
      const tokens = tokensOf(bucket, rate, now)
      const waitMs = waitFor(tokens, rate)
      const left = waitMs > 0 ? tokens : tokens - 1
      if (bucket) Object.assign(bucket, { tokens: left, filledAt: now })
      else buckets.set(key, { tokens: left, filledAt: now })
      return waitMs
    },
    look: (key, rate, now) => waitFor(tokensOf(buckets.get(key), rate, now), rate)
  }
}
