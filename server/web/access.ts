import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Role } from '#db/schema/sign-in.ts'
import { hasRole } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'
import { prefersHtml } from '#server/web/accept.ts'
import { formBytesMax } from '#server/web/parse-forms.ts'
import { signInPathFor } from '#server/web/return-to.ts'

/**
 * Who may call a route. `peer`: other servers; neither cookies nor CSRF tokens play a part there, signatures do. `token`: apps that bring a token with one of the
 * scopes the route names; `app`: apps before they have one. Neither knows cookies, and no other route takes a token.
 */
export type Access = 'anyone' | 'signed-in' | 'moderator' | 'admin' | 'owner' | 'peer' | 'token' | 'app'

const withoutCookies = new Set<Access>(['peer', 'token', 'app'])

/** Whether cookies play a part where this is the access: where they do, forms carry a token of ours, and nowhere else. */
export function knowsCookies(access: Access): boolean {
  return !withoutCookies.has(access)
}

/** One route as it was registered; whoever checks all routes (tests do) finds them in `app.routeTable`. */
export interface RouteEntry {
  method: string
  /** With its parameters, `/@:name/:id`. */
  url: string
  access: Access
  accept: 'activity' | 'html' | undefined
}

const roleFor: Record<Exclude<Access, 'anyone' | 'peer' | 'token' | 'app'>, Role> = {
  'signed-in': 'person',
  moderator: 'moderator',
  admin: 'admin',
  owner: 'owner'
}

/** The route table denies by default: a route that does not say who may call it, or which scopes open it, stops the start. */
export function listRoutes(app: FastifyInstance): void {
  const table: RouteEntry[] = []
  app.decorate('routeTable', table)
  app.addHook('onRoute', ({ method, url, config, constraints }) => {
    if (config?.access === undefined) throw new Error(`The route ${String(method)} ${url} does not say who may call it (config.access).`)
    if ((config.access === 'token') !== (config.scopes !== undefined))
      throw new Error(`The route ${String(method)} ${url} takes tokens and names no scopes (config.scopes), or the other way round.`)
    const accept = constraints?.accept as RouteEntry['accept']
    for (const each of [method].flat()) table.push({ method: each, url, access: config.access, accept })
  })
}

/** A form of somebody who was signed out while they wrote: it was read, so that it can be given back, and nothing was done with it. */
export class SignedOutForm extends Refusal {
  constructor() {
    super('unauthenticated', 'errors.text401')
  }
}

/** One hook enforces what the routes say of who may call them; a second one those whose form was let through to be read. */
export function guardRoutes(app: FastifyInstance): void {
  app.addHook('onRequest', enforceAccess)
  app.addHook('preHandler', async (request) => {
    if (!request.is404 && request.routeOptions.config.access === 'signed-in' && request.who === undefined) throw new SignedOutForm()
  })
}

async function enforceAccess(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (request.is404) return
  const { access } = request.routeOptions.config
  if (access === 'anyone' || access === 'peer' || access === 'token' || access === 'app') return
  if (request.who === undefined) {
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && prefersHtml(request.headers.accept)
    if (isPage) return reply.header('cache-control', 'no-store').redirect(signInPathFor(request.url), 303)
    if (access === 'signed-in' && mayBeGivenBack(request)) return
    throw new Refusal('unauthenticated', 'errors.text401')
  }
  const role = roleFor[access]
  if (!hasRole(request.who, role)) throw new Refusal('forbidden', 'errors.staffOnly')
}

/** Texts, as little as every stranger may send to sign in; and where pictures belong, as many as come with them, which are read and let go. */
function mayBeGivenBack(request: FastifyRequest): boolean {
  const { method, headers, server, routeOptions } = request
  const lengthBytes = Number(headers['content-length'] ?? Number.NaN)
  const isWithFiles = headers['content-type']?.startsWith('multipart/form-data') ?? false
  const picturesBytes = isWithFiles ? (routeOptions.config.filesMax ?? 0) * server.ctx.config.limits.imageBytesMax : 0
  return method === 'POST' && prefersHtml(headers.accept) && lengthBytes <= formBytesMax + picturesBytes
}
