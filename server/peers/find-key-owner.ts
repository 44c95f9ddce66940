import { eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import type { Account } from '#server/accounts/who.ts'

/** The account that lists a key of this id, as far as we know it. */
export async function findKeyOwner(db: Reader, keyUri: string): Promise<Account | undefined> {
  const [row] = await db
    .select({ account: accounts })
    .from(accountKeys)
    .innerJoin(accounts, eq(accounts.id, accountKeys.accountId))
    .where(eq(accountKeys.uri, keyUri))
    .limit(1)
  return row?.account
}
