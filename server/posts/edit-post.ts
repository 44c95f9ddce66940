import { isDeepStrictEqual } from 'node:util'
import { asc, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import { posts, postVersions } from '#db/schema/posts.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { emojisWritten, noteUses, usesOf } from '#server/emoji/written-emoji.ts'
import { record } from '#server/facts.ts'
import { focusColumns } from '#server/media/media-alt.ts'
import { findPoll, type Poll } from '#server/polls/find-poll.ts'
import { changeOwnPoll } from '#server/polls/write-poll.ts'
import { type ChosenPolicies, checkPolicies } from '#server/interactions/policy-choices.ts'
import { type AttachedMedia, attachMedia } from '#server/posts/attach-media.ts'
import { requireActive } from '#server/posts/authors.ts'
import { type CheckedDraft, checkDraft, type Draft } from '#server/posts/check-draft.ts'
import { getPost, type PostRow } from '#server/posts/find-post.ts'
import { mentionLinks } from '#server/posts/mention-links.ts'
import { resolveMentions } from '#server/posts/resolve-mentions.ts'
import { peopleHere } from '#server/posts/local-only.ts'
import { addAudience, replaceLinks } from '#server/posts/write-post.ts'
import { readText } from '#server/posts/written-text.ts'

export interface PostEdit extends Omit<Draft, 'visibility' | 'isLocalOnly'> {
  postId: number
  /** Who may quote, answer, boost and like it; what is absent stays. */
  policies?: ChosenPolicies
}

/**
 * The author changes a post; who may see it stays, but for people newly mentioned, and it stays Markdown unless something else is said. The state before goes to the history; nothing
 * happens when nothing changed. Options of a poll that are changed lose their votes, others keep them. Fact `post-edited`. Refusals: 'missing' when it is not there for the author, 'forbidden' when it is
 * somebody else's or a boost, and checkDraft's and changeOwnPoll's.
 */
export async function editPost(ctx: Context, who: Who, { postId, policies = {}, ...input }: PostEdit): Promise<PostRow> {
  const author = requireActive(who)
  const post = await getPost(ctx.db, author.id, postId)
  if (post.authorId !== author.id || post.boostOfId !== null) throw new Refusal('forbidden', 'errors.postNotYours')
  const { postCharactersMax } = await ctx.settings.get()
  const { visibility, isMarkdown, isLocalOnly } = post
  const draft = checkDraft({ isMarkdown, ...input, visibility, isLocalOnly }, postCharactersMax)
  const written = readText(draft)
  const mentioned = await resolveMentions(ctx, written.mentions)
  const allIds = [...new Set([...mentioned.values()].map((account) => account.id))]
  const mentionIds = isLocalOnly ? await peopleHere(ctx.db, allIds) : allIds
  const html = written.render(mentionLinks(ctx, mentioned), ctx.config.origin)

  return ctx.transact(async (tx) => {
    const current = await getPost(tx, author.id, postId)
    const shown = await mediaOf(tx, postId)
    const next = {
      html,
      source: draft.text,
      isMarkdown: draft.isMarkdown,
      warning: draft.warning,
      isSensitive: draft.isSensitive,
      language: draft.language,
      ...checkPolicies(policies)
    }
    const pollBefore = await findPoll(tx, postId)
    const isPollSame = draft.poll === undefined || !(await changeOwnPoll(tx, postId, draft.poll))
    const asked = draft.poll?.options ?? pollBefore?.options.map(({ text }) => text) ?? []
    const emojis = await emojisWritten(tx, [html, draft.warning, ...(draft.poll === null ? [] : asked)], current.emojis)
    const isSame =
      isPollSame &&
      isDeepStrictEqual(usesOf(emojis), current.emojis) &&
      (Object.keys(next) as (keyof typeof next)[]).every((key) => next[key] === current[key]) &&
      isSameMedia(shown, draft.media)
    if (isSame) return current
    await keepVersion(tx, current, pollBefore)
    await attachMedia(tx, current, draft.media, ctx.config.limits.imagesPerPostMax)
    if (emojis || current.emojis) await noteUses(tx, postId, emojis, false)
    await replaceLinks(tx, postId, { mentionIds, tags: written.tags })
    await addAudience(
      tx,
      postId,
      mentionIds.map((accountId) => ({ kind: 'person', accountId }))
    )
    const [edited] = await tx
      .update(posts)
      .set({ ...next, ...typeOf(draft), emojis: usesOf(emojis), version: current.version + 1, editedAt: tx.now })
      .where(eq(posts.id, postId))
      .returning()
    if (!edited) throw new Error('An edited post vanished.')
    await record(tx, 'post-edited', { postId })
    return edited
  })
}

/** Keeps what a post says now, with its pictures and what its poll asks, as a version of its history. */
export async function keepVersion(tx: Tx, post: PostRow, poll?: Poll): Promise<void> {
  const pictures = await mediaOf(tx, post.id)
  await tx
    .insert(postVersions)
    .values({
      postId: post.id,
      version: post.version,
      title: post.title,
      html: post.html,
      source: post.source,
      warning: post.warning,
      media: pictures.map(({ key, alt }) => ({ key, alt })),
      options: poll ? poll.options.map((option) => option.text) : null,
      emojis: post.emojis ?? [],
      createdAt: post.editedAt ?? post.createdAt
    })
    .onConflictDoNothing()
}

/** A poll makes a post a Question, and is what makes it one. */
function typeOf({ poll }: CheckedDraft): { type?: string } {
  return poll === undefined ? {} : { type: poll === null ? 'Note' : 'Question' }
}

type Shown = Pick<typeof media.$inferSelect, 'id' | 'key' | 'alt' | 'focusX' | 'focusY'>

function mediaOf(tx: Tx, postId: number): Promise<Shown[]> {
  return tx
    .select({ id: media.id, key: media.key, alt: media.alt, focusX: media.focusX, focusY: media.focusY })
    .from(media)
    .where(eq(media.postId, postId))
    .orderBy(asc(media.position))
}

function isSameMedia(shown: readonly Shown[], wanted: readonly AttachedMedia[]): boolean {
  return shown.length === wanted.length && wanted.every((picture, at) => isSamePicture(shown[at], picture))
}

function isSamePicture(shown: Shown | undefined, { id, alt, focus }: AttachedMedia): boolean {
  if (shown?.id !== id || (alt !== undefined && shown.alt !== alt)) return false
  if (!focus) return true
  const { focusX, focusY } = focusColumns(focus)
  return shown.focusX === focusX && shown.focusY === focusY
}
