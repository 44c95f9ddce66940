import { asc, eq, gt, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'

const countedMax = 10_000

/** How many accounts we know whose actors are at a host, counted up to 10,000. */
export async function countKnownAt(db: Reader, host: string): Promise<number> {
  const some = db
    .select({ one: sql`1`.as('one') })
    .from(accounts)
    .where(eq(accounts.host, host))
    .limit(countedMax)
    .as('some')
  return db.$count(some)
}

/**
 * How many accounts whose actors are at a host somebody here follows, among the 10,000 known longest: a number that the host cannot raise by itself,
 * however many actors it makes known.
 */
export async function countFollowedAt(db: Reader, host: string): Promise<number> {
  const known = db
    .select({ followersCount: accounts.followersCount })
    .from(accounts)
    .where(eq(accounts.host, host))
    .orderBy(asc(accounts.id))
    .limit(countedMax)
    .as('known')
  return db.$count(known, gt(known.followersCount, 0))
}
