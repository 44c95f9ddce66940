import { and, count, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { notifications } from '#db/schema/notifications.ts'
import { reactionCounts, reactions } from '#db/schema/reactions.ts'

/** Different emoji that one account may leave under one post. */
export const reactionsPerAccountMax = 10
/** Different emoji under one post; those who come later choose among them. */
const emojisPerPostMax = 200

export interface NewReaction {
  accountId: number
  postId: number
  /** As kept: an emoji of Unicode, or `:shortcode@host:`. */
  emoji: string
  /** Of a custom emoji's picture; null for Unicode. */
  mediaKey: string | null
  /** Null for ours. */
  uri: string | null
}

export type ReactionRow = typeof reactions.$inferSelect

/** Writes a reaction and counts it; undefined when it stood already, or when the account or the post has as many as there may be. */
export async function insertReaction(tx: Tx, { accountId, postId, emoji, mediaKey, uri }: NewReaction): Promise<number | undefined> {
  const [own] = await tx
    .select({ total: count() })
    .from(reactions)
    .where(and(eq(reactions.accountId, accountId), eq(reactions.postId, postId)))
  if (Number(own?.total ?? 0) >= reactionsPerAccountMax) return undefined
  const counted = await tx.select({ emoji: reactionCounts.emoji }).from(reactionCounts).where(eq(reactionCounts.postId, postId))
  if (counted.length >= emojisPerPostMax && !counted.some((each) => each.emoji === emoji)) return undefined
  const [row] = await tx
    .insert(reactions)
    .values({ id: tx.newId(), accountId, postId, emoji, uri, createdAt: tx.now })
    .onConflictDoNothing({ target: [reactions.accountId, reactions.postId, reactions.emoji] })
    .returning({ id: reactions.id })
  if (!row) return undefined
  await tx
    .insert(reactionCounts)
    .values({ postId, emoji, mediaKey, count: 1, createdAt: tx.now })
    .onConflictDoUpdate({
      target: [reactionCounts.postId, reactionCounts.emoji],
      set: { count: sql`${reactionCounts.count} + 1`, mediaKey }
    })
  return row.id
}

/** Takes a reaction away and counts it out; with the last one of an account its notification goes. The row, or undefined when there was none. */
export async function removeReaction(
  tx: Tx,
  which: { accountId: number; postId: number; emoji: string }
): Promise<ReactionRow | undefined> {
  const { accountId, postId, emoji } = which
  const ofAccount = and(eq(reactions.accountId, accountId), eq(reactions.postId, postId))
  const [gone] = await tx
    .delete(reactions)
    .where(and(ofAccount, eq(reactions.emoji, emoji)))
    .returning()
  if (!gone) return undefined
  const ofEmoji = and(eq(reactionCounts.postId, postId), eq(reactionCounts.emoji, emoji))
  const [left] = await tx
    .update(reactionCounts)
    .set({ count: sql`${reactionCounts.count} - 1` })
    .where(ofEmoji)
    .returning({ count: reactionCounts.count })
  if (left && left.count <= 0) await tx.delete(reactionCounts).where(ofEmoji)
  const others = await tx.select({ id: reactions.id }).from(reactions).where(ofAccount).limit(1)
  if (others.length === 0) await withdrawNotice(tx, accountId, [postId])
  return gone
}

/** Everything that hangs on a post that is gone. */
export async function removeReactionsOfPost(tx: Tx, postId: number): Promise<void> {
  await tx.delete(reactions).where(eq(reactions.postId, postId))
  await tx.delete(reactionCounts).where(eq(reactionCounts.postId, postId))
}

/** Of an account that is gone, at most so many; how many there were. */
export async function removeReactionsOf(tx: Tx, accountId: number, rowsMax: number): Promise<number> {
  const rows = await tx.select().from(reactions).where(eq(reactions.accountId, accountId)).limit(rowsMax)
  for (const { postId, emoji } of rows) await removeReaction(tx, { accountId, postId, emoji })
  return rows.length
}

async function withdrawNotice(tx: Tx, fromId: number, postIds: number[]): Promise<void> {
  await tx
    .delete(notifications)
    .where(and(eq(notifications.kind, 'reaction'), eq(notifications.fromId, fromId), inArray(notifications.postId, postIds)))
}
