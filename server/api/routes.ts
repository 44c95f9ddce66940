import type { FastifyInstance } from 'fastify'
import { accountRoutes } from '#server/api/account-routes.ts'
import { appRoutes } from '#server/api/app-routes.ts'
import { discoveryRoutes } from '#server/api/discovery-routes.ts'
import { answerOauthErrors, oauthRoutes } from '#server/api/oauth-routes.ts'
import { parseBodies } from '#server/api/parse-bodies.ts'
import type { Context } from '#server/context.ts'

/** The door for apps: what they may ask, by token or before they have one. Where people let them in is a page (web/pages/authorize.ts). */
export async function apiRoutes(app: FastifyInstance, ctx: Context): Promise<void> {
  await parseBodies(app)
  app.setErrorHandler(answerOauthErrors)
  appRoutes(app, ctx)
  oauthRoutes(app, ctx)
  discoveryRoutes(app, ctx)
  accountRoutes(app, ctx)
}
