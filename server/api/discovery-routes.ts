import type { FastifyInstance } from 'fastify'
import { scopes } from '#server/apps/scopes.ts'
import type { Context } from '#server/context.ts'

const anHour = 'public, max-age=3600'

/** What this server does of OAuth, for apps that ask before they begin (RFC 8414). */
export function discoveryRoutes(app: FastifyInstance, ctx: Context): void {
  const { origin } = ctx.config
  const clientAuthentication = ['client_secret_basic', 'client_secret_post']
  const metadata = {
    issuer: origin,
    authorization_endpoint: `${origin}/oauth/authorize`,
    token_endpoint: `${origin}/oauth/token`,
    revocation_endpoint: `${origin}/oauth/revoke`,
    userinfo_endpoint: `${origin}/oauth/userinfo`,
    app_registration_endpoint: `${origin}/api/v1/apps`,
    scopes_supported: scopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'client_credentials'],
    token_endpoint_auth_methods_supported: clientAuthentication,
    revocation_endpoint_auth_methods_supported: clientAuthentication,
    code_challenge_methods_supported: ['S256'],
    // RFC 9207: every answer of an authorization says whose it is.
    authorization_response_iss_parameter_supported: true
  }
  app.get('/.well-known/oauth-authorization-server', { config: { access: 'app' } }, async (_request, reply) =>
    reply.header('cache-control', anHour).send(metadata)
  )
}
