import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { emojiBook } from '#server/emoji/emoji-book.ts'
import { asked, pageNumberAsked } from '#server/web/asked.ts'
import { page } from '#server/web/page.ts'
import type { EmojiPageView } from '#server/web/views/emoji-page-view.ts'
import { emojiPicture } from '#server/web/views/show-emoji.ts'

/** Emoji on one page: more would be slow to read and to load. */
const perPage = 200

/** `/emoji`: the custom emoji of this instance by category, to copy their codes from. What is hidden from choosing does not stand here. */
export function emojiPageRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/emoji', { config: { access: 'anyone' } }, async (request, reply) => {
    const { t } = request
    const book = await emojiBook(ctx)
    const names = [...new Set(book.offered.map(({ category }) => category))]
    const chosen = asked(request, 'category')
    const isChosen = names.includes(chosen) && chosen !== ''
    const pageAt = pageNumberAsked(request)
    const meant = isChosen ? book.offered.filter(({ category }) => category === chosen) : book.offered
    const shown = meant.slice(pageAt * perPage, (pageAt + 1) * perPage)
    const pathOf = (category: string, at: number) => {
      const search = new URLSearchParams({ ...(category === '' ? {} : { category }), ...(at === 0 ? {} : { page: String(at) }) }).toString()
      return `/emoji${search === '' ? '' : `?${search}`}`
    }
    const current = isChosen ? chosen : ''
    const view: EmojiPageView = {
      tabs:
        names.length < 2
          ? []
          : [
              { path: '/emoji', label: t('emoji.allCategories'), isCurrent: !isChosen },
              ...names.flatMap((each) => (each === '' ? [] : { path: pathOf(each, 0), label: each, isCurrent: each === chosen }))
            ],
      groups: [...Map.groupBy(shown, ({ category }) => category)].map(([category, rows]) => ({
        heading: category === '' ? t('emoji.withoutCategory') : category,
        emojis: rows.map(({ shortcode, mediaKey, alt }) => ({
          emojiHtml: emojiPicture({ shortcode, key: mediaKey }, book),
          code: `:${shortcode}:`,
          alt
        }))
      })),
      emptyText: book.offered.length === 0 ? t('emoji.empty') : undefined,
      pager: {
        olderPath: meant.length > (pageAt + 1) * perPage ? pathOf(current, pageAt + 1) : undefined,
        newestPath: pageAt > 0 ? pathOf(current, 0) : undefined
      }
    }
    return page(reply, 'emoji', view, { title: t('emoji.heading'), isIndexable: false })
  })
}
