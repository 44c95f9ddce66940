import type { FastifyInstance, FastifyRequest } from 'fastify'
import { avatarKeysOf } from '#server/accounts/avatars.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Context } from '#server/context.ts'
import { findCommunityBan } from '#server/follows/community-bans.ts'
import { applyFilters } from '#server/filters/filter-posts.ts'
import { type Relation, relationsOf } from '#server/follows/relations.ts'
import { type InteractionRow, listWaitingFrom } from '#server/interactions/find-interaction.ts'
import { countUnread } from '#server/notifications/count-unread.ts'
import { listNotifications, type NotificationDetails } from '#server/notifications/list.ts'
import { markNotificationsRead } from '#server/notifications/mark-read.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { lastReactionOf } from '#server/posts/find-reactions.ts'
import { cursorOf } from '#server/timelines/pages.ts'
import { page } from '#server/web/page.ts'
import { approvalButtons } from '#server/web/pages/approvals.ts'
import { notificationTabs } from '#server/web/pages/notification-tabs.ts'
import { redirectBack } from '#server/web/return-to.ts'
import type { ButtonView } from '#server/web/views/form-view.ts'
import type { NotificationView } from '#server/web/views/notification-view.ts'
import { relationButton } from '#server/web/views/relation-view.ts'
import { emojiHtmlOf } from '#server/web/views/view-reactions.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { toAccountView } from '#server/web/views/view-accounts.ts'
import { postPath, viewPosts } from '#server/web/views/view-posts.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const excerptCharactersMax = 120
const tabs = [
  { ending: '', kind: undefined, isRequest: false },
  { ending: '/mentions', kind: 'mention', isRequest: false },
  { ending: '/requests', kind: undefined, isRequest: true }
] as const

