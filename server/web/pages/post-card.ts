import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { getOriginal } from '#server/posts/find-post.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { page } from '#server/web/page.ts'
import { viewPosts } from '#server/web/views/view-posts.ts'

/** `/posts/<id>/card`: one post as timelines show it. A script that likes or votes in place comes back here and takes from it what changed. */
export function postCardRoutes(app: FastifyInstance, ctx: Context): void {
  app.get<IdRequest>('/posts/:id/card', { config: { access: 'signed-in', cache: 'none' } }, async (request, reply) => {
    const viewerId = request.who!.account.id
    const row = await getOriginal(ctx.db, viewerId, idAsked(request, 'errors.postMissing'))
    const [post] = await viewPosts(request, await loadPosts(ctx.db, viewerId, [row]))
    const heading = request.t('post.permalink')
    return page(reply, 'post-card', { heading, post: post! }, { title: heading })
  })
}
