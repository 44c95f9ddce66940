import type { FastifyRequest } from 'fastify'
import type { FilterPlace } from '#db/schema/filters.ts'
import { applyFilters } from '#server/filters/filter-posts.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { cursorOf, type Page } from '#server/timelines/pages.ts'
import type { TimelinePage } from '#server/timelines/rows.ts'
import type { PagerView, TimelineView } from '#server/web/views/post-view.ts'
import { viewPosts } from '#server/web/views/view-posts.ts'

/** The page of a list that an address asks for: `?before=<cursor>`. Refusal('invalid') when that is no cursor. */
export function pageAsked(request: FastifyRequest): Page {
  const { before } = request.query as Record<string, string | string[]>
  return { beforeId: cursorOf(Array.isArray(before) ? before[0] : before) }
}

/** Ways on from a page of a list: the other parameters of the address stay. */
export function toPager(request: FastifyRequest, olderCursor: number | undefined): PagerView {
  const url = new URL(request.url, 'http://here.invalid')
  const isFirst = !url.searchParams.has('before')
  url.searchParams.delete('before')
  const newestPath = url.pathname + url.search
  if (olderCursor !== undefined) url.searchParams.set('before', String(olderCursor))
  return { olderPath: olderCursor === undefined ? undefined : url.pathname + url.search, newestPath: isFirst ? undefined : newestPath }
}

/** A page of posts as templates show it, with what the reader's filters say in that place; without a place they are not asked. */
export async function viewTimeline(
  request: FastifyRequest,
  { rows, olderCursor }: TimelinePage,
  emptyKey: string,
  place?: FilterPlace
): Promise<TimelineView> {
  const { server, who, t } = request
  const loaded = await loadPosts(server.ctx.db, who?.account.id, rows)
  const details = place === undefined ? loaded : await applyFilters(server.ctx, who, loaded, place)
  const isAllHidden = details.length === 0 && loaded.length > 0
  return {
    posts: await viewPosts(request, details),
    pager: toPager(request, olderCursor),
    emptyText: t(isAllHidden ? 'filter.allHidden' : emptyKey)
  }
}
