import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { contains } from '#server/search/like-pattern.ts'
import type { TimelinePage } from '#server/timelines/rows.ts'

const postsPerPage = 20
const wordsMax = 8

/**
 * What somebody wrote themselves and that holds every word typed (in its text or warning, as typed), newest first. Nobody else's posts
 * are searched by their words, so that nobody is found who did not ask for it.
 */
export async function findOwnPosts(
  db: Reader,
  accountId: number,
  typed: string,
  { before }: { before?: number } = {}
): Promise<TimelinePage> {
  const words = typed
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, wordsMax)
  if (words.length === 0) return { rows: [], olderCursor: undefined }
  const found = await db
    .select()
    .from(posts)
    .where(
      and(
        eq(posts.authorId, accountId),
        isNull(posts.boostOfId),
        isNull(posts.deletedAt),
        before === undefined ? undefined : lt(posts.id, before),
        ...words.map((word) => contains(sql`lower(coalesce(${posts.source}, '') || ' ' || ${posts.warning})`, word))
      )
    )
    .orderBy(desc(posts.id))
    .limit(postsPerPage + 1)
  const rows = found.slice(0, postsPerPage)
  return { rows, olderCursor: found.length > postsPerPage ? rows.at(-1)?.id : undefined }
}
