import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import type { Session } from '#server/sign-in/find-session.ts'
import { type SignInAttempt, signInsOf } from '#server/sign-in/history.ts'
import { endSession, endSessions, sessionsOf } from '#server/sign-in/sessions.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { deviceOf } from '#server/sign-in/device.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const agentCharactersShown = 60

export function settingsSessionsRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/settings/sessions', { config }, async (request, reply) => {
    const sessions = await sessionsOf(ctx.db, request.who!.account.id, ctx.clock.now())
    const view = {
      tabs: settingsTabs(request, 'sessions'),
      // The one that asks comes first.
      sessions: sessions
        .map((session) => viewSession(request, session))
        .toSorted((one, other) => Number(other.isCurrent) - Number(one.isCurrent)),
      endOthersPath: sessions.length > 1 ? '/settings/sessions/others/end' : undefined,
      signIns: (await signInsOf(ctx.db, request.who!.account.id)).map((attempt) => viewSignIn(request, attempt))
    }
    return page(reply, 'settings-sessions', view, { title: request.t('settings.sessions') })
  })

  app.post('/settings/sessions/others/end', { config }, async (request, reply) => {
    const { account, sessionId } = request.who!
    await ctx.transact((tx) => endSessions(tx, account.id, sessionId))
    setFlash(reply, 'good', 'flash.sessionsEnded')
    return reply.redirect('/settings/sessions', 303)
  })

  app.post<IdRequest>('/settings/sessions/:id/end', { config }, async (request, reply) => {
    const id = idAsked(request)
    const isEnded = await ctx.transact((tx) => endSession(tx, request.who!.account.id, id))
    if (!isEnded) throw new Refusal('missing', 'errors.missing')
    setFlash(reply, 'good', 'flash.sessionEnded')
    return reply.redirect('/settings/sessions', 303)
  })
}

function viewSession(request: FastifyRequest, session: Session) {
  const { t, who } = request
  return {
    id: String(session.id),
    device: deviceText(t, session.userAgent),
    address: session.address,
    lastSeen: viewTime(request, session.lastSeenAt),
    started: viewTime(request, session.createdAt),
    isCurrent: session.id === who?.sessionId,
    endPath: `/settings/sessions/${session.id}/end`
  }
}

function viewSignIn(request: FastifyRequest, { userAgent, address, createdAt, way, isGood }: SignInAttempt) {
  const { t } = request
  return {
    device: deviceText(t, userAgent),
    address,
    time: viewTime(request, createdAt),
    wayText: isGood ? t(`settings.signedInBy-${way}`) : t(`settings.failedBy-${way}`),
    isGood
  }
}

function deviceText(t: FastifyRequest['t'], userAgent: string): string {
  const { browser, system } = deviceOf(userAgent)
  if (browser && system) return t('settings.device', { browser, system })
  return browser ?? system ?? (userAgent.slice(0, agentCharactersShown) || t('settings.deviceUnknown'))
}
