import { and, eq, inArray, not } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { joinConversations } from '#server/conversations/touch-conversation.ts'
import { addToCount } from '#server/posts/counters.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { carryThreadMutes } from '#server/posts/mute-thread.ts'
import { isForAnybody } from '#server/posts/visibility.ts'
import { isLong } from '#server/posts/write-post.ts'

/** Posts of a branch that move with it; of a longer one the rest stays where it was, and hangs on what moved all the same. */
const branchMax = 500

/**
 * Gives a reply that hung on nothing the place below its parent, with all that hangs on it, and counts it. A parent that hangs on the reply itself is left
 * alone: a conversation is no circle; so is a branch that is too long to be moved. False when nothing changed.
 */
export async function attachReply(tx: Tx, reply: PostRow, parent: Pick<PostRow, 'id' | 'authorId' | 'threadId'>): Promise<boolean> {
  if (reply.replyToId !== null || reply.threadId === parent.threadId) return false
  const isMovable = and(eq(posts.id, reply.id), not(isLong(reply.threadId)))
  if ((await tx.select({ id: posts.id }).from(posts).where(isMovable)).length === 0) return false
  await tx.update(posts).set({ replyToId: parent.id, replyToAuthorId: parent.authorId, isHeld: false }).where(eq(posts.id, reply.id))
  await tx.update(posts).set({ threadId: parent.threadId }).where(eq(posts.threadId, reply.threadId))
  await carryThreadMutes(tx, [reply.threadId], parent.threadId)
  await joinConversations(tx, [reply.threadId], parent.threadId)
  if (reply.deletedAt === null && isForAnybody(reply)) await addToCount(tx, 'repliesCount', parent.id, 1)
  return true
}

/** Takes a reply out of the thread it stood in; what answers it goes along. */
export async function detachReply(tx: Tx, reply: PostRow): Promise<void> {
  if (reply.replyToId === null) return
  const parentId = reply.replyToId
  const below = await idsBelow(tx, reply.id)
  await tx.update(posts).set({ replyToId: null, replyToAuthorId: null, isHeld: true }).where(eq(posts.id, reply.id))
  await tx.update(posts).set({ threadId: reply.id }).where(inArray(posts.id, below))
  if (reply.deletedAt === null && isForAnybody(reply)) await addToCount(tx, 'repliesCount', parentId, -1)
}

async function idsBelow(tx: Tx, rootId: number): Promise<number[]> {
  const found = new Set([rootId])
  for (let level = [rootId]; level.length > 0 && found.size < branchMax; ) {
    const rows = await tx.select({ id: posts.id }).from(posts).where(inArray(posts.replyToId, level)).limit(branchMax)
    level = rows.map(({ id }) => id).filter((id) => !found.has(id))
    for (const id of level) found.add(id)
  }
  return [...found].slice(0, branchMax)
}
