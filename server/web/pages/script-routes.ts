import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { completionRoutes } from '#server/web/pages/completions.ts'
import { emojiPageRoutes } from '#server/web/pages/emoji.ts'
import { eventRoutes } from '#server/web/pages/events.ts'
import { installedRoutes } from '#server/web/pages/installed.ts'
import { postCardRoutes } from '#server/web/pages/post-card.ts'
import { shortcutRoutes } from '#server/web/pages/shortcuts.ts'

/** What views/static/*.js asks for. Every page is whole without it. */
export function scriptRoutes(app: FastifyInstance, ctx: Context): void {
  eventRoutes(app, ctx)
  completionRoutes(app, ctx)
  emojiPageRoutes(app, ctx)
  postCardRoutes(app, ctx)
  shortcutRoutes(app)
  installedRoutes(app, ctx)
}