/** What happened to the reader. Looking changes nothing: what was read is said by a button, so that nothing is lost by a glance. */
export function notificationRoutes(app: FastifyInstance, ctx: Context): void {
  const config = { access: 'signed-in' } as const

  for (const { ending, kind, isRequest } of tabs) {
    app.get(`/notifications${ending}`, { config }, async (request, reply) => {
      const who = request.who!
      const listed = await listNotifications(ctx, who.account.id, { ...pageAsked(request), kind, isRequest })
      const notifications = await filtered(request, listed.notifications)
      const view = {
        tabs: await notificationTabs(request, `/notifications${ending}`),
        lead: isRequest ? request.t('notification.requestsLead') : undefined,
        emptyText: request.t(isRequest ? 'notification.requestsEmpty' : 'notification.empty'),
        markReadPath: await markReadPath(request),
        notifications: await viewNotifications(request, notifications),
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
}

/** The button says how far: what comes in after the page was made stays unread. */
async function markReadPath({ who, server: { ctx } }: FastifyRequest): Promise<string | undefined> {
  if ((await countUnread(ctx, who!)) === 0) return undefined
  const { notifications } = await listNotifications(ctx, who!.account.id, { limit: 1 })
  const newest = notifications[0]
  return newest && `/notifications/read?upTo=${newest.row.id}`
}

/** Without those about posts that the reader's filters hide here; the others carry what the filters say. */
async function filtered({ server, who }: FastifyRequest, details: NotificationDetails[]): Promise<NotificationDetails[]> {
  const posts = details.flatMap(({ post }) => post ?? [])
  const kept = new Map((await applyFilters(server.ctx, who, posts, 'notifications')).map((post) => [post.post.id, post]))
  return details.flatMap((each) => {
    if (!each.post) return each
    const post = kept.get(each.post.post.id)
    return post ? { ...each, post } : []
  })
}

async function viewNotifications(request: FastifyRequest, details: readonly NotificationDetails[]): Promise<NotificationView[]> {
  const { t, who, server } = request
  const { ctx } = server
  const people = details.map(({ from }) => from)
  const keys = await avatarKeysOf(ctx.db, people)
  const relations = await relationsOf(
    ctx.db,
    who!.account.id,
    people.map(({ id }) => id),
    ctx.clock.now()
  )
  const whole = (kind: NotificationDetails['row']['kind']) => kind === 'mention' || kind === 'quote' || kind === 'post'
  const mentions = details.flatMap(({ row, post }) => (whole(row.kind) && post ? post : []))
  const posts = new Map((await viewPosts(request, mentions)).map((view) => [view.id, view]))
  const bans = await viewBans(request, details)
  const emoji = await viewEmoji(ctx, details)
  const askers = details.flatMap(({ row }) => (row.kind === 'approval-request' ? row.fromId : []))
  const asked = await listWaitingFrom(ctx.db, who!.account.id, askers)
  return details.map(({ row, from, post }) => ({
    id: String(row.id),
    kind: kindOf(row.kind),
    account: toAccountView(from, keys.get(from.id)),
    time: viewTime(request, row.createdAt),
    isUnread: row.id > who!.user.notificationsReadId,
    post: whole(row.kind) && post ? posts.get(String(post.post.id)) : undefined,
    excerpt:
      !whole(row.kind) && post
        ? { path: postPath(post.author, post.post.id), text: excerptOf(post.post, t('post.withoutText')) }
        : bans.get(row.id),
    emojiHtml: emoji.get(row.id) ?? '',
    buttons:
      row.kind === 'approval-request'
        ? askedButtons(request, { row, from }, asked)
        : buttonsOf(request, { row, from }, relations.get(from.id))
  }))
}

/** What was reacted with last, by id of the notification. */
async function viewEmoji(ctx: Context, details: readonly NotificationDetails[]): Promise<Map<number, string>> {
  const found = new Map<number, string>()
  for (const { row } of details) {
    if (row.kind !== 'reaction') continue
    const last = await lastReactionOf(ctx.db, row.fromId, row.postId)
    if (last) found.set(row.id, emojiHtmlOf(last.emoji, last.mediaKey))
  }
  return found
}

/** Kinds as templates and messages call them. */
function kindOf(kind: NotificationDetails['row']['kind']): NotificationView['kind'] {
  if (kind === 'follow-request') return 'request'
  if (kind === 'approval-request') return 'approval'
  return kind === 'community-ban' ? 'ban' : kind
}

/** Until when, and why, communities keep the reader out; by id of the notification. */
async function viewBans(
  request: FastifyRequest,
  details: readonly NotificationDetails[]
): Promise<Map<number, { path: string; text: string }>> {
  const { t, who, server } = request
  const views = new Map<number, { path: string; text: string }>()
  for (const { row, from } of details) {
    const isBan = row.kind === 'community-ban'
    const ban = isBan ? await findCommunityBan(server.ctx.db, from.id, who!.account.id, server.ctx.clock.now()) : undefined
    if (!ban) continue
    const end = ban.expiresAt === null ? 'none' : viewTime(request, ban.expiresAt).text
    views.set(row.id, { path: `/${handleOf(from)}`, text: t('notification.banned', { end, reason: ban.reason || 'none' }) })
  }
  return views
}

/** Approve and Refuse of what still waits. */
function askedButtons(
  request: FastifyRequest,
  { row, from }: Pick<NotificationDetails, 'row' | 'from'>,
  asked: readonly InteractionRow[]
): ButtonView[] {
  const waiting = asked.find((each) => each.fromId === row.fromId && (each.postId ?? each.targetId) === row.postId)
  return waiting ? approvalButtons(request, waiting.id, from) : []
}

/** A warning stands for the text it covers. */
function excerptOf({ warning, html }: { warning: string; html: string }, withoutText: string): string {
  return warning || htmlToText(html, excerptCharactersMax).replace(/\s+/g, ' ') || withoutText
}

function buttonsOf(
  { t }: FastifyRequest,
  { row, from }: Pick<NotificationDetails, 'row' | 'from'>,
  relation: Relation | undefined
): ButtonView[] {
  if (row.kind === 'follow-request' && relation?.followedBy === 'pending')
    return [relationButton('accept', from, t), relationButton('reject', from, t)]
  if (row.kind === 'follow' && relation && relation.following === undefined && from.movedToUri === null)
    return [relationButton('followBack', from, t)]
  return []
}
