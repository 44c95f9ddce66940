import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type AllowedApp, allowedApps, removeApp, removeApps } from '#server/apps/allowed-apps.ts'
import type { Context } from '#server/context.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import type { AllowedAppView } from '#server/web/views/app-views.ts'
import { scopeWords, websiteLink } from '#server/web/views/describe-app.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const home = '/settings/apps'

/** Which apps may act for somebody, what they may do, and the way to take it back. */
export function settingsAppsRoutes(app: FastifyInstance, ctx: Context): void {
  app.get(home, { config }, async (request, reply) => {
    const apps = await allowedApps(ctx.db, request.who!.account.id)
    const view = {
      tabs: settingsTabs(request, 'apps'),
      apps: apps.map((each) => viewApp(request, each)),
      removeAllPath: apps.length > 1 ? `${home}/all/remove` : undefined,
      host: ctx.config.host
    }
    return page(reply, 'settings-apps', view, { title: request.t('settings.apps') })
  })

  app.post(`${home}/all/remove`, { config }, async (request, reply) => {
    await removeApps(ctx, request.who!)
    setFlash(reply, 'good', 'flash.appsRemoved')
    return reply.redirect(home, 303)
  })

  app.post<IdRequest>(`${home}/:id/remove`, { config }, async (request, reply) => {
    await removeApp(ctx, request.who!, { appId: idAsked(request) })
    setFlash(reply, 'good', 'flash.appRemoved')
    return reply.redirect(home, 303)
  })
}

function viewApp(request: FastifyRequest, { app, scopes, allowedAt, lastUsedAt }: AllowedApp): AllowedAppView {
  return {
    id: String(app.id),
    name: app.name,
    website: websiteLink(app),
    allows: scopeWords(scopes, request.t),
    allowed: viewTime(request, allowedAt),
    lastUsed: lastUsedAt === null ? undefined : viewTime(request, lastUsedAt),
    removePath: `${home}/${app.id}/remove`
  }
}
