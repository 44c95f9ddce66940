import { and, desc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import { trends, type TrendKind } from '#db/schema/trends.ts'
import type { Context } from '#server/context.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { isMuted, isSilenced } from '#server/posts/quieting.ts'
import { visibleTo } from '#server/posts/visibility.ts'
import { trendsMode } from '#server/trends/mode.ts'

const shownOfKind = { tag: 10, link: 5, post: 10 }
const forReviewMax = 100

export type TrendRow = typeof trends.$inferSelect

export interface ShownTrends {
  tags: TrendRow[]
  links: TrendRow[]
  posts: PostRow[]
}

/**
 * What many talk about, for a viewer (undefined: anybody): only what a moderator approved, unless the setting trusts the count; never what one rejected. Posts
 * are those the viewer may see, by nobody silenced or muted by them, not sensitive by now, and as they were when they were approved.
 */
export async function shownTrends(ctx: Pick<Context, 'db' | 'settings' | 'clock'>, viewerId: number | undefined): Promise<ShownTrends> {
  const mode = await trendsMode(ctx)
  if (mode === 'off') return { tags: [], links: [], posts: [] }
  const isAllowed = mode === 'reviewed' ? eq(trends.isApproved, true) : or(isNull(trends.isApproved), eq(trends.isApproved, true))
  const read = (kind: TrendKind, count: number) =>
    ctx.db
      .select()
      .from(trends)
      .where(and(eq(trends.kind, kind), gt(trends.score, 0), isAllowed))
      .orderBy(desc(trends.score), trends.key)
      .limit(count)
  const [tags, links, warm] = await Promise.all([
    read('tag', shownOfKind.tag),
    read('link', shownOfKind.link),
    read('post', 2 * shownOfKind.post)
  ])
  const shown = await visiblePosts(
    ctx,
    viewerId,
    new Map(warm.map(({ key, isApproved, decidedAt }) => [Number(key), isApproved === true ? (decidedAt ?? 0) : Number.POSITIVE_INFINITY]))
  )
  return { tags, links, posts: shown.slice(0, shownOfKind.post) }
}

/** `readAt`: of posts by their id until when (ms since 1970) an edit was seen by whoever approved them. */
async function visiblePosts(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewerId: number | undefined,
  readAt: ReadonlyMap<number, number>
): Promise<PostRow[]> {
  const ids = [...readAt.keys()]
  if (ids.length === 0) return []
  const rows = await ctx.db
    .select({ post: posts })
    .from(posts)
    .innerJoin(accounts, eq(accounts.id, posts.authorId))
    .where(
      and(
        inArray(posts.id, ids),
        eq(posts.visibility, 'public'),
        eq(posts.isSensitive, false),
        eq(posts.warning, ''),
        eq(accounts.isDiscoverable, true),
        visibleTo(viewerId),
        sql`not ${isSilenced(posts.authorId)}`,
        viewerId === undefined ? undefined : sql`not ${isMuted(viewerId, posts.authorId, ctx.clock.now())}`
      )
    )
  const asRead = rows.filter(({ post }) => (post.editedAt ?? 0) <= (readAt.get(post.id) ?? 0))
  const byId = new Map(asRead.map(({ post }) => [post.id, post]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** For moderators: what is among the lists now or was decided, of one kind; undecided first, then by score. */
export function trendsForReview(db: Reader, kind: TrendKind): Promise<TrendRow[]> {
  return db
    .select()
    .from(trends)
    .where(and(eq(trends.kind, kind), or(gt(trends.score, 0), sql`${trends.isApproved} is not null`)))
    .orderBy(sql`case when ${trends.isApproved} is null then 0 else 1 end`, desc(trends.score), trends.key)
    .limit(forReviewMax)
}
