import type { Tx } from '#db/reader.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkContent, type DraftContent, type DraftRow } from '#server/drafts/draft-content.ts'
import { writeDraft } from '#server/drafts/write-draft.ts'
import { requireActive } from '#server/posts/authors.ts'
import { findSubmitted } from '#server/posts/publish-post.ts'

export interface KeptDraft {
  /** Of the form: kept again, it is the same draft. */
  key: string
  content: DraftContent
}

/**
 * Keeps what somebody has written so far; one that was scheduled is a draft again, until it is scheduled anew. Refusals: 'forbidden' for whoever may not write,
 * checkContent's, 'too-many' for one draft more than draftsMax.
 */
export async function saveDraft(ctx: Context, who: Who, { key, content }: KeptDraft): Promise<DraftRow> {
  const author = requireActive(who)
  checkContent(content, ctx.config.limits.imagesPerPostMax)
  const otherKey = ctx.random.token()
  return ctx.transact(async (tx) => writeDraft(tx, { accountId: author.id, key: await freeKey(tx, author.id, key, otherKey), content }))
}

/** What is written on in a form that was sent already becomes a post of its own: under the old key it would be taken for the same. */
export async function freeKey(tx: Tx, accountId: number, key: string, otherKey: string): Promise<string> {
  return key === '' || (await findSubmitted(tx, accountId, key)) ? otherKey : key
}
