import { and, desc, eq, inArray, isNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'

/** When somebody last wrote what everybody may read (boosts do not count); undefined when they never did. */
export async function lastPostAt(db: Reader, authorId: number): Promise<number | undefined> {
  const [last] = await db
    .select({ createdAt: posts.createdAt })
    .from(posts)
    .where(
      and(eq(posts.authorId, authorId), inArray(posts.visibility, ['public', 'unlisted']), isNull(posts.boostOfId), isNull(posts.deletedAt))
    )
    .orderBy(desc(posts.id))
    .limit(1)
  return last?.createdAt
}
