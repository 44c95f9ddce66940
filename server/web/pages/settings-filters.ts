import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { type Filter, getFilter, listFilters, postsOfFilter } from '#server/filters/find-filters.ts'
import { filterLimits, filterPlaces } from '#server/filters/limits.ts'
import { changeFilter, createFilter, removeFilter } from '#server/filters/write-filter.ts'
import type { Translate } from '#server/platform/messages.ts'
import { cutCharacters } from '#server/platform/clean-text.ts'
import { readId } from '#server/platform/ids.ts'
import { asked, type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { filterStartOf, postToFilter, showForm } from '#server/web/pages/filter-form.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { safePath } from '#server/web/return-to.ts'
import { blank, submitted, Typed } from '#server/web/typed.ts'
import { filterOf } from '#server/web/views/filter-fields.ts'
import { spanText } from '#server/web/views/span-view.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const listPath = '/settings/filters'
/** Words of a filter that its row in the list shows. */
const wordsShown = 5

/** `/settings/filters`: what the reader does not want to read, by words and by single posts. */
export function settingsFiltersRoutes(app: FastifyInstance, ctx: Context): void {
  app.get(listPath, { config }, showList)
  app.get(`${listPath}/new`, { config }, blank(showNew))

  app.post(
    listPath,
    { config },
    submitted(showNew, async (request, reply, form) => {
      if (form.has('addKeyword')) return showNew(request, reply, new Typed(form, undefined, undefined, true))
      const postId = form.has('withPost') ? readId(form.text('post')) : undefined
      await createFilter(ctx, request.who!, { ...filterOf(form), postId })
      setFlash(reply, 'good', 'flash.filterMade')
      return reply.redirect(safePath(form.text('back')) ?? listPath, 303)
    })
  )

  app.get<IdRequest>(`${listPath}/:id`, { config }, (request, reply) => showOne(request, reply, new Typed()))
  app.post<IdRequest>(`${listPath}/:id`, { config }, async (request, reply) => {
    const id = idAsked(request)
    await getFilter(ctx.db, request.who!.account.id, id)
    const show = (_request: FastifyRequest, _reply: FastifyReply, typed: Typed) => showOne(request, reply, typed)
    return submitted(show, async (_request, _reply, form) => {
      if (form.has('addKeyword')) return show(request, reply, new Typed(form, undefined, undefined, true))
      const removePostIds = form.all('removePost').flatMap((typed) => readId(typed) ?? [])
      await changeFilter(ctx, request.who!, { ...filterOf(form), id, removePostIds })
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect(listPath, 303)
    })(request, reply)
  })

  app.get<IdRequest>(`${listPath}/:id/delete`, { config }, async (request, reply) => {
    const { t } = request
    const filter = await getFilter(ctx.db, request.who!.account.id, idAsked(request))
    const view = {
      heading: t('filter.deleteHeading', { title: filter.title }),
      consequences: [t('filter.deleteConsequence')],
      path: `${listPath}/${filter.id}/delete`,
      label: t('filter.deleteSubmit'),
      isDangerous: true,
      cancelPath: listPath,
      hidden: [],
      quoted: undefined,
      post: undefined,
      account: undefined
    }
    return page(reply, 'confirm', view, { title: view.heading })
  })
  app.post<IdRequest>(`${listPath}/:id/delete`, { config }, async (request, reply) => {
    await removeFilter(ctx, request.who!, { id: idAsked(request) })
    setFlash(reply, 'good', 'flash.filterDeleted')
    return reply.redirect(listPath, 303)
  })
}

async function showList(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { t, who, server } = request
  const filters = await listFilters(server.ctx.db, who!.account.id)
  const list = new Intl.ListFormat(t.language, { type: 'unit' })
  const now = server.ctx.clock.now()
  const view = {
    tabs: settingsTabs(request, 'filters'),
    newPath: filters.length < filterLimits.filtersMax ? `${listPath}/new` : undefined,
    fullText: t('errors.filtersMax', { limit: filterLimits.filtersMax }),
    filters: filters.map((filter) => ({
      title: filter.title,
      path: `${listPath}/${filter.id}`,
      stateText: stateText(request, filter),
      isEnded: filter.expiresAt !== null && filter.expiresAt <= now,
      whatText: t('filter.what', {
        action: filter.action,
        places: list.format(filterPlaces.filter((place) => filter.places.includes(place)).map((place) => t(`filter.place-${place}`)))
      }),
      wordsText: wordsText(t, filter, list),
      postsText: filter.postIds.length === 0 ? '' : t('filter.posts', { count: filter.postIds.length }),
      deletePath: `${listPath}/${filter.id}/delete`,
      deleteName: t('filter.deleteName', { title: filter.title })
    }))
  }
  return page(reply, 'settings-filters', view, { title: t('settings.filters') })
}

function wordsText(t: Translate, { keywords }: Filter, list: Intl.ListFormat): string {
  const words = list.format(keywords.slice(0, wordsShown).map(({ keyword }) => keyword))
  const more = keywords.length - wordsShown
  return more > 0 ? t('filter.wordsMore', { words, count: more }) : words
}

/** Whether and when a filter ends. */
function stateText(request: FastifyRequest, { expiresAt }: Pick<Filter, 'expiresAt'>): string {
  const { t, server } = request
  if (expiresAt === null) return t('filter.stateNever')
  const leftMs = expiresAt - server.ctx.clock.now()
  return leftMs <= 0
    ? t('filter.stateEnded')
    : t('filter.stateEnds', { span: spanText(t, leftMs), time: viewTime(request, expiresAt).text })
}

/** A new filter: blank, for the word in the address (`?keyword=`), or for a post (see filter-post.ts). */
async function showNew(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t } = request
  const postId = readId(typed.form.text('post'))
  const post = postId === undefined ? undefined : await postToFilter(request, postId, typed)
  const keyword = cutCharacters(asked(request, 'keyword').trim(), filterLimits.keywordCharactersMax)
  const start = { ...filterStartOf([]), ...(keyword === '' ? {} : { title: keyword, keywords: [{ keyword, isWholeWord: true }] }) }
  return showForm(request, reply, typed, start, {
    heading: t('filter.newHeading'),
    path: listPath,
    post,
    posts: [],
    other: undefined,
    deletePath: undefined
  })
}

async function showOne(request: FastifyRequest<IdRequest>, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, who, server } = request
  const filter = await getFilter(server.ctx.db, who!.account.id, idAsked(request))
  const held = await postsOfFilter(server.ctx.db, who!.account.id, filter)
  const removed = new Set(typed.form.all('removePost'))
  const start = { ...filter, keptEndText: t('filter.endKept', { state: stateText(request, filter) }) }
  return showForm(request, reply, typed, start, {
    heading: t('filter.editHeading', { title: filter.title }),
    path: `${listPath}/${filter.id}`,
    post: undefined,
    posts: held.map(({ id, path, text }) => ({
      id: String(id),
      path,
      text: text || t(path === undefined ? 'filter.postGone' : 'post.withoutText'),
      isChecked: removed.has(String(id))
    })),
    other: undefined,
    deletePath: `${listPath}/${filter.id}/delete`
  })
}
