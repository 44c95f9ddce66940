import { and, desc, eq, inArray, isNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import { loadPosts, type PostDetails } from '#server/posts/load-posts.ts'

const latestMax = 5

/**
 * The newest of what an account wrote for everybody, suspended or not, so that a moderator can judge it. What was written for some is not for
 * moderators either, unless somebody who got it reports it.
 */
export async function latestPosts(db: Reader, who: Who, accountId: number): Promise<PostDetails[]> {
  requireRole(who, 'moderator')
  const rows = await db
    .select()
    .from(posts)
    .where(
      and(
        eq(posts.authorId, accountId),
        isNull(posts.deletedAt),
        isNull(posts.boostOfId),
        inArray(posts.visibility, ['public', 'unlisted'])
      )
    )
    .orderBy(desc(posts.id))
    .limit(latestMax)
  return loadPosts(db, undefined, rows)
}
