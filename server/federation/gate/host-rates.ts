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
}

/** Token buckets in memory, bounded in number: a restart forgives everybody. */
export function createRateLimiter(): RateLimiter {
  const buckets = new LRUCache<string, Bucket>({ max: bucketsMax })
  return {
    take(key, { burst, perSecond }, now) {
      const bucket = buckets.get(key) ?? { tokens: burst, filledAt: now }
      const refilled = bucket.tokens + (Math.max(0, now - bucket.filledAt) / 1000) * perSecond
      bucket.tokens = Math.min(burst, refilled)
      bucket.filledAt = now
      buckets.set(key, bucket)
      if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1000)
      bucket.tokens -= 1
      return 0
    }
  }
}
