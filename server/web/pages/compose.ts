import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Visibility } from '#db/schema/posts.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { listOwnMedia } from '#server/media/list-media.ts'
import { altCharactersMax } from '#server/media/media-alt.ts'
import { removeMedia } from '#server/media/remove-media.ts'
import { type Media, uploadImage } from '#server/media/upload-image.ts'
import { readId } from '#server/platform/ids.ts'
import { findQuote } from '#server/interactions/quotes.ts'
import { permitQuote } from '#server/interactions/write-own.ts'
import { narrowTo } from '#server/posts/check-draft.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { findPost, getOriginal, type PostRow } from '#server/posts/find-post.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { loadPosts, type PostDetails } from '#server/posts/load-posts.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import type { Form } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { redirectBack, safePath } from '#server/web/return-to.ts'
import { submitted, Typed } from '#server/web/typed.ts'
import type { ComposerView } from '#server/web/views/composer-view.ts'
import { policiesOf, policyFieldNames } from '#server/web/views/policy-fields.ts'
import { pollFieldNames, pollOf } from '#server/web/views/poll-fields.ts'
import { thumbnailSize, toComposer } from '#server/web/views/to-composer.ts'
import { postPath, viewPosts } from '#server/web/views/view-posts.ts'
import { displayNameOf } from '#server/web/views/view-accounts.ts'

type QuoteRequest = { Querystring: { quote?: string | string[] } }

const quotedCharactersMax = 300

/** Fields that the step for descriptions carries along. */
const carried = ['text', 'warning', 'visibility', 'language', 'replyTo', 'quote', 'idempotencyKey', ...pollFieldNames, ...policyFieldNames]

/** Writing and editing. A form that was refused comes back on a page of its own, with all that was typed and the pictures kept. */
export function composeRoutes(app: FastifyInstance, ctx: Context): void {
  const config = { access: 'signed-in', filesMax: ctx.config.limits.imagesPerPostMax } as const

  // With a post to quote it is the composer; by itself it is where a form was sent to, and leads home.
  app.get<QuoteRequest>('/posts', { config: { access: 'signed-in' } }, async (request, reply) => {
    const asked = request.query.quote
    if (asked === undefined) return reply.redirect('/home', 303)
    const quoted = await getQuoted(request, String(asked))
    return showComposer(request, reply, new Typed(), [], quoted)
  })

  app.post(
    '/posts',
    { config },
    submitted(showComposer, async (request, reply, form) => {
      const who = request.who!
      const images = await imagesOf(ctx, who, form)
      if (form.has('removeImage') || form.has('addOption')) return showComposer(request, reply, new Typed(form), images)
      if (form.files('images').length > 0) return showDescriptions(request, reply, images)
      const isOnItsOwn = (await findNamed(request, form.text('replyTo'))) === undefined
      if (isOnItsOwn && form.text('replyTo') !== '') throw new Refusal('conflict', 'errors.parentMissing')
      const quoted = await findNamed(request, form.text('quote'))
      if (!quoted && form.text('quote') !== '') throw new Refusal('conflict', 'errors.quotedMissing')
      const post = await publishPost(ctx, who, {
        ...draftOf(form, images),
        ...parentOf(form),
        ...(quoted ? { quoteId: quoted.post.id } : {}),
        submissionKey: form.text('idempotencyKey')
      })
      setFlash(reply, 'good', await flashOf(ctx, post))
      return redirectBack(request, reply, { otherwise: '/home', anchor: `post-${post.id}` })
    })
  )

  app.get<IdRequest>('/posts/:id/edit', { config }, async (request, reply) => {
    const own = await getOwn(request)
    return showEditor(request, reply, new Typed(), own, own.media)
  })

  app.post<IdRequest>('/posts/:id/edit', { config }, async (request, reply) => {
    const own = await getOwn(request)
    const show = async (_request: FastifyRequest, _reply: FastifyReply, typed: Typed) =>
      showEditor(request, reply, typed, own, await keptImages(ctx, request.who!, typed.form, own.post.id))
    return submitted(show, async (_request, _reply, form) => {
      const images = await imagesOf(ctx, request.who!, form, own.post.id)
      const isMoreToSay = form.has('removeImage') || form.has('addOption') || form.files('images').length > 0
      if (isMoreToSay) return showEditor(request, reply, new Typed(form), own, images)
      await editPost(ctx, request.who!, { postId: own.post.id, ...draftOf(form, images) })
      setFlash(reply, 'good', 'flash.edited')
      return reply.redirect(postPath(own.author, own.post.id), 303)
    })(request, reply)
  })
}

/** The pictures the form names, without the one to remove, with what was uploaded along with it. */
async function imagesOf(ctx: Context, who: Person, form: Form, postId?: number): Promise<Media[]> {
  const removed = form.text('removeImage')
  const kept = await keptImages(ctx, who, form, postId)
  const files = form.files('images')
  const max = ctx.config.limits.imagesPerPostMax
  if (kept.length + files.length > max) throw new Refusal('invalid', 'errors.tooManyImages', { max }, 'images')
  const gone = kept.find(({ id }) => String(id) === removed)
  // One that shows on a published post goes with the edit, not before.
  if (gone && gone.postId === null) await removeMedia(ctx, who, gone.id)
  const added: Media[] = []
  for (const { bytes } of files) added.push(await uploadImage(ctx, who, { bytes }))
  return [...kept.filter((image) => image !== gone), ...added]
}

function keptImages(ctx: Context, who: Person, form: Form, postId?: number): Promise<Media[]> {
  const ids = form.all('media').flatMap((typed) => readId(typed) ?? [])
  return listOwnMedia(ctx.db, who.account.id, [...new Set(ids)], postId)
}

