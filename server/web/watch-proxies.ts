import type { FastifyInstance } from 'fastify'
import { noteUnnamedProxy } from '#server/doctor/unnamed-proxy.ts'
import { createProxyTrust, isOfOwnNetwork } from '#server/platform/client-address.ts'

/** Requests that are looked at together, and how many of them one neighbour passes on before it is taken for a proxy. */
const windowRequests = 200
const passedOnMin = 160
/** One who forges the header for themselves names one address; a proxy names many. */
const clientsMin = 2
/** More neighbours than this are not told apart: no proxy stands out among them. */
const neighboursMax = 20
const againMs = 3_600_000

/**
 * Notices a proxy that TRUST_PROXY does not name: most requests come from one address and say, in X-Forwarded-For, that they were passed on for several
 * others. Anybody can write that header: only a neighbour of this machine or its network is believed to be a proxy. Limits by address then hold for everybody together. It costs a look at one header; the log and the doctor say so, once an hour while it lasts.
 */
export function watchProxies(app: FastifyInstance): void {
  const { ctx } = app
  const isNamed = createProxyTrust(ctx.config.server.trustProxy)
  const neighbours = new Map<string, { count: number; clients: Set<string> }>()
  let seen = 0
  let saidAt = Number.NEGATIVE_INFINITY
  let noting = Promise.resolve()

  app.addHook('onRequest', ({ raw }, _reply, done) => {
    const forwarded = raw.headers['x-forwarded-for']
    const neighbour = raw.socket.remoteAddress
    if (typeof forwarded === 'string' && neighbour !== undefined && isOfOwnNetwork(neighbour) && !isNamed(neighbour))
      count(neighbour, forwarded)
    if (++seen >= windowRequests) conclude()
    done()
  })
  app.addHook('onClose', () => noting)

  function count(neighbour: string, forwarded: string): void {
    const known = neighbours.get(neighbour) ?? { count: 0, clients: new Set() }
    if (known.count === 0 && neighbours.size >= neighboursMax) return
    known.count++
    if (known.clients.size < clientsMin) known.clients.add(forwarded.slice(forwarded.lastIndexOf(',') + 1).trim())
    neighbours.set(neighbour, known)
  }

  function conclude(): void {
    const found = [...neighbours].find(([, { count, clients }]) => count >= passedOnMin && clients.size >= clientsMin)
    neighbours.clear()
    seen = 0
    const now = ctx.clock.now()
    if (!found || now - saidAt < againMs) return
    saidAt = now
    const [address] = found
    ctx.log.warn({ address }, 'Most requests come through a proxy that TRUST_PROXY does not name, so that all visitors share its address.')
    noting = ctx
      .transact((tx) => noteUnnamedProxy(tx, address))
      .catch((error: unknown) => ctx.log.error({ err: error }, 'The proxy that TRUST_PROXY does not name was not written down.'))
  }
}
