import type { FastifyInstance } from 'fastify'
import type { Person } from '#server/accounts/who.ts'
import { toAccountEntities, toCredentialAccount } from '#server/api/entities/account.ts'
import type { Context } from '#server/context.ts'

const ofOneself = { access: 'token', scopes: ['profile', 'read:accounts'], cache: 'none' } as const

/** Who an app acts for: the first that every app asks. */
export function accountRoutes(app: FastifyInstance, ctx: Context): void {
  const blankUrl = ctx.config.origin + app.renderer.assets.paths['missing.png']

  app.get('/api/v1/accounts/verify_credentials', { config: ofOneself }, async (request) =>
    toCredentialAccount(ctx, request.who as Person, blankUrl)
  )

  /** The same in the words of OpenID Connect Core (section 5.3), for programs that only let people in. */
  app.get('/oauth/userinfo', { config: ofOneself }, async (request) => {
    const { account } = request.who as Person
    const [entity] = await toAccountEntities(ctx, [account], blankUrl)
    return {
      iss: ctx.config.origin,
      sub: account.uri,
      name: entity!.display_name || account.name,
      preferred_username: account.name,
      profile: entity!.url,
      picture: entity!.avatar
    }
  })
}
