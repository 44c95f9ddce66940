import { and, eq, lt } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { users } from '#db/schema/sign-in.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'

/** Everything up to this notification counts as read; what was read stays read. Refusal('forbidden') for whoever has no account. */
export async function markNotificationsRead(ctx: Context, who: Who, { upToId }: { upToId: number }): Promise<void> {
  requirePerson(who)
  await ctx.transact(async (tx: Tx) => {
    await tx
      .update(users)
      .set({ notificationsReadId: upToId })
      .where(and(eq(users.accountId, who.account.id), lt(users.notificationsReadId, upToId)))
  })
}
