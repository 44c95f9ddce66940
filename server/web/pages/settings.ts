import type { FastifyInstance } from 'fastify'
import { page } from '#server/web/page.ts'
import { toSettingsView } from '#server/web/views/settings-sections.ts'

/** `/settings`: what can be set, and where. */
export function settingsRoutes(app: FastifyInstance): void {
  app.get('/settings', { config: { access: 'signed-in', cache: 'none' } }, async ({ t }, reply) =>
    page(reply, 'settings', toSettingsView(t), { title: t('nav.settings') })
  )
}
