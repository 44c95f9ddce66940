import type { FastifyInstance } from 'fastify'
import { findAccountByHandle } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { peoplePerPage } from '#server/follows/lists.ts'
import { readId } from '#server/platform/ids.ts'
import { getOriginal } from '#server/posts/find-post.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { reactingPeople } from '#server/posts/reacting-people.ts'
import { shownEmoji } from '#server/posts/reaction-emoji.ts'
import { page } from '#server/web/page.ts'
import { viewCards } from '#server/web/views/account-cards.ts'
import type { PeopleView } from '#server/web/views/page-views.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { displayNameOf, viewAccounts } from '#server/web/views/view-accounts.ts'
import { postPath } from '#server/web/views/view-posts.ts'

type PostRequest = { Params: { handle: string; id: string } }

/** `/@name/<id>/reactions`: who left which emoji under a post, for whoever may see the post. */
export function reactionRoutes(app: FastifyInstance, ctx: Context): void {
  const options = { config: { access: 'anyone' as const }, constraints: { accept: 'html' } }
  app.get<PostRequest>('/@:handle/:id/reactions', options, async (request, reply) => {
    const { t } = request
    const id = readId(request.params.id)
    if (id === undefined || !(await findAccountByHandle(ctx.db, request.params.handle, ctx.config)))
      throw new Refusal('missing', 'errors.postMissing')
    const viewerId = request.who?.account.id
    const post = await getOriginal(ctx.db, viewerId, id)
    const [details] = await loadPosts(ctx.db, viewerId, [post])
    if (!details) throw new Refusal('missing', 'errors.postMissing')
    const { people, olderCursor } = await reactingPeople(ctx.db, viewerId, post.id, {
      before: pageAsked(request).beforeId,
      limit: peoplePerPage
    })
    const emoji = new Map(people.map((each) => [each.account.id, each.emoji.map(shownEmoji)]))
    const [author] = await viewAccounts(ctx, [details.author])
    const view: PeopleView = {
      heading: t('reaction.heading'),
      lead: undefined,
      account: author && { ...author, path: postPath(details.author, post.id) },
      tabs: [],
      cards: await viewCards(
        request,
        people.map(({ account }) => account),
        { badgesOf: (account) => emoji.get(account.id) ?? [] }
      ),
      emptyText: t('reaction.empty'),
      pager: toPager(request, olderCursor)
    }
    const title = t('reaction.title', { name: displayNameOf(details.author) })
    return page(reply, 'people', view, { title, isIndexable: false, cache: post.visibility === 'direct' ? 'none' : 'private' })
  })
}
