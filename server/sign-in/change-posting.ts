import { eq } from 'drizzle-orm'
import { users } from '#db/schema/sign-in.ts'
import type { Person, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'

/** What new posts of one person begin with; policies in the words of interactions/policy.ts, null for everybody. `keepsVisibility` leaves the default as it is. */
export type PostingDefaults = Pick<
  User,
  'keepsVisibility' | 'defaultLanguage' | 'defaultSensitive' | 'defaultMarkdown' | 'defaultCanQuote' | 'defaultCanReply'
> &
  Partial<Pick<User, 'defaultVisibility'>>

export async function changePosting(ctx: Context, who: Person, defaults: PostingDefaults): Promise<void> {
  await ctx.transact(async (tx) => {
    // What was chosen last is kept from now on alone: an old choice would come as a surprise.
    const choice = defaults.keepsVisibility && !who.user.keepsVisibility ? { lastVisibility: null } : {}
    await tx
      .update(users)
      .set({ ...defaults, ...choice })
      .where(eq(users.accountId, who.account.id))
  })
}
