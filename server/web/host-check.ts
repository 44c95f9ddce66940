import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '#server/errors.ts'
import { hostOf, namesHostTwice, normalizeHost } from '#server/platform/host-names.ts'

/** Asked by machines of the operator, under whatever address reaches them. */
const exempt = new Set(['/livez', '/readyz', '/metrics'])

/** No path at all: the router answers 400. */
const unroutable = '/%'

/**
 * An absolute-form request target (RFC 9112, 3.2.2) names the host itself, and that one counts: it takes the place of the Host header, and
 * only the path goes on. Two Host headers are none (400).
 */
export function pathOfTarget(request: IncomingMessage): string {
  const target = request.url ?? '/'
  if (namesHostTwice(request.rawHeaders)) return unroutable
  // No name or id holds NUL, and no database takes it.
  if (/^[^?]*%00/.test(target)) return unroutable
  if (target.startsWith('/')) return target
  const url = /^https?:\/\//i.test(target) ? URL.parse(target) : null
  if (url === null) return unroutable
  request.headers.host = url.host
  return url.pathname + url.search
}

/**
 * Answers 421 to requests for other hosts (DNS rebinding, stray proxies): what is said and signed here always concerns our origin.
 * The handle domain may ask for /.well-known/ only. Where the origin names a port, the host without it will do: some servers (PieFed) and
 * proxies leave it out.
 */
export function checkHosts(app: FastifyInstance): void {
  const { host, handleDomain, isHttps, origin } = app.ctx.config
  const { hostname } = new URL(origin)
  const hostAsked = (header: string | undefined) => {
    if (header === undefined || header === host) return header
    return normalizeHost(header) === undefined ? undefined : hostOf(`${isHttps ? 'https' : 'http'}://${header}/`)
  }
  app.addHook('onRequest', (request, _reply, done) => {
    const asked = hostAsked(request.headers.host)
    const isOurs =
      asked === host ||
      asked === hostname ||
      exempt.has(request.routeOptions.url ?? '') ||
      (asked === handleDomain && request.url.startsWith('/.well-known/'))
    done(isOurs ? undefined : new Refusal('misdirected', 'errors.misdirected', { origin }))
  })
}
