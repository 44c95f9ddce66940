import type { FastifyReply, FastifyRequest } from 'fastify'
import { handleOf } from '#server/accounts/handle-of.ts'
import { findDraftByKey } from '#server/drafts/find-draft.ts'
import { permitQuote } from '#server/interactions/write-own.ts'
import { Refusal } from '#server/errors.ts'
import { readId } from '#server/platform/ids.ts'
import { narrowTo } from '#server/posts/check-draft.ts'
import { usualVisibility } from '#server/posts/usual-visibility.ts'
import { findPost } from '#server/posts/find-post.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { loadPosts, type PostDetails } from '#server/posts/load-posts.ts'
import type { Form } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { keptParts } from '#server/web/pages/compose-images.ts'
import { safePath } from '#server/web/return-to.ts'
import { Typed } from '#server/web/typed.ts'
import type { ComposerView } from '#server/web/views/composer-view.ts'
import { toComposer } from '#server/web/views/to-composer.ts'
import { displayNameOf } from '#server/web/views/view-accounts.ts'
import { postPath, viewPosts } from '#server/web/views/view-posts.ts'

const quotedCharactersMax = 300

interface Shown {
  /** What an address asks to quote. */
  quoted?: PostDetails
  /** The draft that is written on, and what is to be said of it. */
  draft?: { id: number; error: string | undefined }
}

/** The composer on a page of its own: for a quote or a draft, and after a refusal, with all that was typed. */
export async function showComposer(
  request: FastifyRequest,
  reply: FastifyReply,
  typed: Typed,
  { quoted: asked, ...shown }: Shown = {}
): Promise<FastifyReply> {
  const { ctx } = request.server
  const who = request.who!
  const parent = await findNamed(request, typed.form.text('replyTo'))
  const quoted = asked ?? (await findNamed(request, typed.form.text('quote')))
  const kind = parent ? 'reply' : 'new'
  const draft = shown.draft ?? (await draftOf(request, typed.form))
  const composer = await toComposer(request, {
    kind,
    typed: typed.isSent || asked ? typed : asTyped(typed.form),
    images: await keptParts(ctx, who, typed.form),
    isOpen: true,
    ...(quoted ? { quote: viewQuoted(request, quoted), visibility: narrowTo(quoted.post.visibility, usualVisibility(who.user)) } : {}),
    isLocalOnly: parent?.post.isLocalOnly || quoted?.post.isLocalOnly || false,
    replyTo: parent && {
      id: String(parent.post.id),
      name: displayNameOf(parent.author),
      handle: handleOf(parent.author),
      path: postPath(parent.author, parent.post.id)
    }
  })
  const view = {
    heading: headingOf(request, { isDraft: draft !== undefined, isQuote: quoted !== undefined, kind }),
    post: parent && (await viewPosts(request, [parent]))[0],
    composer: draft?.error === undefined ? composer : { ...composer, error: draft.error },
    cancelPath: draft ? '/drafts' : (safePath(typed.form.text('returnTo')) ?? '/home'),
    deletePath: draft && `/drafts/${draft.id}/delete`
  }
  return page(reply, 'compose', view, { title: view.heading, status: typed.status, cache: 'none' })
}

/** The draft that a refused form belongs to; undefined when nothing of it was kept before. */
async function draftOf({ server, who }: FastifyRequest, form: Form): Promise<Shown['draft']> {
  const found = await findDraftByKey(server.ctx.db, who!.account.id, form.text('idempotencyKey'))
  return found && { id: found.id, error: undefined }
}

/** What was typed, shown again though nothing was wrong with it. */
export function asTyped(form: Form): Typed {
  return new Typed(form, undefined, undefined, true)
}

/** What the form answers or quotes; undefined when it does not, or that is gone meanwhile: what was typed is not. */
export async function findNamed(request: FastifyRequest, named: string): Promise<PostDetails | undefined> {
  const id = readId(named)
  if (id === undefined) return undefined
  const { ctx } = request.server
  const viewerId = request.who!.account.id
  const found = await findPost(ctx.db, viewerId, id)
  const post = found?.boostOfId ? await findPost(ctx.db, viewerId, found.boostOfId) : found
  return post && (await loadPosts(ctx.db, viewerId, [post]))[0]
}

/** What an address asks to quote. Refusals: 'missing', and 'forbidden' where its author does not let one. */
export async function getQuoted(request: FastifyRequest, named: string): Promise<PostDetails> {
  const quoted = await findNamed(request, named)
  if (!quoted) throw new Refusal('missing', 'errors.postMissing')
  await permitQuote(request.server.ctx.db, quoted.post, request.who!.account.id)
  return quoted
}

function headingOf({ t }: FastifyRequest, { isDraft, isQuote, kind }: { isDraft: boolean; isQuote: boolean; kind: string }): string {
  if (isDraft) return t('draft.heading')
  return isQuote ? t('composer.headingQuote') : t('composer.heading', { kind })
}

function viewQuoted({ t }: FastifyRequest, { post, author }: PostDetails): ComposerView['quote'] {
  const text = post.warning || htmlToText(post.html, quotedCharactersMax).replace(/\s+/g, ' ') || t('post.withoutText')
  return { id: String(post.id), name: displayNameOf(author), path: postPath(author, post.id), text }
}
