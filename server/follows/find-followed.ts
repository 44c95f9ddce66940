import { and, asc, eq, or, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import type { Account } from '#server/accounts/who.ts'
import { isAccountHidden, isBlockedBetween } from '#server/posts/visibility.ts'
import { contains, searchKey } from '#server/search/like-pattern.ts'

/**
 * People whom somebody follows and whose handle begins with what was typed (`bo`, `@bo@exa`), or whose display name holds it, by handle, `count` at most. Nobody who
 * is hidden, or blocked in either direction.
 */
export async function findFollowed(db: Reader, followerId: number, typed: string, count: number): Promise<Account[]> {
  const words = searchKey(typed).replace(/^@/, '')
  if (words === '') return []
  const rows = await db
    .select({ account: accounts })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followedId))
    .where(
      and(
        eq(follows.followerId, followerId),
        eq(follows.state, 'accepted'),
        or(beginsWith(words), contains(sql`lower(${accounts.displayName})`, words)),
        sql`not ${isAccountHidden(accounts.id)}`,
        sql`not ${isBlockedBetween(followerId, accounts.id)}`
      )
    )
    .orderBy(asc(accounts.nameKey), asc(accounts.id))
    .limit(count)
  return rows.map(({ account }) => account)
}

function beginsWith(words: string): SQL | undefined {
  const [name = '', host = ''] = words.split('@')
  const hasName = sql`substr(${accounts.nameKey}, 1, ${[...name].length}) = ${name}`
  return host === '' ? hasName : and(hasName, sql`substr(${accounts.domain}, 1, ${[...host].length}) = ${host}`)
}
