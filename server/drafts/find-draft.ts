import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { drafts } from '#db/schema/drafts.ts'
import { media } from '#db/schema/media.ts'
import { type DraftRow, draftsMax } from '#server/drafts/draft-content.ts'
import { scheduledMax } from '#server/drafts/publishing-time.ts'
import { Refusal } from '#server/errors.ts'
import type { Media } from '#server/media/upload-image.ts'

/** A person's own draft. Refusal('missing') when there is none, or it is somebody else's. */
export async function getDraft(db: Reader, accountId: number, id: number): Promise<DraftRow> {
  const [row] = await db
    .select()
    .from(drafts)
    .where(and(eq(drafts.id, id), eq(drafts.accountId, accountId)))
  if (!row) throw new Refusal('missing', 'errors.draftMissing')
  return row
}

/** The draft of a form, by its key. */
export async function findDraftByKey(db: Reader, accountId: number, key: string): Promise<DraftRow | undefined> {
  const [row] = await db
    .select()
    .from(drafts)
    .where(and(eq(drafts.accountId, accountId), eq(drafts.key, key)))
  return row
}

/** What a person has begun, the latest first. */
export function drafted(db: Reader, accountId: number): Promise<DraftRow[]> {
  return db
    .select()
    .from(drafts)
    .where(and(eq(drafts.accountId, accountId), eq(drafts.isScheduled, false)))
    .orderBy(desc(drafts.updatedAt), desc(drafts.id))
    .limit(draftsMax)
}

/** What a person has written for later, the next one first. */
export function scheduled(db: Reader, accountId: number): Promise<DraftRow[]> {
  return db
    .select()
    .from(drafts)
    .where(and(eq(drafts.accountId, accountId), eq(drafts.isScheduled, true)))
    .orderBy(asc(drafts.publishAt), asc(drafts.id))
    .limit(scheduledMax)
}

/** Pictures of drafts by their id; a draft names the order. */
export async function picturesOf(db: Reader, rows: readonly DraftRow[]): Promise<Map<number, Media>> {
  if (rows.length === 0) return new Map()
  const draftIds = rows.map(({ id }) => id)
  const found = await db.select().from(media).where(inArray(media.draftId, draftIds))
  return new Map(found.map((row) => [row.id, row]))
}
