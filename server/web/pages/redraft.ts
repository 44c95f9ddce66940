import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { redraftPost } from '#server/drafts/redraft-post.ts'
import { Refusal } from '#server/errors.ts'
import { getOriginal } from '#server/posts/find-post.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { postPath, viewPosts } from '#server/web/views/view-posts.ts'

const config = { access: 'signed-in', cache: 'none' } as const

/** Taking a post back to write it anew: asked about first, since its answers and likes do not come along. */
export function redraftRoutes(app: FastifyInstance, ctx: Context): void {
  app.get<IdRequest>('/posts/:id/redraft', { config }, async (request, reply) => {
    const viewerId = request.who!.account.id
    const [own] = await loadPosts(ctx.db, viewerId, [await getOriginal(ctx.db, viewerId, idAsked(request, 'errors.postMissing'))])
    if (!own?.viewer?.isOwn) throw new Refusal('missing', 'errors.postMissing')
    const { t } = request
    const [post] = await viewPosts(request, [own])
    const view = {
      heading: t('draft.redraftHeading'),
      consequences: [t('draft.redraftConsequence'), t('draft.redraftLost'), t('post.deleteElsewhere')],
      path: `/posts/${own.post.id}/redraft`,
      label: t('draft.redraftSubmit'),
      isDangerous: true,
      cancelPath: postPath(own.author, own.post.id),
      hidden: [],
      post: post && { ...post, actions: undefined },
      account: undefined
    }
    return page(reply, 'confirm', view, { title: view.heading })
  })

  app.post<IdRequest>('/posts/:id/redraft', { config }, async (request, reply) => {
    const draft = await redraftPost(ctx, request.who!, { postId: idAsked(request, 'errors.postMissing') })
    setFlash(reply, 'good', 'flash.redrafted')
    return reply.redirect(`/drafts/${draft.id}`, 303)
  })
}
