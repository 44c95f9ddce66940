import type { Reader } from '#db/reader.ts'
import type { Account, User, Who } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'
import { getModeratedAccount } from '#server/moderation/moderate-account.ts'

/** A sign-up that waits for a moderator. Refuses as getModeratedAccount, and `conflict` when it does not wait (any more). */
export async function getWaitingSignUp(db: Reader, who: Who, accountId: number): Promise<{ account: Account; user: User }> {
  const { account, user } = await getModeratedAccount(db, who, accountId)
  if (!user || user.approvedAt !== null || account.deletedAt !== null) throw new Refusal('conflict', 'errors.notWaiting')
  return { account, user }
}
