import { and, desc, eq, gt, lt, type SQL, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { type NotificationKind, notifications } from '#db/schema/notifications.ts'
import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import type { Account, Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { groupRows } from '#server/notifications/group.ts'
import { isRequest, isShown, kindInTime, shownValues } from '#server/notifications/shown.ts'
import { accountsByIds, loadPosts, type PostDetails } from '#server/posts/load-posts.ts'
import { postsByIds } from '#server/posts/posts-by-ids.ts'
import { prepareByCount } from '#server/timelines/candidates.ts'
import { boundsOf, endOfIds, type Page, type Reading } from '#server/timelines/pages.ts'

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
/**
 * What waits apart may lie far apart among all that came: so many rows are looked through for a page, which then stays short and leads on. Mentions are found
 * more cheaply, by their kind.
 */
const windowRows = { requests: 250, ofKind: 1_000, all: 1_000 } as const

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
  const window = page.isRequest ? 'requests' : page.kind === undefined ? 'all' : 'ofKind'
  const kind = page.kind === undefined ? {} : { kind: page.kind }
  const found = await newest[window](db, examinedMax, { ...values, ...kind })
  const end = found.length === examinedMax ? undefined : await endOfWindow[window](db, { me: values.me, before })
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
    olderCursor: taken < found.length || found.length === examinedMax ? found[taken - 1]?.id : end?.[0]?.id
  }
}

const at = { me: sql.placeholder('me'), before: sql.placeholder('before'), after: sql.placeholder('after') }

const newest = {
  all: listing('all', sql`not ${isRequest}`),
  ofKind: listing('ofKind', and(eq(kindInTime, sql.placeholder('kind')), sql`not ${isRequest}`)),
  requests: listing('requests', isRequest)
}

function listing(window: keyof typeof windowRows, isWanted?: SQL) {
  const rows = sql.raw(String(windowRows[window]))
  // A bound and not a list of ids: PostgreSQL would ask of all rows of a list who may be shown them, before it leaves all but a page of them out. And one bound:
  // SQLite walks to the first of two.
  const end = sql`coalesce((select id from ${notifications} where ${notifications.accountId} = ${at.me} and ${notifications.id} < ${at.before}
    and ${notifications.id} > ${at.after} order by ${notifications.id} desc limit 1 offset ${rows}), ${at.after})`
  return prepareByCount((db, count) =>
    db
      .select()
      .from(notifications)
      .where(and(lt(notifications.id, at.before), gt(notifications.id, end), isWanted, isShown()))
      .orderBy(desc(notifications.id))
      .limit(count)
  )
}

/** The newest notification that a person is shown among the others; undefined when there is none within a window. */
export async function newestNotificationId(ctx: Pick<Context, 'db' | 'clock' | 'settings'>, who: Person): Promise<number | undefined> {
  const [row] = await newest.all(ctx.db, 1, { ...(await shownValues(ctx, who)), before: endOfIds, after: 0 })
  return row?.id
}

/** The last row of a window, when there may be others behind it. */
const endOfWindow = { all: endOf('all'), ofKind: endOf('ofKind'), requests: endOf('requests') }

function endOf(window: keyof typeof windowRows) {
  return prepare((db: Reader) =>
    db
      .select({ id: notifications.id })
      .from(notifications)
      .where(and(eq(notifications.accountId, at.me), lt(notifications.id, at.before)))
      .orderBy(desc(notifications.id))
      .limit(1)
      .offset(windowRows[window] - 1)
  )
}
