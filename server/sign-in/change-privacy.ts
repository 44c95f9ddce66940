import { eq } from 'drizzle-orm'
import { users } from '#db/schema/sign-in.ts'
import type { Person, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'

/** What others learn of one person beside their posts. */
export type Privacy = Pick<User, 'provesPosts' | 'listsFollows'>

/** Both hold from the next time anybody asks; proofs that went out already stay with whoever has them. */
export async function changePrivacy(ctx: Context, who: Person, { provesPosts, listsFollows }: Privacy): Promise<void> {
  await ctx.transact(async (tx) => {
    await tx.update(users).set({ provesPosts, listsFollows }).where(eq(users.accountId, who.account.id))
  })
}
