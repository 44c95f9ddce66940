import { eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { mediaFiles } from '#db/schema/media.ts'
import type { Media } from '#server/media/upload-image.ts'

export type MediaFile = typeof mediaFiles.$inferSelect

/** The stored file of a picture, or of its preview (the picture itself when it is small); undefined while it has none. */
export async function findMediaFile(db: Reader, row: Media, isPreview: boolean): Promise<MediaFile | undefined> {
  const hash = isPreview ? (row.previewHash ?? row.fileHash) : row.fileHash
  if (hash === null) return undefined
  const [file] = await db.select().from(mediaFiles).where(eq(mediaFiles.hash, hash))
  return file
}
