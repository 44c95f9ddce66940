import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { altOfOurs, type Focus, focusColumns } from '#server/media/media-alt.ts'
import { storeImages } from '#server/media/store-images.ts'

/** Uploads of one person that wait for a post; more are refused until they are used, removed or swept (a day later). */
export const waitingUploadsMax = 64
/** Pictures that all drafts of one person hold; more are refused until a draft is published or deleted. */
export const draftPicturesMax = 200

export type Media = typeof media.$inferSelect

export interface ImageUpload {
  /** The file as it came; its name and declared type play no part. */
  bytes: Buffer
  alt?: string
  focus?: Focus
}

/**
 * Takes a picture for a post that is being written and returns its row, not yet attached. Refusals: `forbidden` for all but our people,
 * `invalid` (empty, broken, too many pixels or frames, alt too long), `too-large`, `unsupported`, `too-many`.
 */
export async function uploadImage(ctx: Context, who: Who, { bytes, alt = '', focus }: ImageUpload): Promise<Media> {
  if (who.kind !== 'account') throw new Refusal('forbidden', 'media.peopleOnly')
  const accountId = who.account.id
  const cleanAlt = altOfOurs(alt)
  refuseSize(bytes, ctx.config.limits.imageBytesMax)
  await refuseHoarding(ctx.db, accountId)
  const made = await ctx.images.make(bytes, { use: 'post', isFirstFrameEnough: false })
  const key = ctx.random.token()
  return storeImages(ctx, made, async (tx, stored) => {
    await refuseHoarding(tx, accountId)
    const row = {
      id: tx.newId(),
      key,
      accountId,
      use: 'post' as const,
      alt: cleanAlt,
      ...focusColumns(focus),
      ...stored,
      createdAt: tx.now
    }
    const [uploaded] = await tx.insert(media).values(row).returning()
    return uploaded as Media
  })
}

/** Refuses an empty file (`invalid`) and one above the limit (`too-large`) before anything looks into it. */
export function refuseSize(bytes: Buffer, bytesMax: number): void {
  if (bytes.length === 0) throw new Refusal('invalid', 'media.empty', {}, 'images')
  if (bytes.length > bytesMax) throw new Refusal('too-large', 'media.tooLarge', { megabytes: Math.floor(bytesMax / 1_000_000) }, 'images')
}

async function refuseHoarding(db: Reader, accountId: number): Promise<void> {
  const isWaiting = and(eq(media.accountId, accountId), isNull(media.postId), eq(media.use, 'post'))
  const waiting = await db.$count(media, and(isWaiting, isNull(media.draftId)))
  if (waiting >= waitingUploadsMax) throw new Refusal('too-many', 'media.tooManyWaiting', { max: waitingUploadsMax }, 'images')
  const held = await db.$count(media, and(isWaiting, isNotNull(media.draftId)))
  if (held >= draftPicturesMax) throw new Refusal('too-many', 'media.tooManyInDrafts', { max: draftPicturesMax }, 'images')
}
