import { and, gt, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { notifications } from '#db/schema/notifications.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { isRequest, isShownTo } from '#server/notifications/shown.ts'
import { strangersSince } from '#server/peers/first-contact.ts'

/** Beyond this many nobody counts: the page shows "99+". */
const unreadMax = 100

const unreadOf = prepare((db: Reader) =>
  db
    .select({ id: notifications.id })
    .from(notifications)
    .where(
      and(
        gt(notifications.id, sql.placeholder('readId')),
        isShownTo(sql.placeholder('me'), sql.placeholder('now')),
        sql`not ${isRequest(sql.placeholder('me'), sql.placeholder('since'))}`
      )
    )
    .limit(unreadMax)
)

/** Notifications a person has not read yet, without what waits apart; 100 means that many or more. */
export async function countUnread(ctx: Pick<Context, 'db' | 'clock' | 'settings'>, who: Person): Promise<number> {
  const since = await strangersSince(ctx)
  const rows = await unreadOf(ctx.db, { me: who.account.id, readId: who.user.notificationsReadId, now: ctx.clock.now(), since })
  return rows.length
}
