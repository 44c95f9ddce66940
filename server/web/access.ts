import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Role } from '#db/schema/sign-in.ts'
import { hasRole } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'
import { prefersHtml } from '#server/web/accept.ts'
import { signInPathFor } from '#server/web/return-to.ts'

/** Who may call a route. `peer`: other servers; neither cookies nor CSRF tokens play a part there, signatures do. */
export type Access = 'anyone' | 'signed-in' | 'moderator' | 'admin' | 'owner' | 'peer'

/** One route as it was registered; whoever checks all routes (tests do) finds them in `app.routeTable`. */
export interface RouteEntry {
  method: string
  /** With its parameters, `/@:name/:id`. */
  url: string
  access: Access
  accept: 'activity' | 'html' | undefined
}

const roleFor: Record<Exclude<Access, 'anyone' | 'peer'>, Role> = {
  'signed-in': 'person',
  moderator: 'moderator',
  admin: 'admin',
  owner: 'owner'
}

/** The route table denies by default: a route that does not say who may call it stops the start. */
export function listRoutes(app: FastifyInstance): void {
  const table: RouteEntry[] = []
  app.decorate('routeTable', table)
  app.addHook('onRoute', ({ method, url, config, constraints }) => {
    if (config?.access === undefined) throw new Error(`The route ${String(method)} ${url} does not say who may call it (config.access).`)
    const accept = constraints?.accept as RouteEntry['accept']
    for (const each of [method].flat()) table.push({ method: each, url, access: config.access, accept })
  })
}

/** One hook enforces what the routes say of who may call them. */
export function guardRoutes(app: FastifyInstance): void {
  app.addHook('onRequest', enforceAccess)
}

async function enforceAccess(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (request.is404) return
  const { access } = request.routeOptions.config
  if (access === 'anyone' || access === 'peer') return
  if (request.who === undefined) {
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && prefersHtml(request.headers.accept)
    if (isPage) return reply.header('cache-control', 'no-store').redirect(signInPathFor(request.url), 303)
    throw new Refusal('unauthenticated', 'errors.signInFirst')
  }
  const role = roleFor[access]
  if (!hasRole(request.who, role)) throw new Refusal('forbidden', 'errors.staffOnly')
}
