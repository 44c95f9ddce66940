import { and, eq, inArray, sql } from 'drizzle-orm'
import { prepare, type Reader, type Tx } from '#db/reader.ts'
import { threadMutes } from '#db/schema/follows.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { getOriginal } from '#server/posts/find-post.ts'

/** Takes a conversation out of somebody's home and notifications, whoever writes in it. Refusal `missing` for a post that is not for them. */
export async function muteThread(ctx: Context, who: Who, { postId }: { postId: number }): Promise<void> {
  requirePerson(who)
  const { threadId } = await getOriginal(ctx.db, who.account.id, postId)
  await ctx.transact(async (tx) => {
    await tx.insert(threadMutes).values({ accountId: who.account.id, threadId, createdAt: tx.now }).onConflictDoNothing()
  })
}

/** Lets a conversation be heard of again, with what was said meanwhile. */
export async function unmuteThread(ctx: Context, who: Who, { postId }: { postId: number }): Promise<void> {
  requirePerson(who)
  const { threadId } = await getOriginal(ctx.db, who.account.id, postId)
  await ctx.transact(async (tx) => {
    await tx.delete(threadMutes).where(and(eq(threadMutes.accountId, who.account.id), eq(threadMutes.threadId, threadId)))
  })
}

const mutedOf = prepare((db: Reader) =>
  db
    .select({ threadId: threadMutes.threadId })
    .from(threadMutes)
    .where(eq(threadMutes.accountId, sql.placeholder('me')))
    .limit(1)
)

/** Which of these conversations somebody muted: one look-up for nearly all, who muted none. */
export async function mutedThreadsAmong(db: Reader, accountId: number, threadIds: readonly number[]): Promise<Set<number>> {
  if (threadIds.length === 0 || (await mutedOf(db, { me: accountId })).length === 0) return new Set()
  const found = await db
    .select({ threadId: threadMutes.threadId })
    .from(threadMutes)
    .where(and(eq(threadMutes.accountId, accountId), inArray(threadMutes.threadId, [...new Set(threadIds)])))
  return new Set(found.map(({ threadId }) => threadId))
}

/** Conversations were found to be parts of another: whoever muted a part has muted the whole. */
export async function carryThreadMutes(tx: Tx, fromIds: readonly number[], toId: number): Promise<void> {
  const moved = await tx
    .delete(threadMutes)
    .where(inArray(threadMutes.threadId, [...fromIds]))
    .returning()
  for (const { accountId, createdAt } of moved) {
    await tx.insert(threadMutes).values({ accountId, threadId: toId, createdAt }).onConflictDoNothing()
  }
}
