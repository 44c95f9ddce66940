import type { FastifyRequest } from 'fastify'
import type { FilterPlace } from '#db/schema/filters.ts'
import { applyFilters } from '#server/filters/filter-posts.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { cursorOf, type Page } from '#server/timelines/pages.ts'
import type { TimelinePage } from '#server/timelines/rows.ts'
import type { PagerView, TimelineView } from '#server/web/views/post-view.ts'
import { viewPosts } from '#server/web/views/view-posts.ts'
import { asked } from '#server/web/asked.ts'

/** Where a page that was asked for from below ends. */
export const cameFromAnchor = 'came-from'
/** The line between what was read and what was not. */
export const lineAnchor = 'left-off'
const places = ['before', 'newer', 'around', 'since'] as const

/** The page of a list that an address asks for: `?before=<cursor>`. Refusal('invalid') when that is no cursor. */
export function pageAsked(request: FastifyRequest): Page {
  return { beforeId: cursorOf(asked(request, 'before')) }
}

/** The page of a timeline: `?newer=<cursor>` is the one just above, `?around=<cursor>` what lies above and below, else as `pageAsked`. */
export function placeAsked(request: FastifyRequest): Page {
  const newerThanId = cursorOf(asked(request, 'newer'))
  const aroundId = cursorOf(asked(request, 'around'))
  return { ...pageAsked(request), newerThanId, aroundId }
}

/** An address of this list: its own parameters stay, the place in it is another; without one it is the newest page. */
export function pathAt(request: FastifyRequest, place: Partial<Record<(typeof places)[number], number>> = {}, anchor = ''): string {
  const url = new URL(request.url, 'http://here.invalid')
  for (const name of places) url.searchParams.delete(name)
  for (const name of places) if (place[name] !== undefined) url.searchParams.set(name, String(place[name]))
  return url.pathname + url.search + (anchor === '' ? '' : `#${anchor}`)
}

/** Ways on from a page of a list: the other parameters of the address stay. `since` is the newest row that the reader was shown first, where that is known. */
export function toPager(request: FastifyRequest, olderCursor: number | undefined, since?: number): PagerView {
  const isFirst = places.every((name) => asked(request, name) === '')
  return {
    olderPath: olderCursor === undefined ? undefined : pathAt(request, { before: olderCursor, ...(since === undefined ? {} : { since }) }),
    newestPath: isFirst ? undefined : pathAt(request)
  }
}

interface TimelineOptions {
  /** Where the reader's filters are asked; nowhere when absent. */
  place?: FilterPlace | undefined
  /** Posts of the timeline up to this id were read. */
  readId?: number | undefined
}

/** A page of posts as templates show it, with what the reader's filters say in that place; without a place they are not asked. */
export async function viewTimeline(
  request: FastifyRequest,
  { rows, olderCursor, newerCursor }: TimelinePage,
  emptyKey: string,
  { place, readId }: TimelineOptions = {}
): Promise<TimelineView> {
  const { server, who, t } = request
  const loaded = await loadPosts(server.ctx.db, who?.account.id, rows)
  const details = place === undefined ? loaded : await applyFilters(server.ctx, who, loaded, place)
  const isAllHidden = details.length === 0 && loaded.length > 0
  const views = await viewPosts(request, details, { asksPreviews: true })
  const lineAt = lineWithin(
    details.map(({ row }) => row.id),
    placeAsked(request).beforeId,
    readId
  )
  const isFromBelow = asked(request, 'newer') !== ''
  const since = cursorOf(asked(request, 'since'))
  return {
    posts: lineAt === undefined ? views : views.slice(0, lineAt),
    line: lineAt === undefined ? undefined : t('timeline.line'),
    below: lineAt === undefined ? [] : views.slice(lineAt),
    cameFrom: isFromBelow ? t('timeline.cameFrom') : undefined,
    newer: undefined,
    newerPath:
      newerCursor === undefined
        ? undefined
        : pathAt(request, { newer: newerCursor, ...(since === undefined ? {} : { since }) }, cameFromAnchor),
    markRead: undefined,
    pager: toPager(request, olderCursor, since),
    emptyText: t(isAllHidden ? 'filter.allHidden' : emptyKey)
  }
}

/** The place of the first post that was read, where others were not: among the rows, or at the top of a page that begins below unread ones. Pure. */
export function lineWithin(ids: readonly number[], beforeId: number | undefined, readId: number | undefined): number | undefined {
  if (readId === undefined) return undefined
  const place = ids.findIndex((id) => id <= readId)
  if (place > 0) return place
  return place === 0 && beforeId !== undefined && beforeId > readId + 1 ? 0 : undefined
}
