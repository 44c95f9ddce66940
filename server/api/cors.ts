import type { FastifyInstance } from 'fastify'

/** What pages of any origin may ask: they bring a token of their own, and cookies play no part there. Pages for people are not among these. */
const open = /^\/(?:api\/|oauth\/(?:token|revoke|userinfo)$|\.well-known\/|nodeinfo(?:\/|$))/

const preflightSeconds = 86_400
const answerHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'Link, Retry-After, WWW-Authenticate, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id'
}
const preflightHeaders = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key',
  'access-control-max-age': String(preflightSeconds)
}

/**
 * Lets apps that run in a browser, on whatever origin, ask and read answers (Fetch standard, section 3.3), refusals included: it comes before anything that
 * refuses. Credentials of the browser are never allowed with it.
 */
export function allowOtherOrigins(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!open.test(request.url.split('?', 1)[0]!)) return
    reply.headers(answerHeaders)
    const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
    if (isPreflight) return reply.headers(preflightHeaders).code(204).send()
  })
}
