import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasRole } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { addEmoji } from '#server/emoji/add-emoji.ts'
import { changeEmoji, deleteEmoji, switchEmoji } from '#server/emoji/change-emoji.ts'
import { emojiBook } from '#server/emoji/emoji-book.ts'
import { emojiCategories, getOwnEmoji, listOwnEmojis } from '#server/emoji/list-emojis.ts'
import { admins, moderators } from '#server/web/admin/access.ts'
import { askToDrop } from '#server/web/admin/ask-to-drop.ts'
import { emojiPlaces, formOf, wordsOf } from '#server/web/admin/pages/emoji-form.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { emojiAnchor, viewOwnRow } from '#server/web/admin/views/emoji-view.ts'
import { asked, type IdRequest, idAsked, pageNumberAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { redirectBack } from '#server/web/return-to.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

/** Custom emoji of this instance: moderators look and switch off, admins add, change and delete. */
export function emojiRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/emoji', { config: moderators }, blank(showList))

  app.post(
    '/emoji',
    { config: { ...admins, filesMax: 1 } },
    submitted(showList, async (request, reply, form) => {
      const bytes = form.files('image').at(-1)?.bytes
      const shortcode = form.text('shortcode')
      await addEmoji(ctx, request.who!, { ...wordsOf(form), shortcode, bytes, copiedFrom: null })
      setFlash(reply, 'good', 'flash.emojiAdded')
      return reply.redirect('/admin/emoji', 303)
    })
  )

  app.get('/emoji/:id', { config: admins }, blank(showOne))

  app.post(
    '/emoji/:id',
    { config: admins },
    submitted(showOne, async (request, reply, form) => {
      await changeEmoji(ctx, request.who!, { emojiId: idAsked(request as FastifyRequest<IdRequest>), ...wordsOf(form) })
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect('/admin/emoji', 303)
    })
  )

  app.post<IdRequest>('/emoji/:id/removal', { config: admins }, async (request, reply) => {
    const { t } = request
    const { emoji } = await getOwnEmoji(ctx.db, idAsked(request))
    const path = `/admin/emoji/${emoji.id}`
    const asking = askToDrop(request, reply, {
      heading: t('admin.emojiDeleteHeading', { code: `:${emoji.shortcode}:` }),
      consequences: [t('admin.emojiDeleteText'), t('admin.dropForGood')],
      label: t('admin.emojiDelete'),
      path: `${path}/removal`,
      cancelPath: path
    })
    if (asking) return asking
    await deleteEmoji(ctx, request.who!, { emojiId: emoji.id })
    setFlash(reply, 'good', 'flash.emojiDeleted')
    return reply.redirect('/admin/emoji', 303)
  })

  for (const [name, isOff] of [['off', true] as const, ['on', false] as const]) {
    app.post<IdRequest>(`/emoji/:id/${name}`, { config: moderators }, async (request, reply) => {
      await switchEmoji(ctx, request.who!, { emojiId: idAsked(request), isOff })
      setFlash(reply, 'good', isOff ? 'flash.emojiOff' : 'flash.emojiOn')
      return redirectBack(request, reply, { otherwise: '/admin/emoji', anchor: emojiAnchor(idAsked(request)) })
    })
  }
}

async function showList(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server, who } = request
  const { ctx } = server
  const mayChange = hasRole(who, 'admin')
  const categories = await emojiCategories(ctx.db)
  const category = categories.find((each) => each === asked(request, 'category'))
  const pageAt = pageNumberAsked(request)
  const query = asked(request, 'q')
  const { rows, hasMore } = await listOwnEmojis(ctx.db, { query, category, pageAt })
  const book = await emojiBook(ctx)
  const pathOf = (values: Record<string, string>) => {
    const search = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '')).toString()
    return `/admin/emoji${search === '' ? '' : `?${search}`}`
  }
  const view = {
    adminTabs: await adminTabs(request, 'emoji'),
    places: emojiPlaces(request, 'here'),
    searchPath: '/admin/emoji',
    query: { value: query, error: undefined },
    searchHint: t('admin.emojiSearchHint'),
    tabs:
      categories.length === 0
        ? []
        : [
            { path: '/admin/emoji', label: t('emoji.allCategories'), isCurrent: category === undefined },
            ...categories.map((each) => ({ path: pathOf({ category: each }), label: each, isCurrent: each === category }))
          ],
    rows: rows.map((row) => viewOwnRow(request, row, book, mayChange)),
    emptyText: t(query === '' ? 'admin.emojiEmpty' : 'admin.emojiNothingFound'),
    pager: {
      olderPath: hasMore ? pathOf({ q: query, category: category ?? '', page: String(pageAt + 1) }) : undefined,
      newestPath: pageAt > 0 ? pathOf({ q: query, category: category ?? '' }) : undefined
    },
    form: mayChange ? formOf(typed, { path: '/admin/emoji', takesImage: true, takesShortcode: true }) : undefined,
    isForeign: false
  }
  return page(reply, 'admin/emoji', view, { title: t('admin.emoji'), status: typed.status })
}

async function showOne(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server } = request
  const { ctx } = server
  const found = await getOwnEmoji(ctx.db, idAsked(request as FastifyRequest<IdRequest>))
  const row = viewOwnRow(request, found, await emojiBook(ctx), false)
  const path = `/admin/emoji/${found.emoji.id}`
  const view = {
    adminTabs: await adminTabs(request, 'emoji'),
    heading: row.code,
    backPath: '/admin/emoji',
    backLabel: t('admin.emoji'),
    row,
    form: formOf(typed, { path, stored: found.emoji }),
    submit: t('form.save'),
    note: t('admin.emojiNoRename'),
    removePath: `${path}/removal`
  }
  return page(reply, 'admin/emoji-one', view, { title: row.code, status: typed.status })
}