function draftOf(form: Form, images: readonly Media[]) {
  return {
    text: form.text('text'),
    warning: form.text('warning'),
    ...(form.has('visibility') ? { visibility: form.text('visibility') as Visibility } : {}),
    language: form.text('language') || undefined,
    poll: pollOf(form),
    policies: policiesOf(form),
    media: images.map(({ id }) => ({ id, ...(form.has(`alt-${id}`) ? { alt: form.text(`alt-${id}`) } : {}) }))
  }
}

function parentOf(form: Form): { replyToId?: number } {
  const replyToId = readId(form.text('replyTo'))
  return replyToId === undefined ? {} : { replyToId }
}

/** The composer on a page of its own, after a refusal or an act inside it. */
async function showComposer(
  request: FastifyRequest,
  reply: FastifyReply,
  typed: Typed,
  images?: readonly Media[],
  asked?: PostDetails
): Promise<FastifyReply> {
  const { ctx } = request.server
  const who = request.who!
  const parent = await findNamed(request, typed.form.text('replyTo'))
  const quoted = asked ?? (await findNamed(request, typed.form.text('quote')))
  const kind = parent ? 'reply' : 'new'
  const shown = images ?? (await keptImages(ctx, who, typed.form))
  const composer = await toComposer(request, {
    kind,
    typed: typed.isSent || asked ? typed : asTyped(typed.form),
    images: shown,
    isOpen: true,
    ...(quoted ? { quote: viewQuoted(request, quoted), visibility: narrowTo(quoted.post.visibility, who.user.defaultVisibility) } : {}),
    replyTo: parent && {
      id: String(parent.post.id),
      name: displayNameOf(parent.author),
      handle: handleOf(parent.author),
      path: postPath(parent.author, parent.post.id)
    }
  })
  const view = {
    heading: quoted ? request.t('composer.headingQuote') : request.t('composer.heading', { kind }),
    post: parent && (await viewPosts(request, [parent]))[0],
    composer,
    cancelPath: safePath(typed.form.text('returnTo')) ?? '/home'
  }
  return page(reply, 'compose', view, { title: view.heading, status: typed.status, cache: 'none' })
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
    images,
    poll: own.poll,
    post,
    isOpen: true,
    typed: isAfresh ? asTyped(typed.form) : typed
  })
  const view = {
    heading: request.t('composer.heading', { kind: 'edit' }),
    post: undefined,
    composer,
    cancelPath: postPath(author, post.id)
  }
  return page(reply, 'compose', view, { title: view.heading, status: typed.status, cache: 'none' })
}

/** What was typed, shown again though nothing was wrong with it. */
function asTyped(form: Form): Typed {
  return new Typed(form, undefined, undefined, true)
}

async function showDescriptions(request: FastifyRequest, reply: FastifyReply, images: readonly Media[]): Promise<FastifyReply> {
  const { form } = request
  const view = {
    path: '/posts',
    error: undefined,
    hidden: form.entries().filter(({ name }) => carried.includes(name)),
    text: form.text('text'),
    images: images.map((image, index) => ({
      id: String(image.id),
      url: `/media/${image.key}/preview`,
      ...thumbnailSize(image),
      position: index + 1,
      total: images.length,
      alt: { value: form.text(`alt-${image.id}`) || image.alt, error: undefined }
    })),
    altCharactersMax,
    cancelPath: safePath(form.text('returnTo')) ?? '/home'
  }
  return page(reply, 'post-images', view, { title: request.t('media.stepHeading'), cache: 'none' })
}

/** What the form answers or quotes; undefined when it does not, or that is gone meanwhile: what was typed is not. */
async function findNamed(request: FastifyRequest, named: string): Promise<PostDetails | undefined> {
  const id = readId(named)
  if (id === undefined) return undefined
  const { ctx } = request.server
  const viewerId = request.who!.account.id
  const found = await findPost(ctx.db, viewerId, id)
  const post = found?.boostOfId ? await findPost(ctx.db, viewerId, found.boostOfId) : found
  return post && (await loadPosts(ctx.db, viewerId, [post]))[0]
}

/** What an address asks to quote. Refusals: 'missing', and 'forbidden' where its author does not let one. */
async function getQuoted(request: FastifyRequest, named: string): Promise<PostDetails> {
  const quoted = await findNamed(request, named)
  if (!quoted) throw new Refusal('missing', 'errors.postMissing')
  await permitQuote(request.server.ctx.db, quoted.post, request.who!.account.id)
  return quoted
}

function viewQuoted({ t }: FastifyRequest, { post, author }: PostDetails): ComposerView['quote'] {
  const text = post.warning || htmlToText(post.html, quotedCharactersMax).replace(/\s+/g, ' ') || t('post.withoutText')
  return { id: String(post.id), name: displayNameOf(author), path: postPath(author, post.id), text }
}

/** What became of a post that was sent. */
async function flashOf(ctx: Context, post: PostRow): Promise<string> {
  if (post.isHeld) return 'flash.replyWaits'
  const quote = post.isQuote ? await findQuote(ctx.db, post.id) : undefined
  if (quote?.state === 'pending') return 'flash.quoteWaits'
  return post.replyToId === null ? 'flash.published' : 'flash.replied'
}

async function getOwn(request: FastifyRequest<IdRequest>): Promise<PostDetails> {
  const { ctx } = request.server
  const post = await getOriginal(ctx.db, request.who!.account.id, idAsked(request, 'errors.postMissing'))
  const [own] = await loadPosts(ctx.db, request.who!.account.id, [post])
  if (!own?.viewer?.isOwn) throw new Refusal('missing', 'errors.postMissing')
  return own
}
