import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import type { Media } from '#server/media/upload-image.ts'

/** The person's own pictures among `ids` that wait for a post, or that show on `postId` (when editing it), in the order asked for. */
export async function listOwnMedia(db: Reader, accountId: number, ids: readonly number[], postId?: number): Promise<Media[]> {
  if (ids.length === 0) return []
  const isUsable = postId === undefined ? isNull(media.postId) : or(isNull(media.postId), eq(media.postId, postId))
  const rows = await db
    .select()
    .from(media)
    .where(and(inArray(media.id, [...ids]), eq(media.accountId, accountId), eq(media.use, 'post'), isUsable))
  return ids.flatMap((id) => rows.find((row) => row.id === id) ?? [])
}
