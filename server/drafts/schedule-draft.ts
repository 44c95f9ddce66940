import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { drafts } from '#db/schema/drafts.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkContent, type DraftRow } from '#server/drafts/draft-content.ts'
import { getDraft } from '#server/drafts/find-draft.ts'
import { partsOf } from '#server/drafts/publish-draft.ts'
import { checkPublishAt, refuseCrowding } from '#server/drafts/publishing-time.ts'
import { freeKey, type KeptDraft } from '#server/drafts/save-draft.ts'
import { refuseHoarding, writeDraft } from '#server/drafts/write-draft.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { requireActive, requireAuthor } from '#server/posts/authors.ts'
import { checkThread } from '#server/posts/prepare-post.ts'

/** The job that publishes a draft at its time. */
export const publishKind = 'publish-draft'

/**
 * Keeps a draft and publishes it at its time. All that can be wrong with it is said now. Refusals: as publishDraft's and saveDraft's; 'invalid' for a time that is
 * too near or too far, 'too-many' for more than one may have waiting.
 */
export async function scheduleDraft(ctx: Context, who: Person, { key, content }: KeptDraft): Promise<DraftRow> {
  const author = requireActive(who)
  checkContent(content, ctx.config.limits.imagesPerPostMax)
  checkPublishAt(content.publishAt, ctx.clock.now())
  await checkThread(ctx, who, await partsOf(ctx, author.id, { key, content }))
  const timeZone = who.user.timeZone ?? (await ctx.settings.get()).timeZone
  const otherKey = ctx.random.token()
  return ctx.transact(async (tx) => {
    const draft = await writeDraft(tx, { accountId: author.id, key: await freeKey(tx, author.id, key, otherKey), content })
    const publishAt = checkPublishAt(draft.publishAt, tx.now)
    await refuseCrowding(tx, draft, publishAt, timeZone)
    await tx.update(drafts).set({ isScheduled: true }).where(eq(drafts.id, draft.id))
    await enqueuePublishing(tx, draft.id, publishAt)
    return { ...draft, isScheduled: true }
  })
}

/** It is a draft again, and keeps its time for the next try. Refusal('missing') when it is not the person's own or was published meanwhile; nothing happens to one that is not scheduled. */
export async function unscheduleDraft(ctx: Context, who: Person, { draftId }: { draftId: number }): Promise<void> {
  const author = requireAuthor(who)
  await ctx.transact(async (tx) => {
    const draft = await getDraft(tx, author.id, draftId)
    if (!draft.isScheduled) return
    await refuseHoarding(tx, author.id)
    const isUnchanged = and(eq(drafts.id, draft.id), eq(drafts.version, draft.version))
    await tx
      .update(drafts)
      .set({ isScheduled: false, version: draft.version + 1, updatedAt: tx.now })
      .where(isUnchanged)
  })
}

async function enqueuePublishing(tx: Tx, draftId: number, publishAt: number): Promise<void> {
  await enqueue(tx, {
    kind: publishKind,
    input: { draftId, publishAt },
    onceKey: `${publishKind} ${draftId} ${publishAt}`,
    runAt: publishAt
  })
}
