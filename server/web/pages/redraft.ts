import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { redraftPost } from '#server/drafts/redraft-post.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { askAboutOwn } from '#server/web/pages/ask-about-own.ts'

const config = { access: 'signed-in', cache: 'none' } as const

/** Taking a post back to write it anew: asked about first, since its answers and likes do not come along. */
export function redraftRoutes(app: FastifyInstance, ctx: Context): void {
  app.get<IdRequest>('/posts/:id/redraft', { config }, async (request, reply) => {
    const { t } = request
    return askAboutOwn(request, reply, {
      act: 'redraft',
      heading: t('draft.redraftHeading'),
      consequences: [t('draft.redraftConsequence'), t('draft.redraftLost'), t('post.deleteElsewhere')],
      label: t('draft.redraftSubmit')
    })
  })

  app.post<IdRequest>('/posts/:id/redraft', { config }, async (request, reply) => {
    const draft = await redraftPost(ctx, request.who!, { postId: idAsked(request, 'errors.postMissing') })
    setFlash(reply, 'good', 'flash.redrafted')
    return reply.redirect(`/drafts/${draft.id}`, 303)
  })
}
