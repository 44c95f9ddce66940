import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account, Person, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { record } from '#server/facts.ts'
import { indexPostsOf } from '#server/search/index-posts-of.ts'

/** What others learn of one person beside their posts, and by what they are found. */
export type Privacy = Pick<User, 'provesPosts' | 'listsFollows'> & Pick<Account, 'isDiscoverable' | 'isIndexable'>

/**
 * All of it holds from the next time anybody asks; proofs that went out already stay with whoever has them. Other servers are told whether somebody wants
 * to be found (fact `profile-changed`), and the index of the search follows beside other work.
 */
export async function changePrivacy(ctx: Context, who: Person, { provesPosts, listsFollows, ...found }: Privacy): Promise<void> {
  const { account } = who
  await ctx.transact(async (tx) => {
    await tx.update(users).set({ provesPosts, listsFollows }).where(eq(users.accountId, account.id))
    if (found.isDiscoverable === account.isDiscoverable && found.isIndexable === account.isIndexable) return
    await tx.update(accounts).set(found).where(eq(accounts.id, account.id))
    await record(tx, 'profile-changed', { accountId: account.id })
    if (found.isIndexable !== account.isIndexable) await indexPostsOf(tx, account.id)
  })
}
