import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { mediaRoutes } from '#server/web/pages/media.ts'
import { parseForms } from '#server/web/parse-forms.ts'
import { staticRoutes } from '#server/web/static-routes.ts'

/** The pages for browsers. A page's routes stand in the file of its name. */
export async function webRoutes(app: FastifyInstance, ctx: Context): Promise<void> {
  await parseForms(app)
  staticRoutes(app)
  await mediaRoutes(app, ctx)
}
