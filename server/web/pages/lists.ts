import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { Context } from '#server/context.ts'
import { changeList, createList, deleteList, titleCharactersMax } from '#server/lists/change-lists.ts'
import { getList, type ListRow, listsOf } from '#server/lists/find-lists.ts'
import { listRead } from '#server/timelines/list.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { requiredText } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { newerRoute, shownAsked, showTimeline, viewChoices } from '#server/web/pages/show-timeline.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

type ListRequest = FastifyRequest<IdRequest>

const config = { access: 'signed-in', cache: 'none' } as const
const policies = ['none', 'members', 'followed'] as const
const titleText = v.pipe(requiredText, v.maxLength(titleCharactersMax, 'errors.listTitleTooLong'))

/** Lists of people one follows: all of them, the timeline of each, its name and rules. Nobody else learns of them. */
export function listRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/lists', { config }, blank(showAll))
  app.post(
    '/lists',
    { config },
    submitted(showAll, async (request, reply, form) => {
      const list = await createList(ctx, request.who!, form.parse({ title: titleText }))
      setFlash(reply, 'good', 'flash.listMade')
      return reply.redirect(`/lists/${list.id}/members`, 303)
    })
  )

  app.get('/lists/:id', { config }, async (request: ListRequest, reply) => {
    const { t } = request
    const list = await listAsked(request)
    const shown = await shownAsked(request, `list:${list.id}`)
    const { timeline } = await showTimeline(request, await listRead(ctx, list, shown), { emptyKey: 'list.empty', place: 'home' })
    const at = `/lists/${list.id}`
    const view = {
      heading: list.title,
      lead: list.isExclusive ? t('list.exclusiveLead') : undefined,
      links: [
        { path: `${at}/members`, label: t('list.members') },
        { path: `${at}/edit`, label: t('list.edit') },
        { path: '/lists', label: t('list.all') }
      ],
      button: undefined,
      tabs: [],
      choices: viewChoices(request, `list:${list.id}`, shown, true),
      timeline
    }
    return page(reply, 'timeline', view, { title: list.title })
  })
  newerRoute(app, '/lists/:id', 'home', async (request) => {
    const list = await listAsked(request as ListRequest)
    return listRead(ctx, list, await shownAsked(request, `list:${list.id}`))
  })

  app.get('/lists/:id/edit', { config }, blank(showOne))
  app.post(
    '/lists/:id/edit',
    { config },
    submitted(showOne, async (request, reply, form) => {
      const listId = idAsked(request as ListRequest, 'errors.listMissing')
      const input = form.parse({ title: titleText, repliesPolicy: v.picklist(policies, 'form.invalid'), isExclusive: v.boolean() })
      await changeList(ctx, request.who!, { listId, ...input })
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect(`/lists/${listId}`, 303)
    })
  )

  app.get('/lists/:id/delete', { config }, async (request: ListRequest, reply) => {
    const { t } = request
    const list = await listAsked(request)
    const view = {
      heading: t('list.deleteHeading', { title: list.title }),
      consequences: [t('list.deleteStays'), ...(list.isExclusive ? [t('list.deleteReturns')] : [])],
      path: `/lists/${list.id}/delete`,
      label: t('list.delete'),
      isDangerous: true,
      cancelPath: `/lists/${list.id}/edit`,
      hidden: [],
      quoted: undefined,
      post: undefined,
      account: undefined
    }
    return page(reply, 'confirm', view, { title: view.heading })
  })
  app.post('/lists/:id/delete', { config }, async (request: ListRequest, reply) => {
    await deleteList(ctx, request.who!, { listId: idAsked(request, 'errors.listMissing') })
    setFlash(reply, 'good', 'flash.listDeleted')
    return reply.redirect('/lists', 303)
  })
}

/** The list of the address, of the reader's own. */
export function listAsked(request: ListRequest): Promise<ListRow> {
  return getList(request.server.ctx.db, request.who!.account.id, idAsked(request, 'errors.listMissing'))
}

async function showAll(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server, who } = request
  const lists = await listsOf(server.ctx.db, who!.account.id)
  const view = {
    error: typed.error,
    title: typed.input('title'),
    lists: lists.map(({ id, title, membersCount, isExclusive }) => ({
      path: `/lists/${id}`,
      title,
      text: t('list.membersCount', { count: membersCount }),
      isExclusive
    }))
  }
  return page(reply, 'lists', view, { title: t('nav.lists'), status: typed.status })
}

async function showOne(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t } = request
  const list = await listAsked(request as ListRequest)
  const at = `/lists/${list.id}`
  const options = policies.map((value) => ({ value, label: t('list.policy', { policy: value }) }))
  const view = {
    heading: t('list.editHeading', { title: list.title }),
    path: `${at}/edit`,
    error: typed.error,
    title: typed.input('title', list.title),
    repliesPolicy: typed.choice('repliesPolicy', options, list.repliesPolicy),
    isExclusive: typed.check('isExclusive', list.isExclusive),
    backPath: at,
    deletePath: `${at}/delete`
  }
  return page(reply, 'list', view, { title: view.heading, status: typed.status })
}
