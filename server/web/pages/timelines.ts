import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { bookmarked, favourited } from '#server/timelines/kept.ts'
import { publicRead } from '#server/timelines/public.ts'
import { page } from '#server/web/page.ts'
import { newerRoute, shownAsked, showTimeline, viewChoices } from '#server/web/pages/show-timeline.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import { pageAsked, viewTimeline } from '#server/web/views/timeline-view.ts'

const scopes = ['local', 'federated'] as const

/** The lists of posts that are nobody's home or profile: what is written here and everywhere, and what the reader kept. */
export function timelineRoutes(app: FastifyInstance, ctx: Context): void {
  for (const scope of scopes) {
    app.get(`/${scope}`, { config: { access: 'anyone' } }, async (request, reply) => {
      const { t } = request
      const shown = await shownAsked(request, scope)
      const read = await publicRead(ctx, request.who?.account.id, scope, shown)
      const { timeline } = await showTimeline(request, read, { emptyKey: `timeline.${scope}Empty`, place: 'public' })
      const view = {
        heading: t(`timeline.${scope}`),
        lead: t(`timeline.${scope}Lead`),
        links: [],
        button: undefined,
        tabs: publicTabs(request, scope),
        choices: viewChoices(request, scope, shown, false),
        timeline
      }
      return page(reply, 'timeline', view, { title: view.heading })
    })
    newerRoute(app, `/${scope}`, 'public', async (request) =>
      publicRead(ctx, request.who!.account.id, scope, await shownAsked(request, scope))
    )
  }

  const kept = {
    '/bookmarks': { query: bookmarked, name: 'bookmarks' },
    '/favourites': { query: favourited, name: 'favourites' }
  } as const
  for (const [path, { query, name }] of Object.entries(kept)) {
    app.get(path, { config: { access: 'signed-in' } }, async (request, reply) => {
      const timeline = await query(ctx, request.who!.account.id, pageAsked(request))
      const view = {
        heading: request.t(`nav.${name}`),
        lead: request.t(`timeline.${name}Lead`),
        links: [],
        button: undefined,
        tabs: [],
        choices: undefined,
        timeline: await viewTimeline(request, timeline, `timeline.${name}Empty`)
      }
      return page(reply, 'timeline', view, { title: view.heading })
    })
  }
}

function publicTabs({ t }: FastifyRequest, current: string): TabView[] {
  return scopes.map((scope) => ({ path: `/${scope}`, label: t(`timeline.${scope}`), isCurrent: scope === current }))
}
