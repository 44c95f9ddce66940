import { and, eq, inArray, isNull, notInArray, or, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { drafts } from '#db/schema/drafts.ts'
import { media } from '#db/schema/media.ts'
import { type DraftContent, type DraftRow, draftsMax } from '#server/drafts/draft-content.ts'
import { findDraftByKey } from '#server/drafts/find-draft.ts'
import { Refusal } from '#server/errors.ts'
import { altOfOurs, focusColumns } from '#server/media/media-alt.ts'
import { removeMediaRows } from '#server/media/remove-media.ts'

interface Kept {
  accountId: number
  key: string
  content: DraftContent
}

/**
 * Writes a draft as it is now, over what stood under its key, and holds its pictures: those of before that it does not name any more go. It is not
 * scheduled by this. Refusals: 'too-many' for one draft more than draftsMax; altOfOurs'.
 */
export async function writeDraft(tx: Tx, { accountId, key, content }: Kept): Promise<DraftRow> {
  if (!(await findDraftByKey(tx, accountId, key))) await refuseHoarding(tx, accountId)
  const columns = { ...columnsOf(content), isScheduled: false, failure: null, updatedAt: tx.now }
  const [row] = await tx
    .insert(drafts)
    .values({ id: tx.newId(), accountId, key, createdAt: tx.now, ...columns })
    .onConflictDoUpdate({ target: [drafts.accountId, drafts.key], set: { ...columns, version: sql`${drafts.version} + 1` } })
    .returning()
  if (!row) throw new Error('A draft was not written.')
  return holdPictures(tx, row, content)
}

/** Refusal('too-many') when a person has as many drafts as one may. */
export async function refuseHoarding(tx: Tx, accountId: number): Promise<void> {
  const count = await tx.$count(drafts, and(eq(drafts.accountId, accountId), eq(drafts.isScheduled, false)))
  if (count >= draftsMax) throw new Refusal('too-many', 'errors.tooManyDrafts', { max: draftsMax })
}

function columnsOf(content: DraftContent) {
  const { warning, visibility, language, isSensitive, isLocalOnly, isMarkdown, poll, policies, replyToId, quoteId, publishAt } = content
  return {
    parts: content.parts.map(({ text, media: pictures }) => ({ text, mediaIds: pictures.map(({ id }) => id) })),
    warning,
    visibility,
    language,
    isSensitive,
    isLocalOnly,
    isMarkdown,
    poll: poll && { options: [...poll.options], isMultiple: poll.isMultiple, lastsS: poll.lastsS ?? null },
    policies,
    replyToId,
    quoteId,
    publishAt
  }
}

/** One's own pictures that wait are the draft's from now on; what cannot be held, since it went with a post meanwhile, is left out. */
async function holdPictures(tx: Tx, draft: DraftRow, { parts }: DraftContent): Promise<DraftRow> {
  const wanted = parts.flatMap((part) => part.media)
  const held = new Set<number>()
  for (const { id, alt, focus } of wanted) {
    const isTheirs = and(
      eq(media.id, id),
      eq(media.accountId, draft.accountId),
      eq(media.use, 'post'),
      isNull(media.postId),
      or(isNull(media.draftId), eq(media.draftId, draft.id))
    )
    const rows = await tx
      .update(media)
      .set({ draftId: draft.id, ...(alt === undefined ? {} : { alt: altOfOurs(alt, `alt-${id}`) }), ...(focus ? focusColumns(focus) : {}) })
      .where(isTheirs)
      .returning({ id: media.id })
    if (rows.length > 0) held.add(id)
  }
  const isLeftOut = and(eq(media.draftId, draft.id), held.size === 0 ? undefined : notInArray(media.id, [...held]))
  await removeMediaRows(tx, await tx.select().from(media).where(isLeftOut))
  if (held.size === wanted.length) return draft
  const kept = draft.parts.map((part) => ({ ...part, mediaIds: part.mediaIds.filter((id) => held.has(id)) }))
  await tx.update(drafts).set({ parts: kept }).where(eq(drafts.id, draft.id))
  return { ...draft, parts: kept }
}

/** Takes drafts away with the pictures that they still hold; ids of those that were there. */
export async function removeDrafts(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await removeMediaRows(
    tx,
    await tx
      .select()
      .from(media)
      .where(inArray(media.draftId, [...ids]))
  )
  await tx.delete(drafts).where(inArray(drafts.id, [...ids]))
}
