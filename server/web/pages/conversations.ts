import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { markConversationRead, removeConversation } from '#server/conversations/change-conversation.ts'
import { type Conversation, listConversations } from '#server/conversations/list-conversations.ts'
import { type EmojiBook, emojiBook } from '#server/emoji/emoji-book.ts'
import { applyFilters } from '#server/filters/filter-posts.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { cursorOf } from '#server/timelines/pages.ts'
import { asked, type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { redirectBack } from '#server/web/return-to.ts'
import type { ConversationView } from '#server/web/views/timeline-views.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { displayNameOf, nameHtmlOf, viewAccounts } from '#server/web/views/view-accounts.ts'
import { filterText, postPath } from '#server/web/views/view-posts.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const excerptCharactersMax = 160
/** More people than so many are counted. */
const namesMax = 3

/** Direct posts by their threads. Looking marks nothing as read: a button does. */
export function conversationRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/conversations', { config }, async (request, reply) => {
    const { t } = request
    const { conversations, olderCursor } = await listConversations(ctx, request.who!.account.id, pageAsked(request))
    const avatars = await viewAccounts(
      ctx,
      conversations.map(({ others, last }) => others[0] ?? last.author)
    )
    const book = await emojiBook(ctx)
    const views: ConversationView[] = []
    for (const [place, conversation] of conversations.entries())
      views.push(viewConversation(request, await asFiltered(request, conversation), { avatar: avatars[place]!, book }))
    const view = {
      conversations: views,
      emptyText: t('conversation.empty'),
      pager: toPager(request, olderCursor)
    }
    return page(reply, 'conversations', view, { title: t('nav.conversations') })
  })

  app.post('/conversations/:id/read', { config }, async (request: FastifyRequest<IdRequest>, reply) => {
    const threadId = idAsked(request)
    await markConversationRead(ctx, request.who!, { threadId, upToId: cursorOf(asked(request, 'upTo')) ?? 0 })
    return redirectBack(request, reply, { otherwise: '/conversations', anchor: `conversation-${threadId}` })
  })

  app.post('/conversations/:id/remove', { config }, async (request: FastifyRequest<IdRequest>, reply) => {
    await removeConversation(ctx, request.who!, { threadId: idAsked(request) })
    setFlash(reply, 'good', 'flash.conversationRemoved')
    return redirectBack(request, reply, { otherwise: '/conversations' })
  })
}

/** With what the reader's filters say of its newest post. Its line stays, so that one finds what else was said: what a filter hides is folded here. */
async function asFiltered({ server, who }: FastifyRequest, conversation: Conversation): Promise<Conversation> {
  const { last } = conversation
  const [filtered = last] = await applyFilters(server.ctx, who!, [last], 'thread', last.post.id)
  return { ...conversation, last: filtered }
}

function viewConversation(
  request: FastifyRequest,
  { threadId, last, others, isUnread }: Conversation,
  { avatar, book }: { avatar: ConversationView['avatar']; book: EmojiBook }
): ConversationView {
  const { t } = request
  const { post, author, filtered } = last
  const people = others.length > 0 ? others : [author]
  const named = people.slice(0, namesMax)
  const rest = people.length - named.length
  const names = named.map(displayNameOf).join(', ')
  const said = post.warning || htmlToText(post.html, excerptCharactersMax).replace(/\s+/g, ' ') || t('post.withoutText')
  const isFolded = filtered !== undefined && filtered.action !== 'blur'
  const text = isFolded ? filterText(t, filtered.titles) : said
  return {
    anchor: `conversation-${threadId}`,
    path: `${postPath(author, post.id)}#post-${post.id}`,
    namesHtml: named.map((each) => `<bdi>${nameHtmlOf(each, book)}</bdi>`).join(', '),
    moreText: rest > 0 ? t('conversation.more', { count: rest }) : undefined,
    avatar,
    excerpt: author.id === request.who!.account.id ? t('conversation.byYou', { text }) : text,
    time: viewTime(request, post.createdAt),
    isUnread,
    markRead: isUnread
      ? {
          path: `/conversations/${threadId}/read?upTo=${post.id}`,
          label: t('conversation.markRead'),
          name: t('conversation.markReadName', { names }),
          tone: 'plain'
        }
      : undefined,
    remove: {
      path: `/conversations/${threadId}/remove`,
      label: t('conversation.remove'),
      name: t('conversation.removeName', { names }),
      tone: 'plain'
    }
  }
}
