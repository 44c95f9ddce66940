import type { FastifyInstance } from 'fastify'
import { hasRole } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { accountRoutes } from '#server/web/admin/pages/account.ts'
import { accountsRoutes } from '#server/web/admin/pages/accounts.ts'
import { auditRoutes } from '#server/web/admin/pages/audit.ts'
import { dashboardRoutes } from '#server/web/admin/pages/dashboard.ts'
import { domainRoutes } from '#server/web/admin/pages/domains.ts'
import { emojiRoutes } from '#server/web/admin/pages/emoji.ts'
import { firstContactRoutes } from '#server/web/admin/pages/first-contact.ts'
import { foreignEmojiRoutes } from '#server/web/admin/pages/foreign-emoji.ts'
import { inviteRoutes } from '#server/web/admin/pages/invites.ts'
import { peerRoutes } from '#server/web/admin/pages/peers.ts'
import { queueRoutes } from '#server/web/admin/pages/queue.ts'
import { relayRoutes } from '#server/web/admin/pages/relays.ts'
import { reportRoutes } from '#server/web/admin/pages/report.ts'
import { reportsRoutes } from '#server/web/admin/pages/reports.ts'
import { retentionRoutes } from '#server/web/admin/pages/retention.ts'
import { settingsRoutes } from '#server/web/admin/pages/settings.ts'
import { signUpRoutes } from '#server/web/admin/pages/sign-ups.ts'
import { trendRoutes } from '#server/web/admin/pages/trends.ts'
import { adminWelcomeRoutes } from '#server/web/admin/pages/welcome.ts'
import { whyRoutes } from '#server/web/admin/pages/why.ts'

const accessHere = new Set(['moderator', 'admin', 'owner'])

/** The panel, in one plugin behind one guard: a page in here that is not for moderators stops the start, and nobody else gets past the hook. */
export async function adminRoutes(app: FastifyInstance, ctx: Context): Promise<void> {
  app.addHook('onRoute', ({ url, config }) => {
    if (!accessHere.has(config?.access ?? '')) throw new Error(`The route ${url} of the panel is not kept for moderators.`)
    if (config?.cache !== 'none') throw new Error(`The route ${url} of the panel may lie in a cache.`)
  })
  app.addHook('onRequest', async (request) => {
    if (!hasRole(request.who, 'moderator')) throw new Refusal('forbidden', 'errors.staffOnly')
  })

  dashboardRoutes(app, ctx)
  reportsRoutes(app, ctx)
  reportRoutes(app, ctx)
  signUpRoutes(app, ctx)
  accountsRoutes(app, ctx)
  accountRoutes(app, ctx)
  domainRoutes(app, ctx)
  peerRoutes(app, ctx)
  whyRoutes(app, ctx)
  firstContactRoutes(app, ctx)
  relayRoutes(app, ctx)
  inviteRoutes(app, ctx)
  queueRoutes(app, ctx)
  retentionRoutes(app, ctx)
  trendRoutes(app, ctx)
  foreignEmojiRoutes(app, ctx)
  emojiRoutes(app, ctx)
  adminWelcomeRoutes(app, ctx)
  auditRoutes(app, ctx)
  settingsRoutes(app, ctx)
}
