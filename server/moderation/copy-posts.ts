import { asc, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import { reportPosts } from '#db/schema/moderation.ts'
import type { PostRow } from '#server/posts/find-post.ts'

/** Keeps posts with a report as they stand, since the originals may be edited or deleted. */
export async function copyPosts(tx: Tx, reportId: number, rows: readonly PostRow[]): Promise<void> {
  for (const post of rows) {
    const pictures = await tx
      .select({ key: media.key, alt: media.alt })
      .from(media)
      .where(eq(media.postId, post.id))
      .orderBy(asc(media.position))
    const copy = { uri: post.uri, html: post.html, warning: post.warning, createdAt: post.createdAt, media: pictures }
    await tx.insert(reportPosts).values({ reportId, postId: post.id, copy })
  }
}
