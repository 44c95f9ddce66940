import { type Account, requirePerson, type Who } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'

/** The account that writes, favourites, boosts: one of ours, neither suspended nor erased. Refusal('forbidden') otherwise. */
export function requireAuthor(who: Who): Account {
  requirePerson(who)
  if (who.account.suspendedAt !== null || who.account.deletedAt !== null) throw new Refusal('forbidden', 'errors.accountSuspended')
  return who.account
}

/** The same for what an account that moved away does not do any more: it writes, boosts and likes nothing. Refusal('forbidden') otherwise. */
export function requireActive(who: Who): Account {
  const account = requireAuthor(who)
  if (account.movedToUri !== null) throw new Refusal('forbidden', 'errors.accountMoved')
  return account
}
