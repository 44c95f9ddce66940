import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { grantToApp } from '#server/apps/app-grant.ts'
import { exchangeCode } from '#server/apps/exchange-code.ts'
import { giveBackToken } from '#server/apps/give-back-token.ts'
import type { IssuedToken } from '#server/apps/issue-token.ts'
import { OauthRefusal } from '#server/apps/oauth-refusal.ts'
import { writeScopes } from '#server/apps/scopes.ts'
import { clientProofOf } from '#server/api/client-proof.ts'
import { bodyOf, textOf } from '#server/api/parse-bodies.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { countAttemptNow, networkOf } from '#server/sign-in/attempts.ts'

const minuteMs = 60_000
/** Asked of one network, for tokens and to give them back: a site may stand for many people. */
const requestsPerNetwork = { max: 600, windowMs: 10 * minuteMs }

const config = { access: 'app', cache: 'none' } as const
/** RFC 6749, section 5.1, as caches of old have to be told too. */
const unkept = { 'cache-control': 'no-store', pragma: 'no-cache' }

/** How apps get a token for what they were handed, and give it back. */
export function oauthRoutes(app: FastifyInstance, ctx: Context): void {
  app.post('/oauth/token', { config }, async (request, reply) => {
    await count(ctx, request)
    reply.headers(unkept)
    return toToken(await grant(ctx, request))
  })

  app.post('/oauth/revoke', { config }, async (request, reply) => {
    await count(ctx, request)
    await giveBackToken(ctx, { ...clientProofOf(request), token: textOf(bodyOf(request), 'token') })
    return reply.headers(unkept).send({})
  })
}

/** Errors of OAuth in its own words (RFC 6749, section 5.2); all others go on to where every error is answered. */
export async function answerOauthErrors(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const refusal = asOauth(error, request)
  if (!refusal) throw error
  if (refusal.error === 'invalid_client')
    reply.header('www-authenticate', `Basic realm="${request.server.ctx.config.host}", charset="UTF-8"`)
  const status = { invalid_client: 401, unauthorized_client: 403 }[refusal.error as string] ?? 400
  return reply
    .code(status)
    .headers(unkept)
    .send({ error: refusal.error, error_description: request.t(refusal.key, refusal.values) })
}

/** What cannot be read is named as OAuth names it, where that is spoken. */
function asOauth(error: unknown, request: FastifyRequest): OauthRefusal | undefined {
  if (error instanceof OauthRefusal) return error
  const isUnread = error instanceof Refusal && error.kind === 'malformed' && request.routeOptions.config.access === 'app'
  return isUnread && request.url.startsWith('/oauth/') ? new OauthRefusal('invalid_request', error.key, error.values) : undefined
}

function grant(ctx: Context, request: FastifyRequest): Promise<IssuedToken> {
  const body = bodyOf(request)
  const proof = clientProofOf(request)
  switch (textOf(body, 'grant_type')) {
    case 'authorization_code':
      return exchangeCode(ctx, {
        ...proof,
        code: textOf(body, 'code'),
        redirectUri: textOf(body, 'redirect_uri'),
        codeVerifier: textOf(body, 'code_verifier')
      })
    case 'client_credentials':
      return grantToApp(ctx, { ...proof, scope: textOf(body, 'scope') })
    case undefined:
      throw new OauthRefusal('invalid_request', 'oauth.grantMissing')
    default:
      throw new OauthRefusal('unsupported_grant_type', 'oauth.grantUnknown')
  }
}

function toToken({ token, scopes, createdAt }: IssuedToken) {
  return { access_token: token, token_type: 'Bearer', scope: writeScopes(scopes), created_at: Math.floor(createdAt / 1_000) }
}

function count(ctx: Context, { ip }: FastifyRequest): Promise<void> {
  return countAttemptNow(ctx, `oauth of ${networkOf(ip)}`, requestsPerNetwork)
}
