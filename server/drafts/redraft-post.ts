import { asc, eq } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { drafts } from '#db/schema/drafts.ts'
import { media } from '#db/schema/media.ts'
import { quotes } from '#db/schema/quotes.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import type { DraftRow } from '#server/drafts/draft-content.ts'
import { findDraftByKey } from '#server/drafts/find-draft.ts'
import { refuseHoarding } from '#server/drafts/write-draft.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { choiceOf } from '#server/interactions/policy-choices.ts'
import { policyColumns } from '#server/interactions/policy.ts'
import { findPoll } from '#server/polls/find-poll.ts'
import { requireActive } from '#server/posts/authors.ts'
import { findPost, findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { removePost } from '#server/posts/remove-post.ts'

/**
 * The author deletes a post and has all it said as a draft: text, warning, pictures with their words, poll, audience, language, what it answers and
 * quotes. The pictures move to other addresses, since the old ones stand where the post was seen. Asked again, the same draft comes back. Fact
 * `post-deleted`. Refusals: 'missing', 'forbidden' when it is somebody else's or a boost, 'too-many' for one draft more than draftsMax.
 */
export async function redraftPost(ctx: Context, who: Who, { postId }: { postId: number }): Promise<DraftRow> {
  const author = requireActive(who)
  const key = `redraft-${postId}`
  return ctx.transact(async (tx) => {
    const post = await findPost(tx, author.id, postId)
    const before = await findDraftByKey(tx, author.id, key)
    if (before && !post) return before
    if (!post) throw new Refusal('missing', 'errors.postMissing')
    if (post.authorId !== author.id || post.boostOfId !== null) throw new Refusal('forbidden', 'errors.postNotYours')
    await refuseHoarding(tx, author.id)
    const draft = await draftFrom(tx, before ? ctx.random.token() : key, post)
    await takePictures(tx, draft, post.id, () => ctx.random.token())
    await removePost(tx, post)
    await record(tx, 'post-deleted', { postId })
    return draft
  })
}

async function draftFrom(tx: Tx, key: string, post: PostRow): Promise<DraftRow> {
  const pictures = await tx.select({ id: media.id }).from(media).where(eq(media.postId, post.id)).orderBy(asc(media.position))
  const poll = await findPoll(tx, post.id)
  const [quote] = await tx.select({ quotedId: quotes.quotedId }).from(quotes).where(eq(quotes.postId, post.id))
  const [draft] = await tx
    .insert(drafts)
    .values({
      id: tx.newId(),
      accountId: post.authorId,
      key,
      parts: [{ text: post.source ?? htmlToText(post.html), mediaIds: pictures.map(({ id }) => id) }],
      warning: post.warning,
      visibility: post.visibility,
      language: post.language,
      isSensitive: post.isSensitive && post.warning === '',
      isLocalOnly: post.isLocalOnly,
      isMarkdown: post.isMarkdown,
      poll: poll
        ? {
            options: poll.options.map((option) => option.text),
            isMultiple: poll.isMultiple,
            lastsS: poll.endsAt === null ? null : Math.round((poll.endsAt - (post.editedAt ?? post.createdAt)) / 1_000)
          }
        : null,
      policies: Object.fromEntries(Object.values(policyColumns).map((column) => [column, choiceOf(post[column])])),
      replyToId: await parentOf(tx, post),
      quoteId: quote?.quotedId ?? null,
      publishAt: null,
      createdAt: tx.now,
      updatedAt: tx.now
    })
    .returning()
  if (!draft) throw new Error('A draft was not written.')
  return draft
}

/** What it answers; a reply that waits for somebody's word hangs on nothing, and names it all the same. */
async function parentOf(db: Reader, { replyToId, replyToUri }: PostRow): Promise<number | null> {
  if (replyToId !== null || replyToUri === null) return replyToId
  return (await findPostByUri(db, replyToUri))?.id ?? null
}

async function takePictures(tx: Tx, draft: DraftRow, postId: number, newKey: () => string): Promise<void> {
  const rows = await tx.select({ id: media.id }).from(media).where(eq(media.postId, postId))
  for (const { id } of rows) await tx.update(media).set({ postId: null, draftId: draft.id, key: newKey() }).where(eq(media.id, id))
}
