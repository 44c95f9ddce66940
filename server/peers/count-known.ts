import { eq, sql } from 'drizzle-orm'
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
