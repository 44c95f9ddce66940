import { and, eq } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { drafts } from '#db/schema/drafts.ts'
import { findPerson } from '#server/accounts/find-person.ts'
import type { Context } from '#server/context.ts'
import { contentOf, type DraftRow } from '#server/drafts/draft-content.ts'
import { publishDraft } from '#server/drafts/publish-draft.ts'
import { Refusal, textValuesOf } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import type { JobRun } from '#server/jobs/job-run.ts'

/**
 * A job: the time of a draft has come. It is published once, whatever is killed on the way: posts, draft and job change in one transaction. What is refused
 * (its parent is gone, its author suspended or moved away) turns back into a draft that says why; fact `draft-failed`. A draft whose time was moved, or that is
 * no longer scheduled, is left alone.
 */
export async function publishScheduled(ctx: Context, input: { draftId: number; publishAt: number }, job: JobRun): Promise<void> {
  const draft = await findDue(ctx.db, input)
  const who = draft && (await findPerson(ctx.db, draft.accountId))
  if (!draft || !who) return
  try {
    const also = async (tx: Tx) => {
      await refuseChanged(tx, draft)
      await job.finish(tx)
    }
    await publishDraft(ctx, who, { key: draft.key, content: contentOf(draft), also })
  } catch (error) {
    // What does not answer now may answer at the next try.
    if (!(error instanceof Refusal) || error.kind === 'unavailable') throw error
    await giveBack(ctx, draft, error, job)
  }
}

/** It is a draft again, with the reason, and its author is told. */
async function giveBack(ctx: Context, draft: DraftRow, refusal: Refusal, job: JobRun): Promise<void> {
  const failure = { at: draft.publishAt ?? 0, key: refusal.key, values: textValuesOf(refusal) }
  await ctx.transact(async (tx) => {
    await refuseChanged(tx, draft)
    await tx
      .update(drafts)
      .set({ isScheduled: false, publishAt: null, failure, version: draft.version + 1, updatedAt: tx.now })
      .where(eq(drafts.id, draft.id))
    await record(tx, 'draft-failed', { draftId: draft.id, accountId: draft.accountId })
    await job.finish(tx)
  })
}

async function findDue(db: Reader, { draftId, publishAt }: { draftId: number; publishAt: number }): Promise<DraftRow | undefined> {
  const [row] = await db
    .select()
    .from(drafts)
    .where(and(eq(drafts.id, draftId), eq(drafts.isScheduled, true), eq(drafts.publishAt, publishAt)))
  return row
}

/** Somebody wrote on while it was made ready: the job starts over and looks at what stands then. */
async function refuseChanged(tx: Tx, draft: DraftRow): Promise<void> {
  const isSame = and(eq(drafts.id, draft.id), eq(drafts.version, draft.version))
  const rows = await tx.update(drafts).set({ version: draft.version }).where(isSame).returning({ id: drafts.id })
  if (rows.length === 0) throw new Error(`The draft ${draft.id} was changed while it was published.`)
}
