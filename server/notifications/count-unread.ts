import { and, gt, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { notifications } from '#db/schema/notifications.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { applyFilters } from '#server/filters/filter-posts.ts'
import { filtersOf } from '#server/filters/kept-filters.ts'
import { isRequest, isShown, shownValues } from '#server/notifications/shown.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { postsByIds } from '#server/posts/posts-by-ids.ts'

/** Beyond this many nobody counts: the page shows "99+". */
const unreadMax = 100

const unreadOf = prepare((db: Reader) =>
  db
    .select({ postId: notifications.postId })
    .from(notifications)
    .where(and(gt(notifications.id, sql.placeholder('readId')), isShown(), sql`not ${isRequest}`))
    .limit(unreadMax)
)

/** Notifications a person has not read yet, without what waits apart and what their filters hide; 100 means that many or more. */
export async function countUnread(ctx: Pick<Context, 'db' | 'clock' | 'settings'>, who: Person): Promise<number> {
  const rows = await unreadOf(ctx.db, { ...(await shownValues(ctx, who)), readId: who.user.notificationsReadId })
  return rows.length - (await countHidden(ctx, who, rows))
}

/** Those about posts that the person's filters hide here: looked at only where a filter may hide any. */
async function countHidden(ctx: Pick<Context, 'db' | 'clock'>, who: Person, rows: readonly { postId: number }[]): Promise<number> {
  const about = rows.filter(({ postId }) => postId !== 0)
  const filters = about.length === 0 ? undefined : await filtersOf(ctx.db, who)
  if (!filters?.mayHide('notifications', ctx.clock.now())) return 0
  const ids = [...new Set(about.map(({ postId }) => postId))]
  const details = await loadPosts(ctx.db, who.account.id, await postsByIds(ctx.db, ids))
  const shown = new Set((await applyFilters(ctx, who, details, 'notifications')).map(({ row }) => row.id))
  const hidden = new Set(details.flatMap(({ row }) => (shown.has(row.id) ? [] : row.id)))
  return about.filter(({ postId }) => hidden.has(postId)).length
}
