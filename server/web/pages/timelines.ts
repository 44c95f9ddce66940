import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { tagKey } from '#server/posts/find-mentions.ts'
import { home } from '#server/timelines/home.ts'
import { bookmarked, favourited } from '#server/timelines/kept.ts'
import { federated, local, tagged } from '#server/timelines/public.ts'
import { page } from '#server/web/page.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import { toComposer } from '#server/web/views/to-composer.ts'
import { pageAsked, viewTimeline } from '#server/web/views/timeline-view.ts'

const tagCharactersMax = 100

/** Home with its composer, and the lists of posts that are not anybody's profile. */
export function timelineRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/home', { config: { access: 'signed-in' } }, async (request, reply) => {
    const asked = pageAsked(request)
    const timeline = await home(ctx, request.who!.account.id, asked)
    const view = {
      composer: await toComposer(request, { kind: 'new' }),
      timeline: await viewTimeline(request, timeline, 'home.empty', 'home'),
      newer: asked.beforeId === undefined ? { newest: String(timeline.rows[0]?.id ?? 1), path: '/home' } : undefined
    }
    return page(reply, 'home', view, { title: request.t('nav.home') })
  })

  const lists = {
    '/local': { query: local, name: 'local' },
    '/federated': { query: federated, name: 'federated' }
  } as const
  for (const [path, { query, name }] of Object.entries(lists)) {
    app.get(path, { config: { access: 'anyone' } }, async (request, reply) => {
      const timeline = await query(ctx, request.who?.account.id, pageAsked(request))
      const view = {
        heading: request.t(`timeline.${name}`),
        lead: request.t(`timeline.${name}Lead`),
        tabs: publicTabs(request, path),
        timeline: await viewTimeline(request, timeline, `timeline.${name}Empty`, 'public')
      }
      return page(reply, 'timeline', view, { title: view.heading })
    })
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
        tabs: [],
        timeline: await viewTimeline(request, timeline, `timeline.${name}Empty`)
      }
      return page(reply, 'timeline', view, { title: view.heading })
    })
  }

  app.get<{ Params: { tag: string } }>('/tags/:tag', { config: { access: 'anyone' } }, async (request, reply) => {
    const tag = tagKey(request.params.tag.slice(0, tagCharactersMax))
    const timeline = await tagged(ctx, request.who?.account.id, tag, pageAsked(request))
    const view = {
      heading: `#${tag}`,
      lead: request.t('timeline.tagLead'),
      tabs: [],
      timeline: await viewTimeline(request, timeline, 'timeline.tagEmpty', 'public')
    }
    return page(reply, 'timeline', view, { title: view.heading })
  })
}

function publicTabs(request: FastifyRequest, current: string): TabView[] {
  return [
    { path: '/local', label: request.t('timeline.local'), isCurrent: current === '/local' },
    { path: '/federated', label: request.t('timeline.federated'), isCurrent: current === '/federated' }
  ]
}
