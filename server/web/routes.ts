import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { parseForms } from '#server/web/parse-forms.ts'
import { staticRoutes } from '#server/web/static-routes.ts'

/** The pages for browsers. A page's routes stand in the file of its name. */
export async function webRoutes(app: FastifyInstance, _ctx: Context): Promise<void> {
  await parseForms(app)
  staticRoutes(app)
}
