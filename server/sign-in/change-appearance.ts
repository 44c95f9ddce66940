import { eq } from 'drizzle-orm'
import { type Look, users } from '#db/schema/sign-in.ts'
import type { Person, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'

/** What the looks of pages can be; the first of each is the usual one. */
export const lookChoices = {
  contrast: ['system', 'more'],
  motion: ['system', 'less'],
  density: ['roomy', 'dense'],
  textSize: ['s', 'm', 'l', 'xl']
} as const satisfies { [Key in keyof Look]?: readonly Look[Key][] }

/** How pages look to whoever chose nothing. */
export const usualLook: Look = { contrast: 'system', motion: 'system', density: 'roomy', textSize: 'm', plainNames: false, shortcuts: true }

/** How the pages look to one person; null as time zone means the instance's. */
export type Appearance = Pick<User, 'theme' | 'timeZone' | 'language'> & { look: Look }

export async function changeAppearance(ctx: Context, who: Person, { theme, timeZone, language, look }: Appearance): Promise<void> {
  await ctx.transact(async (tx) => {
    await tx.update(users).set({ theme, timeZone, language, look }).where(eq(users.accountId, who.account.id))
  })
}
