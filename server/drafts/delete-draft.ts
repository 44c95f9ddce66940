import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { getDraft } from '#server/drafts/find-draft.ts'
import { removeDrafts } from '#server/drafts/write-draft.ts'
import { requireAuthor } from '#server/posts/authors.ts'

/** Throws a draft away with its pictures, scheduled or not. Refusal('missing') when it is not the person's own. */
export async function deleteDraft(ctx: Context, who: Who, { draftId }: { draftId: number }): Promise<void> {
  const author = requireAuthor(who)
  await ctx.transact(async (tx) => {
    const draft = await getDraft(tx, author.id, draftId)
    await removeDrafts(tx, [draft.id])
  })
}
