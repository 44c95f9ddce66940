import { and, asc, eq, inArray, isNull, notInArray, or } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import { Refusal } from '#server/errors.ts'
import { altOfOurs } from '#server/media/media-alt.ts'
import { removeMediaRows } from '#server/media/remove-media.ts'
import type { Media } from '#server/media/upload-image.ts'

export interface AttachedMedia {
  id: number
  /** New alternative text; absent leaves it. */
  alt?: string
}

interface AttachInput {
  accountId: number
  postId: number
  /** The pictures of the post, in their order. */
  media: readonly AttachedMedia[]
  /** How many a post may have: `limits.imagesPerPostMax`. */
  max: number
}

/**
 * Makes these the pictures of a post, in the transaction that writes the post: uploads of its author that wait, and (at an edit)
 * those it has already; what it had and is not named goes. Refusals: `missing` for one that is somebody else's, on another post, or named
 * twice; `invalid` for too many, or for an alternative text too long.
 */
export async function attachMedia(tx: Tx, { accountId, postId, media: wanted, max }: AttachInput): Promise<Media[]> {
  if (wanted.length > max) throw new Refusal('invalid', 'media.too-many-on-post', { max }, 'images')
  const ids = wanted.map(({ id }) => id)
  if (new Set(ids).size !== ids.length) throw new Refusal('missing', 'media.missing', {}, 'images')
  const isGone = and(eq(media.postId, postId), ids.length === 0 ? undefined : notInArray(media.id, ids))
  await removeMediaRows(tx, await tx.select().from(media).where(isGone))
  for (const [position, { id, alt }] of wanted.entries()) await attachOne(tx, { accountId, postId, position, id, alt })
  if (ids.length === 0) return []
  return tx.select().from(media).where(inArray(media.id, ids)).orderBy(asc(media.position))
}

interface OnePlace extends AttachedMedia {
  accountId: number
  postId: number
  position: number
}

async function attachOne(tx: Tx, { accountId, postId, position, id, alt }: OnePlace): Promise<void> {
  const isFree = or(isNull(media.postId), eq(media.postId, postId))
  const attached = await tx
    .update(media)
    .set({ postId, position, ...(alt === undefined ? {} : { alt: altOfOurs(alt, `alt-${id}`) }) })
    .where(and(eq(media.id, id), eq(media.accountId, accountId), eq(media.use, 'post'), isFree))
    .returning({ id: media.id })
  if (attached.length === 0) throw new Refusal('missing', 'media.missing', {}, 'images')
}
