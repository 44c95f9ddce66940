import { createHash } from 'node:crypto'
import { and, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { sessions, users } from '#db/schema/sign-in.ts'
import type { Account, User } from '#server/accounts/who.ts'

export type Session = typeof sessions.$inferSelect

/** A cookie's token is known to the database by this alone. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

const bySessionToken = prepare((db: Reader) =>
  db
    .select({ session: sessions, user: users, account: accounts })
    .from(sessions)
    .innerJoin(users, eq(users.accountId, sessions.accountId))
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(
      and(
        eq(sessions.tokenHash, sql.placeholder('tokenHash')),
        gt(sessions.expiresAt, sql.placeholder('now')),
        isNull(accounts.suspendedAt),
        isNull(accounts.deletedAt)
      )
    )
)

/** The session behind a cookie's token with its person, while it lasts and its account may act. */
export async function findSession(
  db: Reader,
  token: string,
  now: number
): Promise<{ session: Session; user: User; account: Account } | undefined> {
  const [found] = await bySessionToken(db, { tokenHash: hashToken(token), now })
  return found
}

/** Of some sessions, by id, those that still last, with their people as they are now. */
export async function sessionsThatLast(
  db: Reader,
  ids: readonly number[],
  now: number
): Promise<Map<number, { user: User; account: Account }>> {
  const rows = await db
    .select({ id: sessions.id, user: users, account: accounts })
    .from(sessions)
    .innerJoin(users, eq(users.accountId, sessions.accountId))
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(and(inArray(sessions.id, [...ids]), gt(sessions.expiresAt, now), isNull(accounts.suspendedAt), isNull(accounts.deletedAt)))
  return new Map(rows.map(({ id, user, account }) => [id, { user, account }]))
}
