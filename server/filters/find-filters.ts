import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { filterKeywords, filterPosts, filters } from '#db/schema/filters.ts'
import { posts } from '#db/schema/posts.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { FilterRule } from '#server/filters/compile-filters.ts'
import { Refusal } from '#server/errors.ts'
import { chunksOf } from '#server/platform/chunks.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { visibleTo } from '#server/posts/visibility.ts'

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
  const singles: (typeof filterPosts.$inferSelect)[] = []
  for (const ids of chunksOf(rows.map(({ id }) => id))) {
    keywords.push(...(await db.select().from(filterKeywords).where(inArray(filterKeywords.filterId, ids)).orderBy(asc(filterKeywords.id))))
    singles.push(...(await db.select().from(filterPosts).where(inArray(filterPosts.filterId, ids)).orderBy(desc(filterPosts.createdAt))))
  }
  const keywordsOf = Map.groupBy(keywords, ({ filterId }) => filterId)
  const postsOf = Map.groupBy(singles, ({ filterId }) => filterId)
  return rows.map((row) => ({
    ...row,
    keywords: (keywordsOf.get(row.id) ?? []).map(({ keyword, isWholeWord }) => ({ keyword, isWholeWord })),
    postIds: (postsOf.get(row.id) ?? []).map(({ postId }) => postId)
  }))
}

/** Posts of one filter that its page shows. */
const postsShown = 50
const excerptCharactersMax = 140

/** The single posts of a filter in short, the last put in first; without path and text those that are gone or not for its owner any more. */
export async function postsOfFilter(
  db: Reader,
  viewerId: number,
  { postIds }: Pick<Filter, 'postIds'>
): Promise<{ id: number; path: string | undefined; text: string }[]> {
  const ids = postIds.slice(0, postsShown)
  if (ids.length === 0) return []
  const rows = await db
    .select({ post: posts, author: accounts })
    .from(posts)
    .innerJoin(accounts, eq(accounts.id, posts.authorId))
    .where(and(inArray(posts.id, ids), visibleTo(viewerId)))
  const found = new Map(rows.map((row) => [row.post.id, row]))
  return ids.map((id) => {
    const row = found.get(id)
    if (!row) return { id, path: undefined, text: '' }
    const text = row.post.warning || htmlToText(row.post.html, excerptCharactersMax).replace(/\s+/g, ' ')
    return { id, path: `/${handleOf(row.author)}/${id}`, text }
  })
}
