import { eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { posts, type Visibility } from '#db/schema/posts.ts'

type Counted = { id: number; authorId: number; visibility: Visibility; replyToId: number | null; createdAt: number }

/** Only posts that everybody may see are counted, or the numbers would tell of the others. */
export function isCounted(visibility: Visibility): boolean {
  return visibility === 'public' || visibility === 'unlisted'
}

/** A post came to be: its author's and its parent's counters follow. */
export async function countPost(tx: Tx, post: Counted): Promise<void> {
  await tx
    .update(accounts)
    .set({
      ...(isCounted(post.visibility) ? { postsCount: sql`${accounts.postsCount} + 1` } : {}),
      lastPostAt: sql`case when ${accounts.lastPostAt} > ${post.createdAt} then ${accounts.lastPostAt} else ${post.createdAt} end`
    })
    .where(eq(accounts.id, post.authorId))
  if (post.replyToId !== null && isCounted(post.visibility)) await addToCount(tx, 'repliesCount', post.replyToId, 1)
}

/** A post is gone: the counterpart of countPost. */
export async function uncountPost(tx: Tx, post: Counted): Promise<void> {
  if (!isCounted(post.visibility)) return
  await tx
    .update(accounts)
    .set({ postsCount: lessOne(accounts.postsCount) })
    .where(eq(accounts.id, post.authorId))
  if (post.replyToId !== null) await addToCount(tx, 'repliesCount', post.replyToId, -1)
}

/** Moves one counter of a post; it never falls below zero. */
export async function addToCount(
  tx: Tx,
  counter: 'repliesCount' | 'boostsCount' | 'favouritesCount',
  postIds: number | number[],
  by: number
): Promise<void> {
  const column = posts[counter]
  const next = by < 0 ? sql`case when ${column} > ${-by} then ${column} - ${-by} else 0 end` : sql`${column} + ${by}`
  await tx
    .update(posts)
    .set({ [counter]: next })
    .where(inArray(posts.id, typeof postIds === 'number' ? [postIds] : postIds))
}

function lessOne(column: typeof accounts.postsCount) {
  return sql`case when ${column} > 0 then ${column} - 1 else 0 end`
}
