import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { FilterPlace } from '#db/schema/filters.ts'
import { findChoices, type Shown, type TimelineKey } from '#server/timelines/choices.ts'
import { shownRead } from '#server/filters/shown-read.ts'
import { cursorOf } from '#server/timelines/pages.ts'
import { countNewer, newerMax, readTimeline, type TimelineRead } from '#server/timelines/read-page.ts'
import { asked } from '#server/web/asked.ts'
import type { LinkView } from '#server/web/views/form-view.ts'
import type { TimelineChoicesView } from '#server/web/views/timeline-views.ts'
import type { TimelineView } from '#server/web/views/post-view.ts'
import { cameFromAnchor, pathAt, placeAsked, viewTimeline } from '#server/web/views/timeline-view.ts'

interface Options {
  emptyKey: string
  place: FilterPlace
  readId?: number | undefined
}

/** A page of a timeline that is read in both directions, with what scripts need to count what is newer than it. */
export interface ShownTimeline {
  timeline: TimelineView
  /** Newest post of the page; undefined when it shows none. */
  topId: number | undefined
  /** It is the newest page. */
  isTop: boolean
}

/** The page of a timeline that the address asks for. On pages further back it says how many posts came since the reader began to page. */
export async function showTimeline(request: FastifyRequest, read: TimelineRead, options: Options): Promise<ShownTimeline> {
  const page = placeAsked(request)
  const found = await readTimeline(request.server.ctx.db, read, page)
  const isTop = page.beforeId === undefined && found.newerCursor === undefined
  const topId = found.rows[0]?.id
  const since = cursorOf(asked(request, 'since'))
  const timeline = await viewTimeline(request, found, options.emptyKey, options)
  const { olderCursor } = found
  if (isTop && topId !== undefined && olderCursor !== undefined)
    timeline.pager.olderPath = pathAt(request, { before: olderCursor, since: topId })
  if (!isTop && since !== undefined)
    timeline.newer = viewNewer(
      request,
      await countShown(request, read, since, options.place),
      since,
      pathAt(request, { newer: since }, cameFromAnchor)
    )
  return { timeline, topId, isTop }
}

/** `<path>/newer?since=<id>`: how many posts of a timeline are newer, in words and as a number (41 means more than 40), and the page of those just above. */
export function newerRoute(
  app: FastifyInstance,
  path: string,
  place: FilterPlace,
  readOf: (request: FastifyRequest) => Promise<TimelineRead>
): void {
  app.get(`${path}/newer`, { config: { access: 'signed-in', cache: 'none' } }, async (request, reply) => {
    const since = cursorOf(asked(request, 'since')) ?? 0
    const count = await countShown(request, await readOf(request), since, place)
    const own = request.url.split('?', 1)[0]!.replace(/\/newer$/, '')
    const link = viewNewer(request, count, since, `${own}?newer=${since}#${cameFromAnchor}`)
    return reply.send({ count, text: link?.label ?? '', path: link?.path ?? own })
  })
}

/** Without what the reader's filters hide: who follows the link is shown so many. */
async function countShown(
  { who, server: { ctx } }: FastifyRequest,
  read: TimelineRead,
  since: number,
  place: FilterPlace
): Promise<number> {
  return countNewer(await shownRead(ctx, who, read, place), since)
}

function viewNewer({ t }: FastifyRequest, count: number, since: number, path: string): LinkView | undefined {
  if (count === 0 || since === 0) return undefined
  return { path, label: count > newerMax ? t('timeline.newerMany', { count: newerMax }) : t('timeline.newer', { count }) }
}

/** What is left out of a timeline: by the address (`hideBoosts`, `hideReplies`: `yes` or `no`), else as the reader chose. */
export async function shownAsked(request: FastifyRequest, timeline: TimelineKey): Promise<Shown> {
  const { who, server } = request
  const kept = await findChoices(server.ctx.db, who?.account.id, timeline)
  const wish = (name: string, chosen: boolean) => (asked(request, name) === 'yes' ? true : asked(request, name) === 'no' ? false : chosen)
  return { hidesBoosts: wish('hideBoosts', kept.hidesBoosts), hidesReplies: wish('hideReplies', kept.hidesReplies) }
}

/** The form for it: kept for those signed in; for others an address. */
export function viewChoices(request: FastifyRequest, timeline: TimelineKey, shown: Shown, hasBoosts: boolean): TimelineChoicesView {
  const { t, who } = request
  const hidden = [...(hasBoosts && shown.hidesBoosts ? ['boosts'] : []), ...(shown.hidesReplies ? ['replies'] : [])]
  return {
    method: who ? 'post' : 'get',
    path: who ? '/timelines/choices' : request.url.split('?', 1)[0]!,
    hidden: who ? [{ name: 'timeline', value: timeline }] : [],
    hidesBoosts: hasBoosts ? { isChecked: shown.hidesBoosts, error: undefined } : undefined,
    hidesReplies: { isChecked: shown.hidesReplies, error: undefined },
    state: hidden.length === 0 ? undefined : t('timeline.without', { what: hidden.length === 2 ? 'both' : hidden[0]! })
  }
}
