import { eq } from 'drizzle-orm'
import { users } from '#db/schema/sign-in.ts'
import type { Person, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'

/** What new posts of one person begin with; policies in the words of interactions/policy.ts, null for everybody. */
export type PostingDefaults = Pick<User, 'defaultVisibility' | 'defaultCanQuote' | 'defaultCanReply'>

export async function changePosting(ctx: Context, who: Person, defaults: PostingDefaults): Promise<void> {
  await ctx.transact(async (tx) => {
    await tx.update(users).set(defaults).where(eq(users.accountId, who.account.id))
  })
}
