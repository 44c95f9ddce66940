import { and, asc, eq, gt, like, or, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account, User } from '#server/accounts/who.ts'

const searchCharactersMax = 200

export interface ListedPerson {
  account: Account
  user: User
}

/** Our own people by name, `limit` of them behind `after` (a name in lower case); `search` is part of a name or mail address. */
export function listPeople(
  db: Reader,
  { search = '', after = '', limit }: { search?: string; after?: string; limit: number }
): Promise<ListedPerson[]> {
  return db
    .select({ account: accounts, user: users })
    .from(users)
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .where(and(gt(accounts.nameKey, after), containing(search)))
    .orderBy(asc(accounts.nameKey))
    .limit(limit)
}

/** Keys are in lower case on both databases, so that upper and lower case do not matter on either. */
function containing(search: string): SQL | undefined {
  const part = search.trim().replace(/^@/, '').toLowerCase().slice(0, searchCharactersMax)
  if (part === '') return undefined
  const pattern = `%${part.replace(/[\\%_]/g, '\\$&')}%`
  const isLike = (column: typeof accounts.nameKey | typeof users.emailKey) => sql`${like(column, pattern)} escape '\\'`
  return or(isLike(accounts.nameKey), isLike(users.emailKey))
}
