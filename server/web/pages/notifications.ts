import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { applyFilters } from '#server/filters/filter-posts.ts'
import { listNotifications, newestNotificationId, type NotificationDetails, type NotificationsPage } from '#server/notifications/list.ts'
import { markNotificationsRead } from '#server/notifications/mark-read.ts'
import { admitSender, changePolicy, dismissSender, fates, policyOf, policyParts } from '#server/notifications/policy.ts'
import { findSeverance, listSevered, severedCsv } from '#server/notifications/severances.ts'
import { cursorOf } from '#server/timelines/pages.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { notificationTabs } from '#server/web/pages/notification-tabs.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { redirectBack } from '#server/web/return-to.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import { unreadOf } from '#server/web/unread.ts'
import { viewCards } from '#server/web/views/account-cards.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { viewNotifications } from '#server/web/views/view-notifications.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const tabs = [
  { ending: '', kind: undefined, isRequest: false },
  { ending: '/mentions', kind: 'mention', isRequest: false },
  { ending: '/requests', kind: undefined, isRequest: true }
] as const

/** What happened to the reader. Looking changes nothing: what was read is said by a button, so that nothing is lost by a glance. */
export function notificationRoutes(app: FastifyInstance, ctx: Context): void {
  for (const { ending, kind, isRequest } of tabs) {
    app.get(`/notifications${ending}`, { config }, async (request, reply) => {
      const asked = pageAsked(request)
      const listed = await listNotifications(ctx, request.who!, { ...asked, kind, isRequest })
      const isNewestOfAll = ending === '' && asked.beforeId === undefined
      const groups = await filtered(request, listed.groups)
      const view = {
        tabs: notificationTabs(request, `/notifications${ending}`),
        lead: isRequest ? request.t('notification.requestsLead') : undefined,
        policyPath: isRequest ? '/settings/notifications' : undefined,
        emptyText: request.t(isRequest ? 'notification.requestsEmpty' : 'notification.empty'),
        markReadPath: await markReadPath(request, isNewestOfAll ? listed : undefined),
        notifications: await viewNotifications(request, groups, { isRequest }),
        pager: toPager(request, listed.olderCursor)
      }
      return page(reply, 'notifications', view, { title: request.t('nav.notifications'), cache: 'none' })
    })
  }

  app.post('/notifications/read', { config }, async (request, reply) => {
    const { upTo } = request.query as Record<string, string | string[]>
    await markNotificationsRead(ctx, request.who!, { upToId: cursorOf(String(upTo ?? '')) ?? 0 })
    return redirectBack(request, reply, { otherwise: '/notifications' })
  })

  for (const [name, act] of Object.entries({ admit: admitSender, dismiss: dismissSender })) {
    app.post<IdRequest>(`/notifications/senders/:id/${name}`, { config }, async (request, reply) => {
      await act(ctx, request.who!, { accountId: idAsked(request) })
      setFlash(reply, 'good', name === 'admit' ? 'flash.senderAdmitted' : 'flash.senderDismissed')
      return redirectBack(request, reply, { otherwise: '/notifications/requests' })
    })
  }

  policyRoutes(app, ctx)
  severanceRoutes(app, ctx)
}

/** `/settings/notifications`: what becomes of notifications by people one does not follow. */
function policyRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/settings/notifications', { config }, blank(showPolicy))
  app.post(
    '/settings/notifications',
    { config },
    submitted(showPolicy, async (request, reply, form) => {
      const fate = v.picklist(fates, 'form.invalid')
      const policy = form.parse({ strangers: fate, newcomers: fate, directs: fate, limited: fate })
      await changePolicy(ctx, request.who!, policy)
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect('/settings/notifications', 303)
    })
  )
}

async function showPolicy(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t } = request
  const policy = policyOf(request.who as Person)
  const options = fates.map((value) => ({ value, label: t(`notification.fate-${value}`) }))
  const view = {
    tabs: settingsTabs(request, 'notifications'),
    path: '/settings/notifications',
    error: typed.error,
    parts: policyParts.map((name) => ({
      name,
      label: t(`notification.part-${name}`),
      hint: t(`notification.part-${name}Hint`),
      choice: typed.choice(name, options, policy[name])
    }))
  }
  return page(reply, 'settings-notifications', view, { title: t('settings.notifications'), status: typed.status })
}

/** Whom one cannot reach while a server is suspended here, as a page and as a file that other servers take in. */
function severanceRoutes(app: FastifyInstance, ctx: Context): void {
  app.get<IdRequest>('/notifications/severed/:id', { config }, async (request, reply) => {
    const { t } = request
    const severance = await getSeverance(request)
    const { accounts, olderCursor } = await listSevered(ctx.db, severance, pageAsked(request).beforeId)
    const view = {
      heading: t('severed.heading', { domain: severance.domain }),
      lead: t('severed.lead', { following: severance.followingCount, followers: severance.followersCount }),
      csvPath: `/notifications/severed/${severance.id}/follows.csv`,
      cards: await viewCards(request, accounts, { buttonsOf: () => [] }),
      emptyText: t('severed.empty'),
      pager: toPager(request, olderCursor)
    }
    return page(reply, 'severed', view, { title: view.heading, cache: 'none' })
  })

  app.get<IdRequest>('/notifications/severed/:id/follows.csv', { config }, async (request, reply) => {
    const severance = await getSeverance(request)
    return reply
      .header('content-disposition', 'attachment; filename="follows.csv"')
      .header('cache-control', 'no-store')
      .type('text/csv; charset=utf-8')
      .send(await severedCsv(ctx.db, severance))
  })
}

async function getSeverance(request: FastifyRequest<IdRequest>) {
  const severance = await findSeverance(request.server.ctx.db, request.who!.account.id, idAsked(request))
  if (!severance) throw new Refusal('missing', 'errors.missing')
  return severance
}

/** The button says how far: what comes in after the page was made stays unread. */
async function markReadPath(request: FastifyRequest, newestOfAll?: NotificationsPage): Promise<string | undefined> {
  if ((await unreadOf(request)) === 0) return undefined
  const newestId = newestOfAll ? newestOfAll.groups[0]?.[0]?.row.id : await newestNotificationId(request.server.ctx, request.who!)
  return newestId === undefined ? undefined : `/notifications/read?upTo=${newestId}`
}

/** Without those about posts that the reader's filters hide here; the others carry what the filters say. */
async function filtered({ server, who }: FastifyRequest, groups: readonly NotificationDetails[][]): Promise<NotificationDetails[][]> {
  const posts = groups.flat().flatMap(({ post }) => post ?? [])
  const kept = new Map((await applyFilters(server.ctx, who, posts, 'notifications')).map((post) => [post.post.id, post]))
  const left = groups.map((group) =>
    group.flatMap((each) => {
      if (!each.post) return each
      const post = kept.get(each.post.post.id)
      return post ? { ...each, post } : []
    })
  )
  return left.filter((group) => group.length > 0)
}
