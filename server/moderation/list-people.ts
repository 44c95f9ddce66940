import { and, asc, eq, gt, or, type SQL } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account, User } from '#server/accounts/who.ts'
import { contains, searchKey } from '#server/search/like-pattern.ts'

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
    .where(and(gt(accounts.nameKey, after), holds(search)))
    .orderBy(asc(accounts.nameKey))
    .limit(limit)
}

function holds(search: string): SQL | undefined {
  const part = searchKey(search).replace(/^@/, '')
  return part === '' ? undefined : or(contains(accounts.nameKey, part), contains(users.emailKey, part))
}
