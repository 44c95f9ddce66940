import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { filterKeywords, filterPosts, filters } from '#db/schema/filters.ts'
import type { FilterRule } from '#server/filters/compile-filters.ts'
import { Refusal } from '#server/errors.ts'
import { chunksOf } from '#server/platform/chunks.ts'

/** A filter with all that belongs to it: keywords as they were typed, in their order; posts, the newest entry first. */
export interface Filter extends FilterRule {
  id: number
  accountId: number
}

/** The filters of somebody, the newest first. */
export async function listFilters(db: Reader, accountId: number): Promise<Filter[]> {
  return withParts(db, await db.select().from(filters).where(eq(filters.accountId, accountId)).orderBy(desc(filters.id)))
}

/** A filter of somebody's own. Refusal `missing` for anybody else's, as for none. */
export async function getFilter(db: Reader, accountId: number, id: number): Promise<Filter> {
  const rows = await db
    .select()
    .from(filters)
    .where(and(eq(filters.id, id), eq(filters.accountId, accountId)))
  const [filter] = await withParts(db, rows)
  if (!filter) throw new Refusal('missing', 'errors.missing')
  return filter
}

async function withParts(db: Reader, rows: (typeof filters.$inferSelect)[]): Promise<Filter[]> {
  const keywords: (typeof filterKeywords.$inferSelect)[] = []
  const posts: (typeof filterPosts.$inferSelect)[] = []
  for (const ids of chunksOf(rows.map(({ id }) => id))) {
    keywords.push(...(await db.select().from(filterKeywords).where(inArray(filterKeywords.filterId, ids)).orderBy(asc(filterKeywords.id))))
    posts.push(...(await db.select().from(filterPosts).where(inArray(filterPosts.filterId, ids)).orderBy(desc(filterPosts.createdAt))))
  }
  const keywordsOf = Map.groupBy(keywords, ({ filterId }) => filterId)
  const postsOf = Map.groupBy(posts, ({ filterId }) => filterId)
  return rows.map((row) => ({
    ...row,
    keywords: (keywordsOf.get(row.id) ?? []).map(({ keyword, isWholeWord }) => ({ keyword, isWholeWord })),
    postIds: (postsOf.get(row.id) ?? []).map(({ postId }) => postId)
  }))
}
