import { setImmediate as turn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Context } from '#server/context.ts'
import { addToDigest } from '#server/federation/follower-sync/digest.ts'
import { findRemoteFollowers } from '#server/peers/follower-parts.ts'

/** Followers read in one go; others get their turn between. */
const followersPerStep = 2_000
/** Followers of one account on one server that are listed to it; with more, nothing is said of them: few servers would read so long a list. */
export const listedMax = 4_000
/**
 * How long digests are told again. An old one costs the other side a question, whose answer is never old. It is the length of a fan-out, in which each
 * server needs its own.
 */
const keptMs = 30_000
const accountsMax = 200

interface Part {
  count: number
  digest: Buffer
}

/** Digests of an account's followers by the host they live on. */
export interface FollowerParts {
  /** Hex; undefined when nobody there follows the account, or too many do. */
  digestAt(accountId: number, host: string): Promise<string | undefined>
}

/** All parts of an account's followers are made in one pass, since a post goes to all of their servers. */
export function createFollowerParts(ctx: Pick<Context, 'db' | 'clock'>): FollowerParts {
  const kept = new LRUCache<number, Promise<Map<string, Part>>>({ max: accountsMax, ttl: keptMs, perf: { now: () => ctx.clock.now() } })

  async function load(accountId: number): Promise<Map<string, Part>> {
    const parts = new Map<string, Part>()
    for (let after = 0; ; ) {
      const rows = await findRemoteFollowers(ctx.db, accountId, after, followersPerStep)
      for (const { uri, host } of rows) {
        if (host === null) continue
        let part = parts.get(host)
        if (!part) parts.set(host, (part = { count: 0, digest: Buffer.alloc(32) }))
        part.count += 1
        addToDigest(part.digest, uri)
      }
      const last = rows.at(-1)
      if (!last || rows.length < followersPerStep) return parts
      after = last.id
      await turn()
    }
  }

  return {
    async digestAt(accountId, host) {
      let loading = kept.get(accountId)
      if (!loading) {
        loading = load(accountId)
        kept.set(accountId, loading)
        loading.catch(() => kept.delete(accountId))
      }
      const part = (await loading).get(host)
      return part && part.count <= listedMax ? part.digest.toString('hex') : undefined
    }
  }
}
