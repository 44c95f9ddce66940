import { eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { mediaFiles } from '#db/schema/media.ts'
import type { Media } from '#server/media/upload-image.ts'

export type MediaFile = typeof mediaFiles.$inferSelect

/** How large a picture is asked for. */
export type MediaSize = 'full' | 'preview' | 'tiny'

/** The stored file of a picture, of its preview (the picture itself when it is small), or of its tiny one; undefined while it has none. */
export async function findMediaFile(db: Reader, row: Media, size: MediaSize): Promise<MediaFile | undefined> {
  const hash = size === 'tiny' ? row.tinyHash : size === 'preview' ? (row.previewHash ?? row.fileHash) : row.fileHash
  if (hash === null) return undefined
  const [file] = await db.select().from(mediaFiles).where(eq(mediaFiles.hash, hash))
  return file
}
