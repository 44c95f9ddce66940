import type { Reader } from '#db/reader.ts'
import { type Account, outranks, requireRole, type User, type Who } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'
import { getWithUser } from '#server/moderation/get-account.ts'

export const reasonCharactersMax = 2_000

/**
 * The account that a moderator is about to act upon. Refuses `forbidden` whoever is no moderator, acts upon themselves, or upon
 * somebody of the same or a higher role; `missing` when there is none.
 */
export async function getModeratedAccount(db: Reader, who: Who, accountId: number): Promise<{ account: Account; user: User | undefined }> {
  requireRole(who, 'moderator')
  const found = await getWithUser(db, accountId)
  if (who.kind === 'account' && who.account.id === accountId) throw new Refusal('forbidden', 'errors.notUponYourself')
  if (found.user && who.kind === 'account' && !outranks(who.user.role, found.user.role))
    throw new Refusal('forbidden', 'errors.notUponEquals')
  return found
}

/** A reason as the audit log keeps it: trimmed, bounded. Refuses `invalid` what is too long. */
export function checkReason(reason: string): string {
  const trimmed = reason.trim()
  if (trimmed.length > reasonCharactersMax) throw new Refusal('invalid', 'errors.reasonTooLong', { max: reasonCharactersMax }, 'reason')
  return trimmed
}
