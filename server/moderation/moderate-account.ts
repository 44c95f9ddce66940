import { eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import { type Account, outranks, requireRole, type User, type Who } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'

export const reasonCharactersMax = 2_000

/**
 * The account that a moderator is about to act upon. Refuses `forbidden` whoever is no moderator, acts upon themselves, or upon
 * somebody of the same or a higher role; `missing` when there is none.
 */
export async function getModeratedAccount(db: Reader, who: Who, accountId: number): Promise<{ account: Account; user: User | undefined }> {
  requireRole(who, 'moderator')
  const [found] = await db
    .select({ account: accounts, user: users })
    .from(accounts)
    .leftJoin(users, eq(users.accountId, accounts.id))
    .where(eq(accounts.id, accountId))
  if (!found || (found.account.type === 'Application' && found.account.domain === null))
    throw new Refusal('missing', 'errors.noSuchAccount')
  if (who.kind === 'account' && who.account.id === accountId) throw new Refusal('forbidden', 'errors.notUponYourself')
  if (found.user && who.kind === 'account' && !outranks(who.user.role, found.user.role))
    throw new Refusal('forbidden', 'errors.notUponEquals')
  return { account: found.account, user: found.user ?? undefined }
}

/** A reason as the audit log keeps it: trimmed, bounded. Refuses `invalid` what is too long. */
export function checkReason(reason: string): string {
  const trimmed = reason.trim()
  if (trimmed.length > reasonCharactersMax) throw new Refusal('invalid', 'errors.reasonTooLong', { max: reasonCharactersMax }, 'reason')
  return trimmed
}
