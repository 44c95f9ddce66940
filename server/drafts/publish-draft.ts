import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { drafts } from '#db/schema/drafts.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import type { DraftContent } from '#server/drafts/draft-content.ts'
import { removeDrafts } from '#server/drafts/write-draft.ts'
import { Refusal } from '#server/errors.ts'
import { requireActive } from '#server/posts/authors.ts'
import { findPost, type PostRow } from '#server/posts/find-post.ts'
import type { NewPost } from '#server/posts/prepare-post.ts'
import { publishThread } from '#server/posts/publish-post.ts'

interface Publishing {
  key: string
  content: DraftContent
  /** What else happens in the transaction, once the posts are written and before the draft goes. */
  also?: (tx: Tx) => Promise<void>
}

/**
 * Publishes what somebody wrote, as a post or a thread; the draft under its key goes in the same transaction. Gives the first post back, which is the same when it is
 * sent again. Refusals: publishThread's, and 'conflict' when what it answers or quotes is gone meanwhile.
 */
export async function publishDraft(ctx: Context, who: Who, { key, content, also }: Publishing): Promise<PostRow> {
  const author = requireActive(who)
  const parts = await partsOf(ctx, author.id, { key, content })
  const [post] = await publishThread(ctx, who, parts, async (tx) => {
    await also?.(tx)
    const rows = await tx
      .select({ id: drafts.id })
      .from(drafts)
      .where(and(eq(drafts.accountId, author.id), eq(drafts.key, key)))
    await removeDrafts(
      tx,
      rows.map(({ id }) => id)
    )
  })
  return post!
}

/** A draft as posts to publish, in order; parts without words and pictures after the first are left out. Refusal('conflict') as publishDraft's. */
export async function partsOf(ctx: Context, accountId: number, { key, content }: Omit<Publishing, 'also'>): Promise<NewPost[]> {
  const { warning, visibility, language, isSensitive, isLocalOnly, isMarkdown, poll, policies, replyToId, quoteId } = content
  if (replyToId !== null && !(await isThere(ctx, accountId, replyToId))) throw new Refusal('conflict', 'errors.parentMissing')
  if (quoteId !== null && !(await isThere(ctx, accountId, quoteId))) throw new Refusal('conflict', 'errors.quotedMissing')
  const shared = { warning, visibility, isSensitive, isLocalOnly, isMarkdown, policies, ...(language === null ? {} : { language }) }
  const first = {
    poll,
    submissionKey: key,
    ...(replyToId === null ? {} : { replyToId }),
    ...(quoteId === null ? {} : { quoteId })
  }
  return content.parts
    .map((part, at) => ({ ...shared, ...part, ...(at === 0 ? first : {}) }))
    .filter(({ text, media }, at) => at === 0 || text.trim() !== '' || media.length > 0)
}

async function isThere({ db }: Context, accountId: number, postId: number): Promise<boolean> {
  const post = await findPost(db, accountId, postId)
  return post !== undefined && (post.boostOfId === null || (await findPost(db, accountId, post.boostOfId)) !== undefined)
}
