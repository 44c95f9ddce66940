import { and, desc, eq, isNotNull, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account, User } from '#server/accounts/who.ts'
import { contains, searchKey } from '#server/search/like-pattern.ts'
import { boundsOf, type Page } from '#server/timelines/pages.ts'

export const accountOrigins = ['local', 'remote', 'all'] as const
export const accountStates = ['all', 'active', 'waiting', 'suspended', 'silenced', 'staff', 'erased'] as const

export interface AccountFilter {
  /** Part of a name, display name or (ours) mail address; `@name@host` as a whole, or `@host` for all of a host. Empty for all. */
  query: string
  origin: (typeof accountOrigins)[number]
  state: (typeof accountStates)[number]
}

export interface FoundAccount {
  account: Account
  /** Undefined for remote accounts and erased ones. */
  user: User | undefined
}

/** Accounts as the panel lists them, the newest known first; the instance's own actor is nobody. */
export async function findAccounts(
  db: Reader,
  filter: AccountFilter,
  page: Page = {}
): Promise<{ rows: FoundAccount[]; olderCursor: number | undefined }> {
  const { before, rows: limit } = boundsOf(page)
  const found = await db
    .select({ account: accounts, user: users })
    .from(accounts)
    .leftJoin(users, eq(users.accountId, accounts.id))
    .where(
      and(
        lt(accounts.id, before),
        or(isNotNull(accounts.domain), ne(accounts.type, 'Application')),
        isFrom(filter.origin),
        isIn(filter.state),
        fits(filter.query)
      )
    )
    .orderBy(desc(accounts.id))
    .limit(limit + 1)
  const rows = found.slice(0, limit).map(({ account, user }) => ({ account, user: user ?? undefined }))
  return { rows, olderCursor: found.length > limit ? rows.at(-1)?.account.id : undefined }
}

function isFrom(origin: AccountFilter['origin']): SQL | undefined {
  return origin === 'all' ? undefined : origin === 'local' ? isNull(accounts.domain) : isNotNull(accounts.domain)
}

function isIn(state: AccountFilter['state']): SQL | undefined {
  const isWaiting = sql`(${users.accountId} is not null and (${users.approvedAt} is null or ${users.emailConfirmedAt} is null))`
  const isThere = isNull(accounts.deletedAt)
  const conditions: Record<AccountFilter['state'], SQL | undefined> = {
    all: undefined,
    active: and(isThere, isNull(accounts.suspendedAt), sql`not ${isWaiting}`),
    waiting: and(isThere, isWaiting),
    suspended: and(isThere, isNotNull(accounts.suspendedAt)),
    silenced: and(isThere, isNotNull(accounts.silencedAt)),
    staff: and(isThere, isNotNull(users.accountId), ne(users.role, 'person')),
    erased: isNotNull(accounts.deletedAt)
  }
  return conditions[state]
}

function fits(typed: string): SQL | undefined {
  const key = searchKey(typed)
  const [, name, host] = /^@?([^@\s]*)@([^@\s]+)$/.exec(key) ?? []
  if (host !== undefined) {
    const isHandle = and(name === '' ? undefined : eq(accounts.nameKey, name!), eq(accounts.domain, host))
    return or(isHandle, eq(users.emailKey, key))
  }
  const words = key.replace(/^@/, '')
  if (words === '') return undefined
  return or(contains(accounts.nameKey, words), contains(sql`lower(${accounts.displayName})`, words), contains(users.emailKey, words))
}
