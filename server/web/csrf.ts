import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '#server/errors.ts'
import { visitorTokenFor } from '#server/web/session.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A form of ours came from our own page, and its token is only out of date: it may be sent again, nothing typed is lost. */
export class StaleForm extends Refusal {
  constructor() {
    super('forbidden', 'error.formStale')
  }
}

/**
 * Every request that changes something comes from a page of ours: a hook before any work looks at who the browser says sent it, and
 * one after parsing at the token. Both hold for all web routes with unsafe methods, so that none can forget them. Routes for peers
 * are exempt: they know no cookies.
 */
export function refuseForgedRequests(app: FastifyInstance): void {
  const key = app.ctx.seal.deriveKey('csrf')
  app.decorate('csrfKey', key)
  app.addHook('onRequest', async (request) => {
    if (isChecked(request) && isFromElsewhere(request)) throw new Refusal('forbidden', 'error.crossSite')
  })
  app.addHook('preHandler', async (request) => {
    if (!isChecked(request)) return
    const expected = tokenOf(key, request)
    if (expected !== undefined && isSame(request.form.text('csrf'), expected)) return
    throw isSaidToBeOurs(request) ? new StaleForm() : new Refusal('forbidden', 'error.crossSite')
  })
}

/** The value of the hidden field `csrf` for this reader; gives visitors the cookie it hangs on. */
export function csrfTokenFor(request: FastifyRequest, reply: FastifyReply): string {
  if (request.sessionHash === undefined) visitorTokenFor(request, reply)
  return tokenOf(request.server.csrfKey, request) ?? ''
}

function tokenOf(key: Buffer, request: FastifyRequest): string | undefined {
  const holder = request.sessionHash !== undefined ? `session ${request.sessionHash}` : request.visitorToken && `visitor ${request.visitorToken}`
  return holder && createHmac('sha256', key).update(holder).digest('base64url')
}

function isChecked(request: FastifyRequest): boolean {
  return !safeMethods.has(request.method) && !request.is404 && request.routeOptions.config.access !== 'peer'
}

/** What the browser says of where the request comes from must not contradict us; old browsers and scripts say nothing. */
function isFromElsewhere({ headers, server }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  return headers.origin !== undefined && headers.origin !== server.ctx.config.origin
}

function isSaidToBeOurs({ headers, server }: FastifyRequest): boolean {
  return headers['sec-fetch-site'] === 'same-origin' || headers.origin === server.ctx.config.origin
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
