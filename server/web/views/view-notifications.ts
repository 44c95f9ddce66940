import type { FastifyRequest } from 'fastify'
import { avatarKeysOf } from '#server/accounts/avatars.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { type EmojiBook, emojiBook } from '#server/emoji/emoji-book.ts'
import { findCommunityBan } from '#server/follows/community-bans.ts'
import { type Relation, relationsOf } from '#server/follows/relations.ts'
import { type InteractionRow, listWaitingFrom } from '#server/interactions/find-interaction.ts'
import type { NotificationDetails } from '#server/notifications/list.ts'
import { findSeverance } from '#server/notifications/severances.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { lastReactionOf } from '#server/posts/find-reactions.ts'
import { approvalButtons } from '#server/web/views/approval-buttons.ts'
import type { ButtonView } from '#server/web/views/form-view.ts'
import type { NotificationView } from '#server/web/views/notification-view.ts'
import { relationButton } from '#server/web/views/relation-view.ts'
import { emojiHtmlOf } from '#server/web/views/view-reactions.ts'
import { toAccountView } from '#server/web/views/view-accounts.ts'
import { postPath, viewPosts } from '#server/web/views/view-posts.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const excerptCharactersMax = 120
/** Faces shown of many who did the same. */
const facesMax = 8
/** Emoji shown of many who reacted. */
const emojiMax = 3
/** Kinds that show the whole post: it is there to be read, or answered. */
const whole = new Set<NotificationDetails['row']['kind']>(['mention', 'quote', 'post'])

interface Looked {
  book: EmojiBook
  keys: Map<number, string>
  relations: Map<number, Relation>
  asked: readonly InteractionRow[]
}

/** Groups of notifications as a template shows them: the newest of each speaks, the others stand beside it. `isRequest`: they wait apart. */
export async function viewNotifications(
  request: FastifyRequest,
  groups: readonly NotificationDetails[][],
  { isRequest }: { isRequest: boolean }
): Promise<NotificationView[]> {
  const { who, server } = request
  const { ctx } = server
  const all = groups.flat()
  const people = all.map(({ from }) => from)
  const ids = people.map(({ id }) => id)
  const looked: Looked = {
    book: await emojiBook(ctx),
    keys: await avatarKeysOf(ctx.db, people),
    relations: await relationsOf(ctx.db, who!.account.id, ids, ctx.clock.now()),
    asked: await listWaitingFrom(
      ctx.db,
      who!.account.id,
      all.flatMap(({ row }) => (row.kind === 'approval-request' ? row.fromId : []))
    )
  }
  const mentions = all.flatMap(({ row, post }) => (whole.has(row.kind) && post ? post : []))
  const posts = new Map((await viewPosts(request, mentions)).map((view) => [view.id, view]))
  const views: NotificationView[] = []
  for (const group of groups) {
    const [first] = group as [NotificationDetails]
    const { row, from, post } = first
    views.push({
      id: String(row.id),
      ...peopleOf(request, group, looked),
      time: viewTime(request, row.createdAt),
      isUnread: row.id > who!.user.notificationsReadId,
      post: whole.has(row.kind) && post ? posts.get(String(post.post.id)) : undefined,
      excerpt: await excerptOf(request, first),
      emojiHtml: await emojiOf(ctx, group),
      buttons: isRequest ? requestButtons(request, from) : buttonsOf(request, group, looked)
    })
  }
  return views
}

/** Who did it: one is named, the others are counted and shown; several kinds of deeds are told by their numbers. */
function peopleOf({ t, who, server }: FastifyRequest, group: readonly NotificationDetails[], { keys, book }: Looked) {
  const people = [...new Map(group.map(({ from }) => [from.id, from])).values()]
  const faces = people.map((from) => toAccountView(from, keys.get(from.id), book))
  const kinds = new Set(group.map(({ row }) => row.kind))
  const [first] = group as [NotificationDetails]
  const isSevered = first.row.kind === 'severed'
  const count = (kind: NotificationDetails['row']['kind']) => group.filter(({ row }) => row.kind === kind).length
  return {
    kind: kinds.size > 1 ? ('several' as const) : kindOf(first.row.kind),
    account: isSevered ? { ...faces[0]!, nameHtml: server.ctx.config.host, path: '/about' } : faces[0]!,
    isOfPerson: !isSevered && first.from.id !== who!.account.id,
    faces: faces.length > 1 ? faces.slice(0, facesMax) : [],
    othersCount: faces.length - 1,
    tally:
      kinds.size > 1
        ? [
            ...(kinds.has('favourite') ? [t('post.favourites', { count: count('favourite') })] : []),
            ...(kinds.has('boost') ? [t('post.boosts', { count: count('boost') })] : []),
            ...(kinds.has('reaction') ? [t('notification.reactions', { count: count('reaction') })] : [])
          ]
        : []
  }
}

