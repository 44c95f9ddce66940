import type { FastifyInstance, FastifyRequest } from 'fastify'
import { findAccountByHandle } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { peoplePerPage } from '#server/follows/lists.ts'
import { readId } from '#server/platform/ids.ts'
import { boostingPeople, favouritingPeople } from '#server/posts/acting-people.ts'
import { getOriginal, type PostRow } from '#server/posts/find-post.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { reactingPeople } from '#server/posts/reacting-people.ts'
import { shownEmoji } from '#server/posts/reaction-emoji.ts'
import { page } from '#server/web/page.ts'
import { viewCards } from '#server/web/views/account-cards.ts'
import type { PeopleView, TabView } from '#server/web/views/page-views.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { displayNameOf } from '#server/web/views/view-accounts.ts'
import { postPath } from '#server/web/views/view-posts.ts'

type PostRequest = { Params: { handle: string; id: string } }
type List = Pick<PeopleView, 'cards'> & { olderCursor: number | undefined }

/** What people did with a post, each with the list of who did. */
const lists = {
  boosts: async (request: FastifyRequest, post: PostRow): Promise<List> => {
    const { people, olderCursor } = await boostingPeople(request.server.ctx.db, request.who?.account.id, post.id, asked(request))
    return { cards: await viewCards(request, people), olderCursor }
  },
  favourites: async (request: FastifyRequest, post: PostRow): Promise<List> => {
    const { people, olderCursor } = await favouritingPeople(request.server.ctx.db, request.who?.account.id, post.id, asked(request))
    return { cards: await viewCards(request, people), olderCursor }
  },
  reactions: async (request: FastifyRequest, post: PostRow): Promise<List> => {
    const { people, olderCursor } = await reactingPeople(request.server.ctx.db, request.who?.account.id, post.id, asked(request))
    const emoji = new Map(people.map((each) => [each.account.id, each.emoji.map(shownEmoji)]))
    const accounts = people.map(({ account }) => account)
    return { cards: await viewCards(request, accounts, { badgesOf: (account) => emoji.get(account.id) ?? [] }), olderCursor }
  }
}

/** `/@name/<id>/boosts`, `/favourites` and `/reactions`: who did what with a post, for whoever may see the post. */
export function reactionRoutes(app: FastifyInstance, ctx: Context): void {
  const options = { config: { access: 'anyone' as const }, constraints: { accept: 'html' } }
  for (const [name, load] of Object.entries(lists)) {
    app.get<PostRequest>(`/@:handle/:id/${name}`, options, async (request, reply) => {
      const { t } = request
      const id = readId(request.params.id)
      if (id === undefined || !(await findAccountByHandle(ctx.db, request.params.handle, ctx.config)))
        throw new Refusal('missing', 'errors.postMissing')
      const viewerId = request.who?.account.id
      const post = await getOriginal(ctx.db, viewerId, id)
      const [details] = await loadPosts(ctx.db, viewerId, [post])
      if (!details) throw new Refusal('missing', 'errors.postMissing')
      const { cards, olderCursor } = await load(request, post)
      const path = postPath(details.author, post.id)
      const view: PeopleView = {
        heading: t(`acting.${name}`),
        lead: undefined,
        back: { path, label: t('history.back') },
        tabs: tabsOf(request, path, name),
        cards,
        emptyText: t(`acting.${name}Empty`),
        pager: toPager(request, olderCursor)
      }
      const title = t(`acting.${name}Title`, { name: displayNameOf(details.author) })
      return page(reply, 'people', view, { title, isIndexable: false, cache: post.visibility === 'direct' ? 'none' : 'private' })
    })
  }
}

function tabsOf({ t }: FastifyRequest, path: string, current: string): TabView[] {
  return Object.keys(lists).map((name) => ({ path: `${path}/${name}`, label: t(`acting.${name}`), isCurrent: name === current }))
}

function asked(request: FastifyRequest) {
  return { before: pageAsked(request).beforeId, limit: peoplePerPage }
}
