import { LRUCache } from 'lru-cache'
import { Pool } from 'undici'
import type { Config } from '#server/config.ts'
import { createAnswerLimits, type AnswerLimits } from '#server/platform/answer-limits.ts'
import { createAddressRules } from '#server/platform/address-rules.ts'
import { createConnector, type SteerConnection } from '#server/platform/http-connector.ts'
import { perHostMax } from '#server/platform/http-lanes.ts'
import { createHostResolver } from '#server/platform/resolve-host.ts'

const connectMs = 5_000
const headerBytesMax = 16_384

/** How long an idle connection is kept, whatever the server proposes, and how many origins' connections are. */
const keepAliveMs = 4_000
const keptPoolsMax = 256

interface PoolsOptions {
  outbound: Config['outbound']
  steer: SteerConnection | undefined
  deadlineMs: number
}

/** The connections to one origin, and what they may bring. */
export interface OriginPool {
  pool: Pool
  limits: AnswerLimits
}

export interface HttpPools {
  /** Connections to one origin. Those made under an exemption are kept apart, or a call without one would ride on them. */
  poolFor(url: URL, isExempt: boolean): OriginPool
  readonly size: number
  destroy(): Promise<void>
}

/**
 * Keeps connections open for a few seconds so that a conversation with one host does not greet it anew each time, for the 256
 * origins used last: a hundred thousand invented subdomains leave no more sockets and no more memory behind than that.
 */
export function createHttpPools({ outbound, steer, deadlineMs }: PoolsOptions): HttpPools {
  const resolver = createHostResolver(outbound.dnsServers)
  const shared = {
    resolver,
    rules: createAddressRules(outbound.allowAddresses),
    allowHttp: outbound.allowHttp,
    connectMs: Math.min(connectMs, deadlineMs),
    steer
  }
  const connector = createConnector({ ...shared, isExempt: false })
  const exemptConnector = createConnector({ ...shared, isExempt: true })
  const pools = new LRUCache<string, OriginPool>({
    max: keptPoolsMax,
    // A pool that makes room still finishes what it has begun.
    dispose: ({ pool }) => pool.close(() => undefined)
  })

  return {
    poolFor(url, isExempt) {
      const key = isExempt ? `exempt ${url.origin}` : url.origin
      const kept = pools.get(key)
      if (kept !== undefined) return kept
      const limits = createAnswerLimits()
      const connect = isExempt ? exemptConnector : connector
      const pool = new Pool(url.origin, {
        connections: perHostMax,
        connect: (target, callback) =>
          connect(target, (error, socket) => {
            if (error) return callback(error, null)
            limits.watch(socket)
            callback(null, socket)
          }),
        keepAliveTimeout: keepAliveMs,
        keepAliveMaxTimeout: keepAliveMs,
        headersTimeout: deadlineMs,
        bodyTimeout: deadlineMs,
        maxHeaderSize: headerBytesMax
      })
      const made = { pool, limits }
      pools.set(key, made)
      return made
    },
    get size() {
      return pools.size
    },
    async destroy() {
      resolver.close()
      await Promise.all([...pools.values()].map(({ pool }) => pool.destroy()))
    }
  }
}
