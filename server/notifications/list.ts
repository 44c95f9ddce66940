import { and, desc, eq, gt, lt, type SQL, sql } from 'drizzle-orm'
import { type NotificationKind, notifications } from '#db/schema/notifications.ts'
import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import type { Account, Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { groupRows } from '#server/notifications/group.ts'
import { isRequest, isShown, shownValues } from '#server/notifications/shown.ts'
import { accountsByIds, loadPosts, type PostDetails } from '#server/posts/load-posts.ts'
import { postsByIds } from '#server/posts/posts-by-ids.ts'
import { prepareByCount } from '#server/timelines/candidates.ts'
import { boundsOf, type Page, type Reading } from '#server/timelines/pages.ts'

export type NotificationRow = typeof notifications.$inferSelect

export interface NotificationDetails {
  row: NotificationRow
  /** Whose deed it tells of; the instance actor for what nobody of the fediverse did. */
  from: Account
  /** What it is about; undefined for follows. */
  post: PostDetails | undefined
}

/** Rows looked at for one page: of a post that thousands favourited, the next page goes on with the same group. */
const examinedMax = 200

export interface NotificationsPage {
  /** Each of at least one, newest first; the newest group first. */
  groups: NotificationDetails[][]
  /** From where older ones go on; undefined when there are none. */
  olderCursor: number | undefined
}

export interface NotificationsWanted extends Page {
  /** Only these; all kinds when absent. */
  kind?: NotificationKind | undefined
  /** What waits apart by the reader's policy; else everything but that. */
  isRequest?: boolean | undefined
}

/** What happened to somebody, newest first, what tells of the same in one group; without what they may not see or do not want to hear of any more. */
export async function listNotifications(
  ctx: Reading & Pick<Context, 'settings'>,
  who: Person,
  page: NotificationsWanted = {}
): Promise<NotificationsPage> {
  const { db } = ctx
  const { before, after, rows: limit } = boundsOf(page)
  const values = { ...(await shownValues(ctx, who)), before, after }
  const found = await (page.isRequest
    ? newestRequests(db, examinedMax, values)
    : page.kind === undefined
      ? newest(db, examinedMax, values)
      : newestOfKind(db, examinedMax, { ...values, kind: page.kind }))
  const { groups, taken } = groupRows(found, limit)
  const rows = groups.flat()
  const people = await accountsByIds(
    db,
    rows.map((row) => row.fromId)
  )
  const instance = rows.some(({ kind }) => kind === 'severed') ? await findInstanceActor(db) : undefined
  const postRows = await postsByIds(db, [...new Set(rows.flatMap((row) => (row.postId === 0 ? [] : row.postId)))])
  const details = new Map((await loadPosts(db, who.account.id, postRows)).map((each) => [each.row.id, each]))
  const detailsOf = (row: NotificationRow): NotificationDetails[] => {
    const from = row.kind === 'severed' ? instance : people.get(row.fromId)
    return from ? [{ row, from, post: row.postId === 0 ? undefined : details.get(row.postId) }] : []
  }
  return {
    groups: groups.map((group) => group.flatMap(detailsOf)).filter((group) => group.length > 0),
    olderCursor: taken < found.length || found.length === examinedMax ? found[taken - 1]?.id : undefined
  }
}

const newest = listing(sql`not ${isRequest}`)
const newestOfKind = listing(and(eq(notifications.kind, sql.placeholder('kind')), sql`not ${isRequest}`))
const newestRequests = listing(isRequest)

function listing(isWanted?: SQL) {
  return prepareByCount((db, count) =>
    db
      .select()
      .from(notifications)
      .where(and(isShown(), isWanted, lt(notifications.id, sql.placeholder('before')), gt(notifications.id, sql.placeholder('after'))))
      .orderBy(desc(notifications.id))
      .limit(count)
  )
}
