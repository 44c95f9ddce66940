import { and, eq, isNull, notInArray, or } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import { Refusal } from '#server/errors.ts'
import { altOfOurs, type Focus, focusColumns } from '#server/media/media-alt.ts'
import { removeMediaRows } from '#server/media/remove-media.ts'

export interface AttachedMedia {
  id: number
  /** New alternative text; absent leaves it. */
  alt?: string
  /** Where it is cropped around; absent leaves it. */
  focus?: Focus
}

/**
 * Makes these the pictures of a post, in this order, in the transaction that writes it: uploads of its author that wait, and (at an edit) those
 * it has already; what it had and is not named goes. Refusals: `invalid` for more than `max`, or an alternative text too long; `missing` for one
 * that is somebody else's, on another post, or gone.
 */
export async function attachMedia(
  tx: Tx,
  post: { id: number; authorId: number },
  wanted: readonly AttachedMedia[],
  max: number
): Promise<void> {
  if (wanted.length > max) throw new Refusal('invalid', 'errors.tooManyImages', { max }, 'images')
  const ids = wanted.map(({ id }) => id)
  const isLeftOut = and(eq(media.postId, post.id), ids.length === 0 ? undefined : notInArray(media.id, ids))
  await removeMediaRows(tx, await tx.select().from(media).where(isLeftOut))
  for (const [position, { id, alt, focus }] of wanted.entries()) {
    const isTheirs = and(
      eq(media.id, id),
      eq(media.accountId, post.authorId),
      eq(media.use, 'post'),
      or(isNull(media.postId), eq(media.postId, post.id))
    )
    const attached = await tx
      .update(media)
      .set({
        postId: post.id,
        draftId: null,
        position,
        ...(alt === undefined ? {} : { alt: altOfOurs(alt, `alt-${id}`) }),
        ...(focus ? focusColumns(focus) : {})
      })
      .where(isTheirs)
      .returning({ id: media.id })
    if (attached.length === 0) throw new Refusal('missing', 'media.missing', {}, 'images')
  }
}
