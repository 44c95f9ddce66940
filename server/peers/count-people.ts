import { and, gte, isNull, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'

const day = 24 * 60 * 60 * 1_000

export interface Usage {
  people: number
  activeMonth: number
  activeHalfYear: number
  posts: number
}

/** How many live here and what they wrote, for NodeInfo; whoever waits to be let in does not count. */
export async function countUsage(db: Reader, now: number): Promise<Usage> {
  const active = (days: number) => db.$count(users, and(sql`${users.approvedAt} is not null`, gte(users.lastSeenAt, now - days * day)))
  const [people, activeMonth, activeHalfYear, written] = await Promise.all([
    db.$count(users, sql`${users.approvedAt} is not null`),
    active(30),
    active(180),
    db
      .select({ sum: sql<unknown>`sum(${accounts.postsCount})` })
      .from(accounts)
      .where(and(isNull(accounts.domain), isNull(accounts.deletedAt)))
  ])
  return { people, activeMonth, activeHalfYear, posts: Number(written[0]?.sum ?? 0) }
}
