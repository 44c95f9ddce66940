import { eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { sessions, users } from '#db/schema/sign-in.ts'
import { isInstanceActor } from '#server/accounts/shown-account.ts'
import { type Account, requireRole, type User, type Who } from '#server/accounts/who.ts'
import { allowedApps } from '#server/apps/allowed-apps.ts'
import { Refusal } from '#server/errors.ts'

/** An account as moderators look at it, whether they may act upon it or not. Refuses `forbidden` whoever is no moderator, `missing` when there is none. */
export async function getAccountForModerator(
  db: Reader,
  who: Who,
  accountId: number
): Promise<{ account: Account; user: User | undefined; sessionCount: number; appCount: number }> {
  requireRole(who, 'moderator')
  const { account, user } = await getWithUser(db, accountId)
  return {
    account,
    user,
    sessionCount: user ? await db.$count(sessions, eq(sessions.accountId, accountId)) : 0,
    appCount: user ? (await allowedApps(db, accountId)).length : 0
  }
}

/** An account with the part that signs in, where it has one. Refuses `missing` when there is none, or it is the instance's own actor. */
export async function getWithUser(db: Reader, accountId: number): Promise<{ account: Account; user: User | undefined }> {
  const [found] = await db
    .select({ account: accounts, user: users })
    .from(accounts)
    .leftJoin(users, eq(users.accountId, accounts.id))
    .where(eq(accounts.id, accountId))
  if (!found || isInstanceActor(found.account)) throw new Refusal('missing', 'errors.noSuchAccount')
  return { account: found.account, user: found.user ?? undefined }
}
