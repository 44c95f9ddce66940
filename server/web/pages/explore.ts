import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { directoryOrders, directoryPlaces, listDirectory } from '#server/search/directory.ts'
import { dismissSuggestion } from '#server/search/dismiss-suggestion.ts'
import { shownTrends } from '#server/trends/list-trends.ts'
import { trendsMode } from '#server/trends/mode.ts'
import { askedOf, type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { redirectBack } from '#server/web/return-to.ts'
import { viewCards } from '#server/web/views/account-cards.ts'
import { exploreTabs, viewSuggestions, viewTrend } from '#server/web/views/explore-views.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import type { DirectoryView, ExploreView } from '#server/web/views/search-view.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { applyFilters } from '#server/filters/filter-posts.ts'
import { viewPosts } from '#server/web/views/view-posts.ts'

/** `/explore`: what many talk about, and people to follow. `/directory`: people who want to be found. */
export function exploreRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/explore', { config: { access: 'anyone' } }, async (request, reply) => {
    const { t, who } = request
    const trends = await shownTrends(ctx, who?.account.id)
    const details = await applyFilters(ctx, who, await loadPosts(ctx.db, who?.account.id, trends.posts), 'public')
    const view: ExploreView = {
      tabs: exploreTabs(request, '/explore'),
      tags: trends.tags.map((row) => viewTrend(request, row)),
      links: trends.links.map((row) => viewTrend(request, row)),
      posts: await viewPosts(request, details),
      suggestions: await viewSuggestions(request),
      emptyText: undefined
    }
    const isEmpty = view.tags.length + view.links.length + view.posts.length === 0
    if (isEmpty) view.emptyText = t((await trendsMode(ctx)) === 'off' ? 'explore.off' : 'explore.empty')
    return page(reply, 'explore', view, { title: t('explore.title') })
  })

  app.post<IdRequest>('/explore/:id/dismissal', { config: { access: 'signed-in' } }, async (request, reply) => {
    await dismissSuggestion(ctx, request.who!, { accountId: idAsked(request) })
    setFlash(reply, 'good', 'flash.suggestionDismissed')
    return redirectBack(request, reply, { otherwise: '/explore' })
  })

  app.get('/directory', { config: { access: 'anyone' } }, async (request, reply) => {
    const { t, who } = request
    const place = who ? askedOf(request, 'of', directoryPlaces) : 'here'
    const order = askedOf(request, 'order', directoryOrders)
    const { beforeId: before } = pageAsked(request)
    const viewerId = who?.account.id
    const list = await listDirectory(ctx.db, { place, order, viewerId, before, now: ctx.clock.now() })
    const link = (of: string, by: string): string => `/directory?of=${of}&order=${by}`
    const choice = (label: string, path: string, isCurrent: boolean): TabView => ({ path, label: t(label), isCurrent })
    const view: DirectoryView = {
      tabs: exploreTabs(request, '/directory'),
      lead: t(`directory.lead-${place}`),
      places: who ? directoryPlaces.map((each) => choice(`directory.place-${each}`, link(each, order), each === place)) : [],
      orders: directoryOrders.map((each) => choice(`directory.order-${each}`, link(place, each), each === order)),
      cards: await viewCards(request, list.accounts),
      emptyText: t('directory.empty'),
      pager: toPager(request, list.olderCursor)
    }
    return page(reply, 'directory', view, { title: t('directory.title') })
  })
}
