import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import type { Media } from '#server/media/upload-image.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { getOriginal } from '#server/posts/find-post.ts'
import { loadPosts, type PostDetails } from '#server/posts/load-posts.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { keptImages, takeImages } from '#server/web/pages/compose-images.ts'
import { asTyped } from '#server/web/pages/show-composer.ts'
import { submitted, Typed } from '#server/web/typed.ts'
import { readContent } from '#server/web/views/draft-fields.ts'
import { pollOf } from '#server/web/views/poll-fields.ts'
import { toComposer } from '#server/web/views/to-composer.ts'
import { postPath } from '#server/web/views/view-posts.ts'

/** Changing a post that is out. What it said before stays in its history, so nothing of this is kept as a draft. */
export function composeEditRoutes(app: FastifyInstance, ctx: Context): void {
  const config = { access: 'signed-in', filesMax: ctx.config.limits.imagesPerPostMax } as const

  app.get<IdRequest>('/posts/:id/edit', { config }, async (request, reply) => {
    const own = await getOwn(request)
    return showEditor(request, reply, new Typed(), own, own.media)
  })

  app.post<IdRequest>('/posts/:id/edit', { config }, async (request, reply) => {
    const own = await getOwn(request)
    const show = async (_request: FastifyRequest, _reply: FastifyReply, typed: Typed) =>
      showEditor(request, reply, typed, own, await keptImages(ctx, request.who!, typed.form, 0, own.post.id))
    return submitted(show, async (_request, _reply, form) => {
      const { parts, hasNew } = await takeImages(ctx, request.who!, form, own.post.id)
      const isMoreToSay = form.has('removeImage') || form.has('addOption') || hasNew
      if (isMoreToSay) return showEditor(request, reply, new Typed(form), own, parts[0] ?? [])
      const { warning, language, isSensitive, isMarkdown, policies, ...content } = readContent(form, parts.slice(0, 1), request.t.timeZone)
      await editPost(ctx, request.who!, {
        postId: own.post.id,
        ...content.parts[0]!,
        warning,
        isSensitive,
        isMarkdown,
        policies,
        poll: pollOf(form),
        ...(language === null ? {} : { language })
      })
      setFlash(reply, 'good', 'flash.edited')
      return reply.redirect(postPath(own.author, own.post.id), 303)
    })(request, reply)
  })
}

async function showEditor(
  request: FastifyRequest,
  reply: FastifyReply,
  typed: Typed,
  own: PostDetails,
  images: readonly Media[]
): Promise<FastifyReply> {
  const { post, author } = own
  const isAfresh = typed.form.has('text') && !typed.isSent
  const composer = await toComposer(request, {
    kind: 'edit',
    path: `/posts/${post.id}/edit`,
    text: post.source ?? '',
    warning: post.warning,
    images: [images],
    poll: own.poll,
    post,
    isOpen: true,
    typed: isAfresh ? asTyped(typed.form) : typed
  })
  const view = {
    heading: request.t('composer.heading', { kind: 'edit' }),
    post: undefined,
    composer,
    cancelPath: postPath(author, post.id),
    deletePath: undefined
  }
  return page(reply, 'compose', view, { title: view.heading, status: typed.status, cache: 'none' })
}

/** The post that is edited: one's own. Refusal('missing') for any other. */
async function getOwn(request: FastifyRequest<IdRequest>): Promise<PostDetails> {
  const { ctx } = request.server
  const post = await getOriginal(ctx.db, request.who!.account.id, idAsked(request, 'errors.postMissing'))
  const [own] = await loadPosts(ctx.db, request.who!.account.id, [post])
  if (!own?.viewer?.isOwn) throw new Refusal('missing', 'errors.postMissing')
  return own
}
