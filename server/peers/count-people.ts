import { and, gte, isNull, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Context } from '#server/context.ts'

const dayMs = 24 * 60 * 60 * 1_000

export interface Usage {
  people: number
  activeMonth: number
  activeHalfYear: number
  posts: number
}

/** `countUsage` with an answer that is kept for a while: counting is not free, and nobody needs these numbers to the second. */
export function keepUsage({ db, clock }: Pick<Context, 'db' | 'clock'>, keptMs: number): () => Promise<Usage> {
  let known: { usage: Usage; untilMs: number } | undefined
  return async () => {
    const now = clock.now()
    if (!known || known.untilMs <= now) known = { usage: await countUsage(db, now), untilMs: now + keptMs }
    return known.usage
  }
}

/** How many live here and what they wrote, for NodeInfo; whoever waits to be let in does not count. */
export async function countUsage(db: Reader, now: number): Promise<Usage> {
  const active = (days: number) => db.$count(users, and(sql`${users.approvedAt} is not null`, gte(users.lastSeenAt, now - days * dayMs)))
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
