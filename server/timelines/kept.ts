import { and, desc, eq, gt, lt, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { bookmarks, favourites, posts } from '#db/schema/posts.ts'
import { visibleTo } from '#server/posts/visibility.ts'
import { at, candidateColumns, prepareByCount } from '#server/timelines/candidates.ts'
import { boundsOf, fillPage, type Page, type Reading } from '#server/timelines/pages.ts'
import { rowsOf, type TimelinePage } from '#server/timelines/rows.ts'

/** What somebody bookmarked, the newest bookmark first; cursors are ids of bookmarks. */
export function bookmarked(ctx: Reading, viewerId: number, page: Page = {}): Promise<TimelinePage> {
  return read(ctx, queries.bookmarks, viewerId, page)
}

/** What somebody likes, the newest like first; cursors are ids of favourites. */
export function favourited(ctx: Reading, viewerId: number, page: Page = {}): Promise<TimelinePage> {
  return read(ctx, queries.favourites, viewerId, page)
}

const queries = { bookmarks: listing(bookmarks), favourites: listing(favourites as unknown as typeof bookmarks) }

async function read(ctx: Reading, query: ReturnType<typeof listing>, viewerId: number, page: Page): Promise<TimelinePage> {
  const bounds = boundsOf(page)
  const filled = await fillPage(bounds, (before, count) => query(ctx.db, count, { me: viewerId, after: bounds.after, before }))
  return rowsOf(ctx.db, filled)
}

function listing(kept: typeof bookmarks) {
  return prepareByCount((db: Reader, count) =>
    db
      .select(candidateColumns(visibleTo(at.me), sql`${kept.id}`))
      .from(kept)
      .innerJoin(posts, eq(posts.id, kept.postId))
      .where(and(eq(kept.accountId, at.me), lt(kept.id, at.before), gt(kept.id, at.after)))
      .orderBy(desc(kept.id))
      .limit(count)
  )
}
