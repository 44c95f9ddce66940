import { asc, eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { postVersions } from '#db/schema/posts.ts'

export type PostVersion = typeof postVersions.$inferSelect

/** Earlier states of a post the caller has found visible, oldest first; the present one is the post itself. */
export function listVersions(db: Reader, postId: number): Promise<PostVersion[]> {
  return db.select().from(postVersions).where(eq(postVersions.postId, postId)).orderBy(asc(postVersions.version))
}
