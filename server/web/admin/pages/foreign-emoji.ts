import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasRole } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { blockEmoji } from '#server/emoji/block-emoji.ts'
import { copyEmoji, getForeignEmoji } from '#server/emoji/copy-emoji.ts'
import { emojiBook } from '#server/emoji/emoji-book.ts'
import { listForeignEmojis } from '#server/emoji/list-emojis.ts'
import { admins, moderators } from '#server/web/admin/access.ts'
import { emojiPlaces, formOf, wordsOf } from '#server/web/admin/pages/emoji-form.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { emojiAnchor, viewForeignRow } from '#server/web/admin/views/emoji-view.ts'
import { asked, type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { redirectBack } from '#server/web/return-to.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'

/** Emoji of other servers: moderators block them, admins copy them. */
export function foreignEmojiRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/emoji/elsewhere', { config: moderators }, showList)
  app.get('/emoji/elsewhere/:id', { config: admins }, blank(showCopy))

  app.post(
    '/emoji/elsewhere/:id',
    { config: admins },
    submitted(showCopy, async (request, reply, form) => {
      const fromId = idAsked(request as FastifyRequest<IdRequest>)
      await copyEmoji(ctx, request.who!, { fromId, shortcode: form.text('shortcode'), ...wordsOf(form) })
      setFlash(reply, 'good', 'flash.emojiAdded')
      return reply.redirect('/admin/emoji', 303)
    })
  )

  for (const [name, isBlocked] of [['block', true] as const, ['unblock', false] as const]) {
    app.post<IdRequest>(`/emoji/elsewhere/:id/${name}`, { config: moderators }, async (request, reply) => {
      await blockEmoji(ctx, request.who!, { emojiId: idAsked(request), isBlocked })
      setFlash(reply, 'good', isBlocked ? 'flash.emojiBlocked' : 'flash.emojiUnblocked')
      return redirectBack(request, reply, { otherwise: '/admin/emoji/elsewhere', anchor: emojiAnchor(idAsked(request)) })
    })
  }
}

async function showList(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { t, server, who } = request
  const { ctx } = server
  const isBlocked = asked(request, 'show') === 'blocked'
  const query = asked(request, 'q')
  const { beforeId } = pageAsked(request)
  const { rows, olderCursor } = await listForeignEmojis(ctx.db, { query, isBlocked }, { beforeId })
  const book = await emojiBook(ctx)
  const view = {
    adminTabs: await adminTabs(request, 'emoji'),
    places: emojiPlaces(request, 'elsewhere'),
    searchPath: '/admin/emoji/elsewhere',
    query: { value: query, error: undefined },
    searchHint: t('admin.emojiForeignHint'),
    tabs: [
      { path: '/admin/emoji/elsewhere', label: t('admin.emojiAllForeign'), isCurrent: !isBlocked },
      { path: '/admin/emoji/elsewhere?show=blocked', label: t('admin.emojiBlockedTab'), isCurrent: isBlocked }
    ],
    rows: rows.map((row) => viewForeignRow(request, row, book, hasRole(who, 'admin'))),
    emptyText: t(query === '' && !isBlocked ? 'admin.emojiForeignEmpty' : 'admin.emojiNothingFound'),
    pager: toPager(request, olderCursor),
    form: undefined,
    isForeign: true
  }
  return page(reply, 'admin/emoji', view, { title: t('admin.emojiElsewhere') })
}

async function showCopy(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server } = request
  const { ctx } = server
  const from = await getForeignEmoji(ctx.db, idAsked(request as FastifyRequest<IdRequest>))
  const row = viewForeignRow(request, from, await emojiBook(ctx), false)
  const stored = { shortcode: from.shortcode, category: '', alt: '', isHidden: false }
  const path = `/admin/emoji/elsewhere/${from.id}`
  const view = {
    adminTabs: await adminTabs(request, 'emoji'),
    heading: t('admin.emojiCopyName', { code: row.code, host: from.host }),
    backPath: '/admin/emoji/elsewhere',
    backLabel: t('admin.emojiElsewhere'),
    row,
    form: formOf(typed, { path, stored, takesShortcode: true }),
    submit: t('admin.emojiCopy'),
    note: t('admin.emojiCopyNote'),
    removePath: undefined
  }
  return page(reply, 'admin/emoji-one', view, { title: view.heading, status: typed.status })
}
