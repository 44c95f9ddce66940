import { and, eq, isNull, or } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import type { Account } from '#server/accounts/who.ts'

/** Somebody elsewhere, of that host by their id or handle, whose posts come to an inbox, be it their own or one they share; of several, any. */
export async function findAccountByInbox(db: Reader, host: string, inboxUrl: string): Promise<Account | undefined> {
  const [account] = await db
    .select()
    .from(accounts)
    .where(
      and(
        or(eq(accounts.host, host), eq(accounts.domain, host)),
        isNull(accounts.deletedAt),
        or(eq(accounts.sharedInboxUrl, inboxUrl), eq(accounts.inboxUrl, inboxUrl))
      )
    )
    .limit(1)
  return account
}
