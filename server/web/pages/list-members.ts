import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { getAccount } from '#server/accounts/find-account.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { findFollowed } from '#server/follows/find-followed.ts'
import { peoplePerPage } from '#server/follows/lists.ts'
import { listsOf, listsWith, membersAmong, membersOf } from '#server/lists/find-lists.ts'
import { addMember, removeMember, setListsOf } from '#server/lists/list-members.ts'
import { cutCharacters } from '#server/platform/clean-text.ts'
import { readId } from '#server/platform/ids.ts'
import { asked, type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { listAsked } from '#server/web/pages/lists.ts'
import { redirectBack } from '#server/web/return-to.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import { viewCards } from '#server/web/views/account-cards.ts'
import type { ButtonView } from '#server/web/views/form-view.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'

type ListRequest = FastifyRequest<IdRequest>
type MemberRequest = FastifyRequest<{ Params: { id: string; accountId: string } }>

const config = { access: 'signed-in', cache: 'none' } as const
const queryCharactersMax = 100
/** People offered at once. */
const candidatesMax = 20

/** Who stands in a list: added and removed on the list's page, or from the profile of one person. */
export function listMemberRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/lists/:id/members', { config }, async (request: ListRequest, reply) => showMembers(ctx, request, reply))

  const acts = { add: addMember, remove: removeMember } as const
  for (const [name, act] of Object.entries(acts)) {
    app.post(`/lists/:id/members/:accountId/${name}`, { config }, async (request: MemberRequest, reply) => {
      const { id: listId } = await listAsked(request)
      const account = await getAccount(ctx.db, readId(request.params.accountId) ?? 0)
      await act(ctx, request.who!, { listId, accountId: account.id })
      setFlash(reply, 'good', name === 'add' ? 'flash.memberAdded' : 'flash.memberRemoved', {
        handle: cutCharacters(handleOf(account), 120)
      })
      return redirectBack(request, reply, { otherwise: `/lists/${listId}/members` })
    })
  }

  app.get('/accounts/:id/lists', { config }, blank(showListsOf))
  app.post(
    '/accounts/:id/lists',
    { config },
    submitted(showListsOf, async (request, reply, form) => {
      const account = await getAccount(ctx.db, idAsked(request as ListRequest))
      await setListsOf(ctx, request.who!, { accountId: account.id, listIds: form.all('lists').flatMap((text) => readId(text) ?? []) })
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect(`/${encodeURI(handleOf(account))}`, 303)
    })
  )
}

async function showMembers(ctx: Context, request: ListRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { t } = request
  const list = await listAsked(request)
  const typed = cutCharacters(asked(request, 'q').trim(), queryCharactersMax)
  const found = typed === '' ? [] : await findFollowed(ctx.db, list.accountId, typed, candidatesMax)
  const members = await membersAmong(
    ctx.db,
    list.id,
    found.map(({ id }) => id)
  )
  const rows = await membersOf(ctx.db, list.id, { before: pageAsked(request).beforeId, limit: peoplePerPage + 1 })
  const shown = rows.slice(0, peoplePerPage)
  // Whom the search found stands above already.
  const others = shown.filter(({ account }) => !found.some(({ id }) => id === account.id))
  const button = (act: 'add' | 'remove') => (account: Account) => memberButton(request, list.id, account, act)
  const view = {
    heading: t('list.membersHeading', { title: list.title }),
    backPath: `/lists/${list.id}`,
    searchPath: `/lists/${list.id}/members`,
    query: { value: typed, error: undefined },
    nobodyText: typed !== '' && found.length === 0 ? t('list.nobodyFound', { query: typed }) : undefined,
    found: await viewCards(request, found, { buttonsOf: (account) => [button(members.has(account.id) ? 'remove' : 'add')(account)] }),
    members: await viewCards(
      request,
      others.map(({ account }) => account),
      { buttonsOf: (account) => [button('remove')(account)] }
    ),
    emptyText: shown.length === 0 ? t('list.membersEmpty') : undefined,
    pager: toPager(request, rows.length > peoplePerPage ? shown.at(-1)?.cursor : undefined)
  }
  return page(reply, 'list-members', view, { title: view.heading })
}

function memberButton({ t }: FastifyRequest, listId: number, account: Account, act: 'add' | 'remove'): ButtonView {
  const handle = handleOf(account)
  return {
    path: `/lists/${listId}/members/${account.id}/${act}`,
    label: t(act === 'add' ? 'list.add' : 'list.remove'),
    name: t(act === 'add' ? 'list.addName' : 'list.removeName', { handle }),
    tone: act === 'add' ? 'primary' : 'plain'
  }
}

async function showListsOf(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server, who } = request
  const { db } = server.ctx
  const account = await getAccount(db, idAsked(request as ListRequest))
  const [own, within] = await Promise.all([listsOf(db, who!.account.id), listsWith(db, who!.account.id, account.id)])
  const isChecked = (id: number) => (typed.isSent ? typed.form.all('lists').includes(String(id)) : within.has(id))
  const [card] = await viewCards(request, [account], { buttonsOf: () => [] })
  const handle = handleOf(account)
  const view = {
    heading: t('list.ofHeading', { handle }),
    path: `/accounts/${account.id}/lists`,
    error: typed.error,
    account: card,
    lists: own.map(({ id, title }) => ({ value: String(id), label: title, isChecked: isChecked(id) })),
    cancelPath: `/${handle}`
  }
  return page(reply, 'account-lists', view, { title: view.heading, status: typed.status })
}
