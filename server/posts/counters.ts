import { eq, inArray, type SQL, sql } from 'drizzle-orm'
import { prepare, type Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { posts, type Visibility } from '#db/schema/posts.ts'
import { isForAnybody } from '#server/posts/visibility.ts'

const toAuthor = prepare((tx: Tx) =>
  tx
    .update(accounts)
    .set({ postsCount: sql`${accounts.postsCount} + 1` })
    .where(eq(accounts.id, sql.placeholder('id')))
)

const oneMore = {
  repliesCount: prepare((tx: Tx) => addOne(tx, { repliesCount: sql`${posts.repliesCount} + 1` })),
  boostsCount: prepare((tx: Tx) => addOne(tx, { boostsCount: sql`${posts.boostsCount} + 1` })),
  favouritesCount: prepare((tx: Tx) => addOne(tx, { favouritesCount: sql`${posts.favouritesCount} + 1` }))
}

type Counter = 'repliesCount' | 'boostsCount' | 'favouritesCount'
type Counted = { authorId: number; visibility: Visibility; isLocalOnly: boolean; replyToId: number | null }

/** A post came to be: its author's and its parent's counters follow. Only what everybody may see is counted, or the numbers would tell of the rest. */
export async function countPost(tx: Tx, post: Counted): Promise<void> {
  if (!isForAnybody(post)) return
  await toAuthor(tx, { id: post.authorId })
  if (post.replyToId !== null) await addToCount(tx, 'repliesCount', post.replyToId, 1)
}

/** A post is gone: the counterpart of countPost. */
export async function uncountPost(tx: Tx, post: Counted): Promise<void> {
  if (!isForAnybody(post)) return
  await tx
    .update(accounts)
    .set({ postsCount: lessOne(accounts.postsCount) })
    .where(eq(accounts.id, post.authorId))
  if (post.replyToId !== null) await addToCount(tx, 'repliesCount', post.replyToId, -1)
}

/** Moves one counter of a post; it never falls below zero. */
export async function addToCount(tx: Tx, counter: Counter, postIds: number | number[], by: number): Promise<void> {
  if (by === 1 && typeof postIds === 'number') {
    await oneMore[counter](tx, { id: postIds })
    return
  }
  const column = posts[counter]
  const next = by < 0 ? sql`case when ${column} > ${-by} then ${column} - ${-by} else 0 end` : sql`${column} + ${by}`
  await tx
    .update(posts)
    .set({ [counter]: next })
    .where(inArray(posts.id, typeof postIds === 'number' ? [postIds] : postIds))
}

function addOne(tx: Tx, more: { [C in Counter]?: SQL }) {
  return tx
    .update(posts)
    .set(more)
    .where(eq(posts.id, sql.placeholder('id')))
}

function lessOne(column: typeof accounts.postsCount) {
  return sql`case when ${column} > 0 then ${column} - 1 else 0 end`
}
