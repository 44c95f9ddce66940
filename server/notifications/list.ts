import { and, desc, eq, gt, lt, type SQL, sql } from 'drizzle-orm'
import { type NotificationKind, notifications } from '#db/schema/notifications.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { isRequest, isShownTo } from '#server/notifications/shown.ts'
import { strangersSince } from '#server/peers/first-contact.ts'
import { accountsByIds, loadPosts, type PostDetails } from '#server/posts/load-posts.ts'
import { postsByIds } from '#server/posts/posts-by-ids.ts'
import { prepareByCount } from '#server/timelines/candidates.ts'
import { boundsOf, type Page, type Reading } from '#server/timelines/pages.ts'

export type NotificationRow = typeof notifications.$inferSelect

export interface NotificationDetails {
  row: NotificationRow
  /** Whose deed it tells of. */
  from: Account
  /** What it is about; undefined for follows. */
  post: PostDetails | undefined
}

export interface NotificationsPage {
  notifications: NotificationDetails[]
  /** From where older ones go on; undefined when there are none. */
  olderCursor: number | undefined
}

export interface NotificationsWanted extends Page {
  /** Only these; all kinds when absent. */
  kind?: NotificationKind | undefined
  /** What waits apart, of servers met only lately; else everything but that. */
  isRequest?: boolean | undefined
}

/** What happened to somebody, newest first, without what they may not see or do not want to hear of any more. */
export async function listNotifications(
  ctx: Reading & Pick<Context, 'settings'>,
  accountId: number,
  page: NotificationsWanted = {}
): Promise<NotificationsPage> {
  const { db } = ctx
  const { before, after, rows: limit } = boundsOf(page)
  const values = { me: accountId, now: ctx.clock.now(), since: await strangersSince(ctx), before, after }
  const found = await (page.isRequest
    ? newestRequests(db, limit + 1, values)
    : page.kind === undefined
      ? newest(db, limit + 1, values)
      : newestOfKind(db, limit + 1, { ...values, kind: page.kind }))
  const rows = found.slice(0, limit)
  const people = await accountsByIds(
    db,
    rows.map((row) => row.fromId)
  )
  const postRows = await postsByIds(db, [...new Set(rows.flatMap((row) => (row.postId === 0 ? [] : row.postId)))])
  const details = new Map((await loadPosts(db, accountId, postRows)).map((each) => [each.row.id, each]))
  return {
    notifications: rows.flatMap((row) => {
      const from = people.get(row.fromId)
      return from ? [{ row, from, post: row.postId === 0 ? undefined : details.get(row.postId) }] : []
    }),
    olderCursor: found.length > limit ? rows.at(-1)?.id : undefined
  }
}

const isApart = isRequest(sql.placeholder('me'), sql.placeholder('since'))
const newest = listing(sql`not ${isApart}`)
const newestOfKind = listing(and(eq(notifications.kind, sql.placeholder('kind')), sql`not ${isApart}`))
const newestRequests = listing(isApart)

function listing(isWanted?: SQL) {
  return prepareByCount((db, count) =>
    db
      .select()
      .from(notifications)
      .where(
        and(
          isShownTo(sql.placeholder('me'), sql.placeholder('now')),
          isWanted,
          lt(notifications.id, sql.placeholder('before')),
          gt(notifications.id, sql.placeholder('after'))
        )
      )
      .orderBy(desc(notifications.id))
      .limit(count)
  )
}
