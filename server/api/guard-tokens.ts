import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Bearer, findBearer, noteUse } from '#server/apps/find-bearer.ts'
import { holds, isForStaff, type Scope, writeScopes } from '#server/apps/scopes.ts'
import { hasRole } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'

const bearerShape = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i

/**
 * One hook lets apps in by the token they bring (RFC 6750, in the Authorization header alone), on routes of access `token` and on no other: `request.bearer` says
 * which app acts and what it may do, `request.who` for whom.
 */
export function guardTokens(app: FastifyInstance): void {
  app.decorateRequest('bearer', undefined)
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404 || request.routeOptions.config.access !== 'token') return
    const bearer = await readBearer(request, reply)
    const { scopes = [], isForApps = false } = request.routeOptions.config
    if (scopes.length > 0 && !scopes.some((scope) => mayUse(bearer, scope))) {
      challenge(reply, 'insufficient_scope', `, scope="${writeScopes(scopes)}"`)
      throw new Refusal('forbidden', 'api.scopeMissing')
    }
    if (!bearer.who && !isForApps) throw new Refusal('invalid', 'api.personRequired')
    request.bearer = bearer
    request.who = bearer.who
    await note(request, bearer)
  })
}

/** An app may never do more than whom it acts for. */
function mayUse({ scopes, who }: Bearer, wanted: Scope): boolean {
  return holds(scopes, wanted) && (!isForStaff(wanted) || hasRole(who, 'moderator'))
}

async function readBearer(request: FastifyRequest, reply: FastifyReply): Promise<Bearer> {
  const { authorization } = request.headers
  const token = bearerShape.exec(authorization ?? '')?.[1]
  if (token === undefined) {
    // Whoever brought nothing is told nothing of errors (RFC 6750, section 3.1).
    challenge(reply, authorization === undefined ? undefined : 'invalid_token')
    throw new Refusal('unauthenticated', authorization === undefined ? 'api.tokenMissing' : 'api.tokenUnknown')
  }
  const { ctx } = request.server
  const found = await findBearer(ctx.db, token)
  if (typeof found === 'object') return found
  challenge(reply, 'invalid_token')
  const why = { revoked: 'api.tokenRevoked', suspended: 'api.tokenSuspended' } as const
  throw new Refusal('unauthenticated', found === undefined ? 'api.tokenUnknown' : why[found])
}

function challenge(reply: FastifyReply, error?: string, more = ''): void {
  reply.header(
    'www-authenticate',
    `Bearer realm="${reply.server.ctx.config.host}"${error === undefined ? '' : `, error="${error}"`}${more}`
  )
}

/** A request is answered even when the note of it cannot be written (a full disk, a locked database). */
async function note(request: FastifyRequest, bearer: Bearer): Promise<void> {
  try {
    await noteUse(request.server.ctx, bearer)
  } catch (error) {
    request.log.warn({ err: error }, 'could not note that a token is in use')
  }
}
