import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '#server/errors.ts'
import { knowsCookies } from '#server/web/access.ts'
import { visitorTokenFor } from '#server/web/session.ts'

/** As much of a digest as nobody guesses; the token stands in every form of a page. */
const secretBytes = 16
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A form of ours came from our own page, and its token is only out of date: it may be sent again, nothing typed is lost. */
export class StaleForm extends Refusal {
  constructor() {
    super('forbidden', 'errors.formStale')
  }
}

/**
 * Every request that changes something comes from a page of ours: a hook before any work looks at who the browser says sent it, and
 * one after parsing at the token. Both hold for all web routes with unsafe methods, so that none can forget them. Routes for peers
 * and apps are exempt: they know no cookies.
 */
export function refuseForgedRequests(app: FastifyInstance): void {
  const key = createSecretKey(app.ctx.seal.deriveKey('csrf'))
  app.decorate('csrfKey', key)
  app.addHook('onRequest', async (request) => {
    if (isChecked(request) && isFromElsewhere(request)) throw new Refusal('forbidden', 'errors.crossSite')
  })
  app.addHook('preHandler', async (request) => {
    if (!isChecked(request)) return
    const expected = secretOf(key, request)
    if (expected !== undefined && isToken(request.form.text('csrf'), expected)) return
    throw isSaidToBeOurs(request) ? new StaleForm() : new Refusal('forbidden', 'errors.crossSite')
  })
}

/**
 * The value of the hidden field `csrf` for this reader; gives visitors the cookie it hangs on. The secret is masked by the address of the page:
 * whoever makes a browser open address after address and measures compressed answers (BREACH) meets another text each time, while
 * the same page stays the same for its ETag.
 */
export function csrfTokenFor(request: FastifyRequest, reply: FastifyReply): string {
  const key = request.server.csrfKey
  if (request.sessionHash === undefined) visitorTokenFor(request, reply)
  const secret = secretOf(key, request)
  if (secret === undefined) throw new Error('There is neither a session nor a visitor to make a CSRF token for.')
  const mask = digestOf(key, `mask ${request.url}`)
  return Buffer.concat([mask, xor(secret, mask)]).toString('base64url')
}

function secretOf(key: KeyObject, request: FastifyRequest): Buffer | undefined {
  const holder =
    request.sessionHash !== undefined ? `session ${request.sessionHash}` : request.visitorToken && `visitor ${request.visitorToken}`
  return holder === undefined ? undefined : digestOf(key, holder)
}

function digestOf(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest().subarray(0, secretBytes)
}

function isToken(token: string, secret: Buffer): boolean {
  const bytes = Buffer.from(token, 'base64url')
  const half = secret.length
  if (bytes.length !== 2 * half) return false
  return timingSafeEqual(xor(bytes.subarray(half), bytes.subarray(0, half)), secret)
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, at) => byte ^ b[at]!))
}

function isChecked(request: FastifyRequest): boolean {
  return !safeMethods.has(request.method) && !request.is404 && knowsCookies(request.routeOptions.config.access)
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
