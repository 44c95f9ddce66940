import { eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Person } from '#server/accounts/who.ts'

/** One of ours as whoever acts, for what happens while they are not there; undefined for accounts of elsewhere and those that are gone. */
export async function findPerson(db: Reader, accountId: number): Promise<Person | undefined> {
  const [row] = await db
    .select({ user: users, account: accounts })
    .from(users)
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .where(eq(users.accountId, accountId))
  return row && { kind: 'account', ...row }
}
