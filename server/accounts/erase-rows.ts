import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { oneTimeTokens, sessions, users } from '#db/schema/sign-in.ts'
import { record } from '#server/facts.ts'

/**
 * Takes away who one of ours was and how they signed in, in the caller's transaction; passkeys, codes and the history of sign-ins go with the user's row. What
 * they wrote and uploaded follows from the fact `account-erased`, and other servers are told to forget them. The name stays taken.
 */
export async function eraseRows(tx: Tx, accountId: number): Promise<void> {
  const nothing = {
    displayName: '',
    bioHtml: '',
    bioText: null,
    fields: [],
    avatarId: null,
    headerId: null,
    alsoKnownAs: [],
    attributionDomains: null,
    movedToUri: null
  }
  await tx
    .update(accounts)
    .set({ ...nothing, deletedAt: tx.now })
    .where(eq(accounts.id, accountId))
  await tx.delete(sessions).where(eq(sessions.accountId, accountId))
  await tx.delete(oneTimeTokens).where(eq(oneTimeTokens.accountId, accountId))
  await tx.delete(users).where(eq(users.accountId, accountId))
  await record(tx, 'account-erased', { accountId })
}
