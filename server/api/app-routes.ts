import type { FastifyInstance } from 'fastify'
import { registerApp } from '#server/apps/register-app.ts'
import { toAppEntity, toCredentialAppEntity } from '#server/api/entities/app.ts'
import { bodyOf, type Parameters, textOf, textsOf } from '#server/api/parse-bodies.ts'
import type { Context } from '#server/context.ts'

/** How apps introduce themselves, and see that they are known. */
export function appRoutes(app: FastifyInstance, ctx: Context): void {
  app.post('/api/v1/apps', { config: { access: 'app', cache: 'none' } }, async (request) => {
    const body = bodyOf(request)
    const input = {
      name: textOf(body, 'client_name') ?? '',
      website: textOf(body, 'website') ?? '',
      redirectUris: redirectUrisIn(body),
      scopes: textsOf(body, 'scopes').join(' ')
    }
    const { app: registered, clientSecret } = await registerApp(ctx, input, request.ip)
    return toCredentialAppEntity(registered, clientSecret)
  })

  app.get('/api/v1/apps/verify_credentials', { config: { access: 'token', scopes: [], isForApps: true, cache: 'none' } }, async (request) =>
    toAppEntity(request.bearer!.app)
  )
}

/** One text with a line for each, or a list. */
function redirectUrisIn(body: Parameters): string[] {
  const lines = textsOf(body, 'redirect_uris').flatMap((text) => text.split('\n'))
  return lines.map((line) => line.replace(/\r$/, '')).filter((line) => line !== '')
}
