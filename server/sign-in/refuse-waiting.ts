import type { Account, User } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'

/** Who has shown who they are and may still not come in: `forbidden`, with the reason. Told to nobody else. */
export function refuseWaiting(account: Account, user: User): void {
  if (account.suspendedAt !== null) throw new Refusal('forbidden', 'signIn.suspended')
  if (user.emailConfirmedAt === null) throw new Refusal('forbidden', 'signIn.unconfirmed', { email: user.email })
  if (user.approvedAt === null) throw new Refusal('forbidden', 'signIn.unapproved')
}
