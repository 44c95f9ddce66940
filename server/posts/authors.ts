import { type Account, requirePerson, type Who } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'

/** The account that writes, favourites, boosts: one of ours, neither suspended nor erased. Refusal('forbidden') otherwise. */
export function requireAuthor(who: Who): Account {
  requirePerson(who)
  if (who.account.suspendedAt !== null || who.account.deletedAt !== null) throw new Refusal('forbidden', 'errors.accountSuspended')
  return who.account
}
