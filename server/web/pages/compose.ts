import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import type { DraftContent, DraftRow } from '#server/drafts/draft-content.ts'
import { publishDraft } from '#server/drafts/publish-draft.ts'
import { saveDraft } from '#server/drafts/save-draft.ts'
import { scheduleDraft } from '#server/drafts/schedule-draft.ts'
import { findQuote } from '#server/interactions/quotes.ts'
import { threadPartsMax } from '#server/posts/prepare-post.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { setFlash } from '#server/web/flash.ts'
import type { Form } from '#server/web/form.ts'
import { takeImages } from '#server/web/pages/compose-images.ts'
import { getQuoted, showComposer } from '#server/web/pages/show-composer.ts'
import { redirectBack, safePath } from '#server/web/return-to.ts'
import { submitted, Typed } from '#server/web/typed.ts'
import { readContent } from '#server/web/views/draft-fields.ts'
import { pollOptionsIn } from '#server/web/views/poll-fields.ts'
import { viewTime } from '#server/web/views/view-time.ts'

type QuoteRequest = { Querystring: { quote?: string | string[] } }

const keyCharactersMax = 100

/** Pages that are about what is written: once it is out, one belongs elsewhere. */
const ownPages = /^\/(?:drafts|posts)(?:[/?#]|$)/

/**
 * The composer's form. What is not published at once is kept as a draft, and leads to the draft's own address: reloading it, and Back, are safe. A form that was
 * refused comes back on a page of its own, with all that was typed and the pictures kept.
 */
export function composeRoutes(app: FastifyInstance, ctx: Context): void {
  const config = { access: 'signed-in', filesMax: ctx.config.limits.imagesPerPostMax } as const

  // With a post to quote it is the composer; by itself it is where a form was sent to, and leads home.
  app.get<QuoteRequest>('/posts', { config: { access: 'signed-in' } }, async (request, reply) => {
    const asked = request.query.quote
    if (asked === undefined) return reply.redirect('/home', 303)
    const quoted = await getQuoted(request, String(asked))
    return showComposer(request, reply, new Typed(), { quoted })
  })

  app.post(
    '/posts',
    { config },
    submitted(showComposer, async (request, reply, form) => {
      const who = request.who!
      const images = await takeImages(ctx, who, form)
      const content = readContent(form, images.parts, request.t.timeZone)
      const key = (form.text('idempotencyKey') || ctx.random.token()).slice(0, keyCharactersMax)
      if (isToWriteOn(form)) return goOn(reply, await saveDraft(ctx, who, { key, content: changed(content, form) }), form)
      if (form.has('saveDraft')) return kept(reply, await saveDraft(ctx, who, { key, content }))
      if (images.hasNew) return reply.redirect(`/drafts/${(await saveDraft(ctx, who, { key, content })).id}/images`, 303)
      if (content.publishAt !== null) return scheduled(request, reply, await scheduleDraft(ctx, who, { key, content }))
      return published(request, reply, await publishDraft(ctx, who, { key, content }))
    })
  )
}

/** Says that a post is out, and leads back to where it was written; from a page that was about the draft alone, home. */
export async function published(request: FastifyRequest, reply: FastifyReply, post: PostRow): Promise<FastifyReply> {
  const { ctx } = request.server
  setFlash(reply, 'good', await flashOf(ctx, post))
  const back = safePath(request.form.text('returnTo'))
  const anchor = `post-${post.id}`
  if (back === undefined || ownPages.test(back)) return reply.redirect(`/home#${anchor}`, 303)
  return redirectBack(request, reply, { otherwise: '/home', anchor })
}

/** Says when a post will be out, and leads to those that wait. */
export function scheduled(request: FastifyRequest, reply: FastifyReply, draft: DraftRow): FastifyReply {
  setFlash(reply, 'good', 'flash.scheduled', { time: viewTime(request, draft.publishAt ?? 0).full })
  return reply.redirect(`/drafts/scheduled#draft-${draft.id}`, 303)
}

function kept(reply: FastifyReply, draft: DraftRow): FastifyReply {
  setFlash(reply, 'good', 'flash.draftSaved')
  return reply.redirect(`/drafts#draft-${draft.id}`, 303)
}

/** A button inside the form was pressed: what it changes is kept, and one writes on in the draft. */
function isToWriteOn(form: Form): boolean {
  return ['addOption', 'addPart', 'removePart', 'removeImage', 'writeOn'].some((name) => form.has(name))
}

function changed(content: DraftContent, form: Form): DraftContent {
  if (form.has('addOption')) return { ...content, poll: withOption(form, content.poll) }
  if (form.has('addPart') && content.parts.length < threadPartsMax)
    return { ...content, parts: [...content.parts, { text: '', media: [] }] }
  const removed = Number(form.text('removePart'))
  // The first part is the post itself.
  if (form.has('removePart') && removed > 1) return { ...content, parts: content.parts.filter((_, at) => at + 1 !== removed) }
  return content
}

/** With room for one option more, though nothing was written into the others yet. */
function withOption(form: Form, poll: DraftContent['poll']): DraftContent['poll'] {
  const typed = poll ?? { options: pollOptionsIn(form), isMultiple: form.text('pollChoice') === 'many' }
  return { ...typed, options: [...typed.options, ''] }
}

function goOn(reply: FastifyReply, draft: DraftRow, form: Form): FastifyReply {
  const place =
    form.has('addPart') && draft.parts.length > 1
      ? `#composer-text${draft.parts.length}`
      : form.has('addOption')
        ? '#composer-poll'
        : '#compose'
  return reply.redirect(`/drafts/${draft.id}${place}`, 303)
}

/** What became of a post that was sent. */
async function flashOf(ctx: Context, post: PostRow): Promise<string> {
  if (post.isHeld) return 'flash.replyWaits'
  const quote = post.isQuote ? await findQuote(ctx.db, post.id) : undefined
  if (quote?.state === 'pending') return 'flash.quoteWaits'
  return post.replyToId === null ? 'flash.published' : 'flash.replied'
}
