import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { pins, posts } from '#db/schema/posts.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { isForAnybody, visibleTo } from '#server/posts/visibility.ts'

/** Pinned posts of one account that are kept, wherever it lives: what comes beyond pushes the oldest out. */
export const keptPinsMax = 20

/** An account's pinned posts, the newest pin first, as far as this viewer (undefined: anybody) may see them. */
export async function pinnedPosts(db: Reader, viewerId: number | undefined, accountId: number): Promise<PostRow[]> {
  const rows = await db
    .select({ post: posts })
    .from(pins)
    .innerJoin(posts, eq(posts.id, pins.postId))
    .where(and(eq(pins.accountId, accountId), visibleTo(viewerId)))
    .orderBy(desc(pins.id))
    .limit(keptPinsMax)
  return rows.map(({ post }) => post)
}

export async function countPins(db: Reader, accountId: number): Promise<number> {
  return db.$count(pins, eq(pins.accountId, accountId))
}

/** Which of some posts (a page of them) are pinned. */
export async function pinnedAmong(db: Reader, postIds: readonly number[]): Promise<Set<number>> {
  if (postIds.length === 0) return new Set()
  const rows = await db
    .select({ postId: pins.postId })
    .from(pins)
    .where(inArray(pins.postId, [...postIds]))
  return new Set(rows.map((row) => row.postId))
}

export async function isPinned(db: Reader, postId: number): Promise<boolean> {
  return (await pinnedAmong(db, [postId])).has(postId)
}

/** Pins a post of its author's own. False when it was pinned already. */
export async function addPin(tx: Tx, { accountId, postId }: { accountId: number; postId: number }): Promise<boolean> {
  const made = await tx
    .insert(pins)
    .values({ id: tx.newId(), accountId, postId, createdAt: tx.now })
    .onConflictDoNothing({ target: pins.postId })
    .returning({ id: pins.id })
  return made.length > 0
}

/** False when it was not pinned by that account. */
export async function removePin(tx: Tx, { accountId, postId }: { accountId: number; postId: number }): Promise<boolean> {
  const gone = await tx
    .delete(pins)
    .where(and(eq(pins.accountId, accountId), eq(pins.postId, postId)))
    .returning({ id: pins.id })
  return gone.length > 0
}

/** A remote account pinned one of its posts, in the transaction of the receipt. Only a post of its own, that everybody may see. */
export async function receivePin(tx: Tx, { accountId, postId }: { accountId: number; postId: number }): Promise<void> {
  const [post] = await tx.select().from(posts).where(eq(posts.id, postId))
  if (!post || !mayPin(accountId, post)) return
  if (!(await addPin(tx, { accountId, postId }))) return
  const kept = await tx.select({ id: pins.id }).from(pins).where(eq(pins.accountId, accountId)).orderBy(desc(pins.id)).limit(keptPinsMax)
  await tx.delete(pins).where(and(eq(pins.accountId, accountId), sql`${pins.id} < ${kept.at(-1)?.id ?? 0}`))
}

/** What a remote account shows first was read as a whole, the first one first: what is not in it is pinned no more. */
export async function replacePins(tx: Tx, { accountId, postIds }: { accountId: number; postIds: readonly number[] }): Promise<void> {
  const before = await tx.select({ postId: pins.postId }).from(pins).where(eq(pins.accountId, accountId)).orderBy(desc(pins.id))
  if (before.map((pin) => pin.postId).join() === postIds.join()) return
  await tx.delete(pins).where(eq(pins.accountId, accountId))
  for (const postId of [...postIds].reverse()) await receivePin(tx, { accountId, postId })
}

/** Whether an account may show a post first: one of its own, for everybody, and no boost. Pure. */
export function mayPin(
  accountId: number,
  post: Pick<PostRow, 'authorId' | 'visibility' | 'isLocalOnly' | 'boostOfId' | 'deletedAt'>
): boolean {
  const isOpen = isForAnybody(post)
  return post.authorId === accountId && isOpen && post.boostOfId === null && post.deletedAt === null
}
