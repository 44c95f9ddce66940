import { and, asc, eq, gt, lt } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { drafts } from '#db/schema/drafts.ts'
import { media } from '#db/schema/media.ts'
import type { Context } from '#server/context.ts'
import { removeMediaRows } from '#server/media/remove-media.ts'

const dayMs = 24 * 3_600_000
/** Pictures wait so long in a draft that nobody touches and that has no time of its own; its words stay. */
export const draftPicturesMs = 90 * dayMs
const draftsPerStep = 50

/** Housekeeping: pictures of drafts that were left lying. */
export async function sweepDrafts(ctx: Context): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const from: number = after
    after = await ctx.transact((tx) => sweepStep(tx, from))
  }
}

/** Looks at some drafts after that id; gives the last one's back, or undefined when none is left. */
async function sweepStep(tx: Tx, after: number): Promise<number | undefined> {
  const isIdle = and(eq(drafts.isScheduled, false), lt(drafts.updatedAt, tx.now - draftPicturesMs), gt(drafts.id, after))
  const rows = await tx.select().from(drafts).where(isIdle).orderBy(asc(drafts.id)).limit(draftsPerStep)
  for (const draft of rows) {
    if (draft.parts.every(({ mediaIds }) => mediaIds.length === 0)) continue
    await removeMediaRows(tx, await tx.select().from(media).where(eq(media.draftId, draft.id)))
    const parts = draft.parts.map((part) => ({ ...part, mediaIds: [] }))
    await tx
      .update(drafts)
      .set({ parts, version: draft.version + 1 })
      .where(eq(drafts.id, draft.id))
  }
  return rows.length < draftsPerStep ? undefined : rows.at(-1)?.id
}
