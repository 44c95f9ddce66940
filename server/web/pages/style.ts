import type { FastifyInstance } from 'fastify'
import { page } from '#server/web/page.ts'

/**
 * `/about/style`: the look of the whole, with sample data. For those who work on it: an instance that stands in the open has no such page.
 * Samples are read when somebody looks, never at the start.
 */
export function styleRoutes(app: FastifyInstance): void {
  if (app.ctx.config.isHttps) return
  app.get('/about/style', { config: { access: 'anyone' } }, async ({ t }, reply) => {
    const { styleView } = await import('#server/web/style/style-page.ts')
    return page(reply, 'style', styleView(app.renderer, t), { title: t('style.title'), isIndexable: false })
  })
}
