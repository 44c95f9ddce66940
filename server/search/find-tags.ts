import { and, asc, gt, gte, lte, sql } from 'drizzle-orm'
import { eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { posts, postTags } from '#db/schema/posts.ts'
import { tagKey } from '#server/posts/find-mentions.ts'
import { visibleTo } from '#server/posts/visibility.ts'

const tagsMax = 10
/** Stands behind every tag that begins with what comes before it. */
const endOfTags = '\u{fffd}'

/**
 * Hashtags (as of tagKey) that begin with what was typed, in their order, 10 at most. Only those under which a public post stands that the
 * viewer (undefined: anybody) may see: a tag of a private post tells something of it.
 */
export async function findTags(db: Reader, viewerId: number | undefined, typed: string): Promise<string[]> {
  const start = tagKey(typed.trim())
  if (start === '') return []
  const tags: string[] = []
  let tag = await nextTag(db, viewerId, start, undefined)
  while (tag !== undefined && tags.length < tagsMax) {
    tags.push(tag)
    tag = await nextTag(db, viewerId, start, tag)
  }
  return tags
}

/** One step along the index, past all posts of the tag before. */
async function nextTag(db: Reader, viewerId: number | undefined, start: string, after: string | undefined): Promise<string | undefined> {
  const [found] = await db
    .select({ tag: postTags.tag })
    .from(postTags)
    .innerJoin(posts, eq(posts.id, postTags.postId))
    .where(
      and(
        after === undefined ? gte(postTags.tag, start) : gt(postTags.tag, after),
        lte(postTags.tag, start + endOfTags),
        sql`substr(${postTags.tag}, 1, ${[...start].length}) = ${start}`,
        eq(posts.visibility, 'public'),
        visibleTo(viewerId)
      )
    )
    .orderBy(asc(postTags.tag))
    .limit(1)
  return found?.tag
}