/** What was reacted with last, by the latest few who did; empty where nobody reacted. */
async function emojiOf(ctx: Context, group: readonly NotificationDetails[]): Promise<string> {
  const shown = new Set<string>()
  const book = await emojiBook(ctx)
  for (const { row } of group.filter((each) => each.row.kind === 'reaction').slice(0, emojiMax)) {
    const last = await lastReactionOf(ctx.db, row.fromId, row.postId)
    if (last) shown.add(emojiHtmlOf(last.emoji, last.mediaKey, book))
  }
  return [...shown].join(' ')
}

/** Kinds as templates and messages call them. */
function kindOf(kind: NotificationDetails['row']['kind']): NotificationView['kind'] {
  if (kind === 'follow-request') return 'request'
  if (kind === 'approval-request') return 'approval'
  return kind === 'community-ban' ? 'ban' : kind
}

/** The first words of the post it is about, or what else there is to say. */
async function excerptOf(request: FastifyRequest, { row, from, post }: NotificationDetails): Promise<NotificationView['excerpt']> {
  const { t, who, server } = request
  if (whole.has(row.kind)) return undefined
  if (post) return { path: postPath(post.author, post.post.id), text: firstWords(post.post, t('post.withoutText')) }
  if (row.kind === 'severed') {
    const severance = await findSeverance(server.ctx.db, who!.account.id, row.fromId)
    if (!severance) return undefined
    const { domain, followingCount, followersCount } = severance
    return {
      path: `/notifications/severed/${severance.id}`,
      text: t('notification.severed', { domain, following: followingCount, followers: followersCount })
    }
  }
  const ban =
    row.kind === 'community-ban' ? await findCommunityBan(server.ctx.db, from.id, who!.account.id, server.ctx.clock.now()) : undefined
  if (!ban) return undefined
  const end = ban.expiresAt === null ? 'none' : viewTime(request, ban.expiresAt).text
  return { path: `/${handleOf(from)}`, text: t('notification.banned', { end, reason: ban.reason || 'none' }) }
}

/** A warning stands for the text it covers. */
function firstWords({ warning, html }: { warning: string; html: string }, withoutText: string): string {
  return warning || htmlToText(html, excerptCharactersMax).replace(/\s+/g, ' ') || withoutText
}

function buttonsOf({ t }: FastifyRequest, group: readonly NotificationDetails[], { relations, asked }: Looked): ButtonView[] {
  const [{ row, from }] = group as [NotificationDetails]
  const relation = relations.get(from.id)
  if (row.kind === 'approval-request') {
    const waiting = asked.find((each) => each.fromId === row.fromId && (each.postId ?? each.targetId) === row.postId)
    return waiting ? approvalButtons(t, waiting.id, from) : []
  }
  if (row.kind === 'follow-request' && relation?.followedBy === 'pending')
    return [relationButton('accept', from, t), relationButton('reject', from, t)]
  if (row.kind === 'follow' && group.length === 1 && relation && relation.following === undefined && from.movedToUri === null)
    return [relationButton('followBack', from, t)]
  return []
}

/** What waits apart is let in with its sender, or put away. */
function requestButtons({ t }: FastifyRequest, from: Account): ButtonView[] {
  const handle = handleOf(from)
  const button = (act: 'admit' | 'dismiss', tone: ButtonView['tone']): ButtonView => ({
    path: `/notifications/senders/${from.id}/${act}`,
    label: t(`notification.${act}`),
    name: t(`notification.${act}Name`, { handle }),
    tone
  })
  return [button('admit', 'primary'), button('dismiss', 'plain')]
}
