import { and, desc, eq, isNull, lt } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account, User } from '#server/accounts/who.ts'
import { boundsOf, type Page } from '#server/timelines/pages.ts'

/** Who asked for an account and waits for a moderator, the newest first. */
export async function listSignUps(
  db: Reader,
  page: Page = {}
): Promise<{ rows: { account: Account; user: User }[]; olderCursor: number | undefined }> {
  const { before, rows: limit } = boundsOf(page)
  const found = await db
    .select({ account: accounts, user: users })
    .from(users)
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .where(and(isNull(users.approvedAt), isNull(accounts.deletedAt), lt(users.accountId, before)))
    .orderBy(desc(users.accountId))
    .limit(limit + 1)
  const rows = found.slice(0, limit)
  return { rows, olderCursor: found.length > limit ? rows.at(-1)?.account.id : undefined }
}
