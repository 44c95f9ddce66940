import { eq } from 'drizzle-orm'
import { users } from '#db/schema/sign-in.ts'
import type { Person, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'

/** How the pages look to one person; null as time zone means the instance's. */
export type Appearance = Pick<User, 'theme' | 'timeZone' | 'language'>

export async function changeAppearance(ctx: Context, who: Person, { theme, timeZone, language }: Appearance): Promise<void> {
  await ctx.transact(async (tx) => {
    await tx.update(users).set({ theme, timeZone, language }).where(eq(users.accountId, who.account.id))
  })
}
