import { and, eq, lte } from 'drizzle-orm'
import { conversations } from '#db/schema/timelines.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'

/** A conversation counts as read up to a post; what came since stays unread. */
export async function markConversationRead(
  ctx: Context,
  who: Who,
  { threadId, upToId }: { threadId: number; upToId: number }
): Promise<void> {
  requirePerson(who)
  await ctx.transact(async (tx) => {
    await tx
      .update(conversations)
      .set({ isUnread: false })
      .where(and(eq(conversations.accountId, who.account.id), eq(conversations.threadId, threadId), lte(conversations.lastPostId, upToId)))
  })
}

/** Takes a conversation off one's list. Its posts stay, and its next post brings it back. */
export async function removeConversation(ctx: Context, who: Who, { threadId }: { threadId: number }): Promise<void> {
  requirePerson(who)
  await ctx.transact(async (tx) => {
    await tx.delete(conversations).where(and(eq(conversations.accountId, who.account.id), eq(conversations.threadId, threadId)))
  })
}
