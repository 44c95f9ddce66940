import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { contentOf, type DraftContent, type DraftRow } from '#server/drafts/draft-content.ts'
import { picturesOf } from '#server/drafts/find-draft.ts'
import { publishDraft } from '#server/drafts/publish-draft.ts'
import { saveDraft } from '#server/drafts/save-draft.ts'
import { scheduleDraft } from '#server/drafts/schedule-draft.ts'
import { Refusal } from '#server/errors.ts'
import { altCharactersMax } from '#server/media/media-alt.ts'
import type { Media } from '#server/media/upload-image.ts'
import { findSubmitted } from '#server/posts/publish-post.ts'
import type { IdRequest } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import type { Form } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { published, scheduled } from '#server/web/pages/compose.ts'
import { asked } from '#server/web/pages/drafts.ts'
import { showComposer } from '#server/web/pages/show-composer.ts'
import { submitted, Typed } from '#server/web/typed.ts'
import { formOfDraft, pictureIn } from '#server/web/views/draft-fields.ts'
import { focusChoice } from '#server/web/views/focus-choice.ts'
import { thumbnailSize } from '#server/web/views/to-composer.ts'

const config = { access: 'signed-in', cache: 'none' } as const

/** The step between choosing pictures and publishing: each is described. The draft holds them meanwhile, so that the step has an address of its own. */
export function describeImagesRoutes(app: FastifyInstance, ctx: Context): void {
  app.get<IdRequest>('/drafts/:id/images', { config }, async (request, reply) =>
    showStep(request, reply, new Typed(), await asked(request))
  )

  app.post<IdRequest>('/drafts/:id/images', { config }, async (request, reply) => {
    const who = request.who!
    // Sent twice, or again after Back: what it became is there already.
    const before = await findSubmitted(ctx.db, who.account.id, request.form.text('idempotencyKey'))
    if (before) return published(request, reply, before)
    const draft = await asked(request)
    const show = async (_request: FastifyRequest, _reply: FastifyReply, typed: Typed) => showStep(request, reply, typed, draft)
    return submitted(show, async (_request, _reply, form) => {
      const kept = await saveDraft(ctx, who, {
        key: draft.key,
        content: described(contentOf(draft), form, await picturesOf(ctx.db, [draft]))
      })
      if (form.has('writeOn')) return reply.redirect(`/drafts/${kept.id}`, 303)
      if (form.has('saveDraft')) {
        setFlash(reply, 'good', 'flash.draftSaved')
        return reply.redirect(`/drafts#draft-${kept.id}`, 303)
      }
      return send(ctx, request, reply, kept)
    })(request, reply)
  })
}

/** What is wrong with anything but a description is shown where it can be changed. */
async function send(ctx: Context, request: FastifyRequest, reply: FastifyReply, draft: DraftRow): Promise<FastifyReply> {
  const who = request.who!
  const { key } = draft
  const content = contentOf(draft)
  try {
    if (content.publishAt !== null) return scheduled(request, reply, await scheduleDraft(ctx, who, { key, content }))
    return await published(request, reply, await publishDraft(ctx, who, { key, content }))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const typed = new Typed(formOfDraft(draft, request.t.timeZone), error, request.t)
    return showComposer(request, reply, typed, { draft: { id: draft.id, error: undefined } })
  }
}

/** The draft with what the step says of its pictures; one that is gone meanwhile is left out. */
function described(content: DraftContent, form: Form, pictures: ReadonlyMap<number, Media>): DraftContent {
  const inForm = ({ id }: { id: number }) => {
    const picture = pictures.get(id)
    return picture ? [pictureIn(form, picture)] : []
  }
  return { ...content, parts: content.parts.map(({ text, media }) => ({ text, media: media.flatMap(inForm) })) }
}

async function showStep(request: FastifyRequest, reply: FastifyReply, typed: Typed, draft: DraftRow): Promise<FastifyReply> {
  const pictures = await picturesOf(request.server.ctx.db, [draft])
  const images = draft.parts.flatMap(({ mediaIds }) => mediaIds.flatMap((id) => pictures.get(id) ?? []))
  if (images.length === 0) return reply.redirect(`/drafts/${draft.id}`, 303)
  const view = {
    path: `/drafts/${draft.id}/images`,
    error: typed.error,
    idempotencyKey: draft.key,
    text: draft.parts
      .map(({ text }) => text)
      .join('\n\n')
      .trim(),
    images: images.map((image, index) => ({
      id: String(image.id),
      url: `/media/${image.key}/preview`,
      ...thumbnailSize(image),
      position: index + 1,
      total: images.length,
      alt: typed.input(`alt-${image.id}`, image.alt),
      focus: focusChoice(request.t, image, typed.isSent ? typed.form : undefined)
    })),
    altCharactersMax,
    sends: draft.publishAt !== null ? ('schedule' as const) : draft.replyToId === null ? ('new' as const) : ('reply' as const),
    cancelPath: '/drafts'
  }
  return page(reply, 'post-images', view, { title: request.t('media.stepHeading'), status: typed.status })
}
