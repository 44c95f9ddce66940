import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { addToCount } from '#server/posts/counters.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { isForAnybody } from '#server/posts/visibility.ts'

/**
 * Gives a reply that hung on nothing the place below its parent, with all that hangs on it, and counts it. A parent that hangs on the reply itself is left
 * alone: a conversation is no circle. False when nothing changed.
 */
export async function attachReply(tx: Tx, reply: PostRow, parent: Pick<PostRow, 'id' | 'authorId' | 'threadId'>): Promise<boolean> {
  if (reply.replyToId !== null || reply.threadId === parent.threadId) return false
  await tx.update(posts).set({ replyToId: parent.id, replyToAuthorId: parent.authorId, isHeld: false }).where(eq(posts.id, reply.id))
  await tx.update(posts).set({ threadId: parent.threadId }).where(eq(posts.threadId, reply.threadId))
  if (reply.deletedAt === null && isForAnybody(reply.visibility)) await addToCount(tx, 'repliesCount', parent.id, 1)
  return true
}

/** Takes a reply out of the thread it stood in; what answers it goes along. */
export async function detachReply(tx: Tx, reply: PostRow): Promise<void> {
  if (reply.replyToId === null) return
  const parentId = reply.replyToId
  const below = await idsBelow(tx, reply.id)
  await tx.update(posts).set({ replyToId: null, replyToAuthorId: null, isHeld: true }).where(eq(posts.id, reply.id))
  for (const id of below) await tx.update(posts).set({ threadId: reply.id }).where(eq(posts.id, id))
  if (reply.deletedAt === null && isForAnybody(reply.visibility)) await addToCount(tx, 'repliesCount', parentId, -1)
}

/** Posts of a branch that move with it; of a longer one the rest stays where it was, and hangs on what moved all the same. */
const branchMax = 500

async function idsBelow(tx: Tx, rootId: number): Promise<number[]> {
  const found = [rootId]
  for (let at = 0; at < found.length && found.length < branchMax; at += 1) {
    const rows = await tx
      .select({ id: posts.id })
      .from(posts)
      .where(eq(posts.replyToId, found[at] as number))
      .limit(branchMax)
    found.push(...rows.map((row) => row.id))
  }
  return [...new Set(found)].slice(0, branchMax)
}
