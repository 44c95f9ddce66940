import { and, eq, gt } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { notifications } from '#db/schema/notifications.ts'
import type { Person } from '#server/accounts/who.ts'

/** How many notifications a person has not read yet. */
export function countUnread(db: Reader, { account, user }: Person): Promise<number> {
  return db.$count(notifications, and(eq(notifications.accountId, account.id), gt(notifications.id, user.notificationsReadId)))
}
