import rateLimit from '@fastify/rate-limit'
import type { FastifyContextConfig, FastifyInstance } from 'fastify'
import { Refusal } from '#server/errors.ts'
import { networkOf } from '#server/sign-in/attempts.ts'

const windowMs = 60_000
/** Requests of one address (IPv6: one /64) in a window: far above what a person does, far below what a scraper would like. */
const requestsMax = 1_200
const addressesMax = 20_000
const loopback = /^(?:::ffff:)?127\.|^::1$/

/**
 * Bounds what one address may ask of the pages. Peers have bounds of their own at the inbox; static files and media cost next to
 * nothing and come in dozens; a request from this machine may stand for everybody behind a proxy nobody told us of. The dear acts (sign-in, sign-up, mails) are counted in the database besides: see sign-in/attempts.ts.
 */
export async function limitRates(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    max: requestsMax,
    timeWindow: windowMs,
    cache: addressesMax,
    // A connection that was reset before it was accepted has no address.
    keyGenerator: (request) => networkOf(request.ip ?? 'nowhere'),
    allowList: (request) => loopback.test(request.ip) || (!request.is404 && isExempt(request.routeOptions.config)),
    errorResponseBuilder: (_request, { ttl }) => new Refusal('too-many', 'errors.tooMany', { retryAfterMs: ttl }),
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false, 'retry-after': true }
  })
  // Counted before sessions are looked up, and whatever the answer will be.
  app.addHook('onRequest', app.rateLimit() as never)
}

function isExempt({ access, rateLimit: limit }: FastifyContextConfig): boolean {
  return access === 'peer' || limit === false
}
