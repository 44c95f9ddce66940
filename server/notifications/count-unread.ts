import { and, desc, gt, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { notifications } from '#db/schema/notifications.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { applyFilters } from '#server/filters/filter-posts.ts'
import { filtersOf } from '#server/filters/kept-filters.ts'
import { isRequest, isShown, shownValues } from '#server/notifications/shown.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { postsByIds } from '#server/posts/posts-by-ids.ts'

/** Beyond this many nobody counts: pages show "99+". */
export const unreadMax = 100
/**
 * Of very many that wait apart, or that nobody is shown, so many of the newest are looked through: what is behind them is not counted, as it stands on no first
 * page either.
 */
const windowRows = 1_000

const end = sql`coalesce((select id from ${notifications} where ${notifications.accountId} = ${sql.placeholder('me')} and ${notifications.id} > ${sql.placeholder('readId')}
  order by ${notifications.id} desc limit 1 offset ${sql.raw(String(windowRows))}), ${sql.placeholder('readId')})`

const unreadOf = prepare((db: Reader) =>
  db
    .select({ postId: notifications.postId })
    .from(notifications)
    .where(and(gt(notifications.id, end), isShown(), sql`not ${isRequest}`))
    .orderBy(desc(notifications.id))
    .limit(unreadMax)
)

/**
 * Notifications a person has not read yet, without what waits apart and what their filters hide, among the newest thousand; 100 means that many or more. Costs
 * no more however many there are.
 */
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
