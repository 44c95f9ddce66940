import { and, eq, isNull } from 'drizzle-orm'
import { media } from '#db/schema/media.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { altOfOurs, type Focus, focusColumns } from '#server/media/media-alt.ts'
import type { Media } from '#server/media/upload-image.ts'

/**
 * Changes the alternative text (and the focus, when given) of an upload that waits for its post; that of a published picture changes
 * with an edit of its post. Refusals: `missing` for what is not theirs or no longer waits, `invalid` when too long.
 */
export async function updateAlt(
  ctx: Context,
  who: Who,
  { mediaId, alt, focus }: { mediaId: number; alt: string; focus?: Focus }
): Promise<Media> {
  if (who.kind !== 'account') throw new Refusal('forbidden', 'media.peopleOnly')
  const changes = { alt: altOfOurs(alt), ...(focus ? focusColumns(focus) : {}) }
  return ctx.transact(async (tx) => {
    const isTheirs = and(eq(media.id, mediaId), eq(media.accountId, who.account.id), eq(media.use, 'post'), isNull(media.postId))
    const [updated] = await tx.update(media).set(changes).where(isTheirs).returning()
    if (!updated) throw new Refusal('missing', 'media.missing')
    return updated
  })
}
