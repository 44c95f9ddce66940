import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { homeRead } from '#server/timelines/home.ts'
import { findMarker, markRead } from '#server/timelines/markers.ts'
import { cursorOf } from '#server/timelines/pages.ts'
import { asked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { newerRoute, shownAsked, type ShownTimeline, showTimeline, viewChoices } from '#server/web/pages/show-timeline.ts'
import { redirectBack } from '#server/web/return-to.ts'
import { toComposer } from '#server/web/views/to-composer.ts'
import { cameFromAnchor, lineAnchor, pathAt } from '#server/web/views/timeline-view.ts'

/** Home with its composer and the line to which the reader said they have read it. Looking moves nothing. */
export function homeRoutes(app: FastifyInstance, ctx: Context): void {
  const config = { access: 'signed-in' } as const

  app.get('/home', { config }, async (request, reply) => {
    const who = request.who!
    const shown = await shownAsked(request, 'home')
    const marker = await findMarker(ctx.db, who.account.id, 'home')
    const read = await homeRead(ctx, who.account.id, shown)
    const found = await showTimeline(request, read, { emptyKey: 'home.empty', place: 'home', readId: marker?.lastReadId })
    const { timeline, topId, isTop } = found
    const view = {
      composer: await toComposer(request, { kind: 'new' }),
      choices: viewChoices(request, 'home', shown, true),
      jumpPath: jumpPath(request, found, marker?.lastReadId),
      firstSteps: isTop && topId === undefined ? firstSteps(request) : [],
      timeline: { ...timeline, markRead: markReadButton(request, found, marker?.lastReadId) },
      newer: isTop ? { newest: String(topId ?? 1), path: pathAt(request, { newer: topId ?? 1 }, cameFromAnchor) } : undefined
    }
    return page(reply, 'home', view, { title: request.t('nav.home') })
  })

  newerRoute(app, '/home', 'home', async (request) => homeRead(ctx, request.who!.account.id, await shownAsked(request, 'home')))

  app.post('/home/read', { config }, async (request, reply) => {
    const upToId = cursorOf(asked(request, 'upTo')) ?? 0
    if (upToId > 0) await markRead(ctx, request.who!, { timeline: 'home', upToId })
    setFlash(reply, 'good', 'flash.homeRead')
    return redirectBack(request, reply, { otherwise: '/home' })
  })
}

/** The line is on this page, or further down; undefined when everything was read, or nothing was ever marked. */
function jumpPath(request: FastifyRequest, { timeline, topId }: ShownTimeline, readId: number | undefined): string | undefined {
  if (readId === undefined || topId === undefined || topId <= readId) return undefined
  return timeline.line === undefined ? pathAt(request, { around: readId }, lineAnchor) : `#${lineAnchor}`
}

/** The button says how far: what comes in after the page was made stays unread. */
function markReadButton({ t }: FastifyRequest, { topId, isTop }: ShownTimeline, readId: number | undefined) {
  if (topId === undefined || (readId !== undefined && topId <= readId)) return undefined
  return { path: `/home/read?upTo=${topId}`, label: t(isTop ? 'home.markAll' : 'home.markPage'), name: undefined, tone: 'plain' as const }
}

/** Where somebody finds what to read whose home is empty. */
function firstSteps({ t }: FastifyRequest) {
  return [
    { path: '/welcome', label: t('home.findPeople') },
    { path: '/settings/import', label: t('home.bring') },
    { path: '/local', label: t('home.seeLocal') }
  ]
}
