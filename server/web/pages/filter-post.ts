import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { listFilters } from '#server/filters/find-filters.ts'
import { filterLimits } from '#server/filters/limits.ts'
import { addToFilter } from '#server/filters/write-filter.ts'
import { cutCharacters } from '#server/platform/clean-text.ts'
import { readId } from '#server/platform/ids.ts'
import { getOriginal } from '#server/posts/find-post.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { filterStartOf, postToFilter, showForm } from '#server/web/pages/filter-form.ts'
import { safePath } from '#server/web/return-to.ts'
import { blank, submitted, Typed } from '#server/web/typed.ts'

const config = { access: 'signed-in', cache: 'none' } as const

/** `/posts/<id>/filter`: a post that is too much: into a filter one has, or a new one, by itself or by its tags. */
export function filterPostRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/posts/:id/filter', { config }, blank(show))
  app.post(
    '/posts/:id/filter',
    { config },
    submitted(show, async (request, reply, form) => {
      const id = readId(form.text('filter'))
      if (id === undefined) throw new Refusal('invalid', 'form.invalid', {}, 'filter')
      await addToFilter(ctx, request.who!, { id, postId: idOf(request) })
      setFlash(reply, 'good', 'flash.postFiltered')
      return reply.redirect(safePath(form.text('back')) ?? '/home', 303)
    })
  )
}

function idOf(request: FastifyRequest): number {
  return idAsked(request as FastifyRequest<IdRequest>, 'errors.postMissing')
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, who, server } = request
  const { db } = server.ctx
  const viewerId = who!.account.id
  const [details] = await loadPosts(db, viewerId, [await getOriginal(db, viewerId, idOf(request))])
  if (!details) throw new Refusal('missing', 'errors.postMissing')
  const own = await listFilters(db, viewerId)
  const title = cutCharacters(t('filter.titleOfPost', { handle: handleOf(details.author) }), filterLimits.titleCharactersMax)
  const filter = typed.choice(
    'filter',
    own.map(({ id, title }) => ({ value: String(id), label: title })),
    String(own[0]?.id)
  )
  const rest = {
    heading: t('filter.postHeading'),
    path: '/settings/filters',
    post: await postToFilter(request, details.post.id, new Typed()),
    posts: [],
    other: own.length === 0 ? undefined : { path: `/posts/${details.post.id}/filter`, filter },
    deletePath: undefined
  }
  // What was wrong stands beside the other form: this one begins anew.
  return showForm(request, reply, new Typed(), { ...filterStartOf(details.tags), title }, rest, typed.status)
}
