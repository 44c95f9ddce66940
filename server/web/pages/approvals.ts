import type { FastifyInstance, FastifyRequest } from 'fastify'
import { avatarKeysOf } from '#server/accounts/avatars.ts'
import type { Context } from '#server/context.ts'
import { emojiBook } from '#server/emoji/emoji-book.ts'
import { approveInteraction, refuseInteraction, revokeQuote } from '#server/interactions/decide.ts'
import { type InteractionDetails, listWaiting } from '#server/interactions/find-interaction.ts'
import { findPost } from '#server/posts/find-post.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { boundsOf } from '#server/timelines/pages.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { notificationTabs } from '#server/web/pages/notification-tabs.ts'
import { redirectBack } from '#server/web/return-to.ts'
import type { ApprovalsView } from '#server/web/views/approvals-view.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { approvalButtons } from '#server/web/views/approval-buttons.ts'
import { toAccountView } from '#server/web/views/view-accounts.ts'
import { postPath, viewPosts } from '#server/web/views/view-posts.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const excerptCharactersMax = 120
const iconOf = { quote: 'quote', reply: 'reply', like: 'favourite', announce: 'boost' } as const

/** `/approvals`: who asks to interact with posts of the reader's, and the answers to them. */
export function approvalRoutes(app: FastifyInstance, ctx: Context): void {
  const config = { access: 'signed-in' } as const

  app.get('/approvals', { config }, async (request, reply) => {
    const who = request.who!
    const { before, rows } = boundsOf(pageAsked(request))
    const found = await listWaiting(ctx.db, who.account.id, before, rows + 1)
    const shown = found.slice(0, rows)
    const view = {
      tabs: notificationTabs(request, '/approvals'),
      requests: await viewRequests(request, shown),
      pager: toPager(request, found.length > rows ? shown.at(-1)?.row.id : undefined)
    }
    return page(reply, 'approvals', view, { title: request.t('approvals.heading'), cache: 'none' })
  })

  app.post<IdRequest>('/approvals/:id/approve', { config }, async (request, reply) => {
    await approveInteraction(ctx, request.who!, { interactionId: idAsked(request, 'errors.interactionMissing') })
    setFlash(reply, 'good', 'flash.approved')
    return redirectBack(request, reply, { otherwise: '/approvals' })
  })

  app.post<IdRequest>('/approvals/:id/refuse', { config }, async (request, reply) => {
    await refuseInteraction(ctx, request.who!, { interactionId: idAsked(request, 'errors.interactionMissing') })
    setFlash(reply, 'good', 'flash.refused')
    return redirectBack(request, reply, { otherwise: '/approvals' })
  })

  app.post<IdRequest>('/posts/:id/unquote', { config }, async (request, reply) => {
    const postId = idAsked(request, 'errors.postMissing')
    await revokeQuote(ctx, request.who!, { postId })
    setFlash(reply, 'good', 'flash.quoteRevoked')
    return redirectBack(request, reply, { anchor: `post-${postId}` })
  })
}

async function viewRequests(request: FastifyRequest, found: readonly InteractionDetails[]): Promise<ApprovalsView['requests']> {
  const { t, who, server } = request
  const { db } = server.ctx
  const keys = await avatarKeysOf(
    db,
    found.map(({ from }) => from)
  )
  const book = await emojiBook(server.ctx)
  const rows = []
  for (const { row } of found) {
    // Who asks may have meant it for a circle the reader is not of.
    const post = row.postId === null ? undefined : await findPost(db, who!.account.id, row.postId)
    if (post) rows.push(post)
  }
  const posts = new Map((await viewPosts(request, await loadPosts(db, who!.account.id, rows))).map((view) => [view.id, view]))
  return found.map(({ row, target, from }) => ({
    id: String(row.id),
    kind: row.kind,
    icon: iconOf[row.kind],
    account: toAccountView(from, keys.get(from.id), book),
    time: viewTime(request, row.createdAt),
    target: {
      path: postPath(who!.account, target.id),
      text: target.warning || htmlToText(target.html, excerptCharactersMax).replace(/\s+/g, ' ') || t('post.withoutText')
    },
    post: row.postId === null ? undefined : posts.get(String(row.postId)),
    buttons: approvalButtons(request.t, row.id, from)
  }))
}
