import { eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { filterPosts } from '#db/schema/filters.ts'
import { media } from '#db/schema/media.ts'
import { notifications } from '#db/schema/notifications.ts'
import { posts } from '#db/schema/posts.ts'
import { interactions, quotes } from '#db/schema/quotes.ts'
import { removeEntries } from '#db/search-index.ts'
import { stepBackInConversations } from '#server/conversations/touch-conversation.ts'
import { removeMediaRows } from '#server/media/remove-media.ts'
import { isForAnybody } from '#server/posts/visibility.ts'

/**
 * Takes posts of other servers out of the database, as if they had never come: no tombstone, so that one that is met again may be read again.
 * Replies and quotes that stay keep the address of what they named; replies find it should it come back. What hangs on a post by a cascading key goes by
 * itself. Returns how many rows went.
 */
export async function forgetPosts(tx: Tx, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0
  const list = [...ids]
  await removeMediaRows(tx, await tx.select().from(media).where(inArray(media.postId, list)))
  await tx.delete(notifications).where(inArray(notifications.postId, list))
  await tx.delete(filterPosts).where(inArray(filterPosts.postId, list))
  await tx.delete(posts).where(inArray(posts.boostOfId, list))
  await tx.update(posts).set({ replyToId: null }).where(inArray(posts.replyToId, list))
  await tx.update(quotes).set({ quotedId: null }).where(inArray(quotes.quotedId, list))
  await tx.update(interactions).set({ postId: null }).where(inArray(interactions.postId, list))
  await removeEntries(tx, list)
  await stepBackInConversations(tx, list)
  const gone = await tx
    .delete(posts)
    .where(inArray(posts.id, list))
    .returning({ authorId: posts.authorId, visibility: posts.visibility, isLocalOnly: posts.isLocalOnly, deletedAt: posts.deletedAt })
  const byAuthor = new Map<number, number>()
  for (const { authorId, deletedAt, ...post } of gone)
    if (isForAnybody(post) && deletedAt === null) byAuthor.set(authorId, (byAuthor.get(authorId) ?? 0) + 1)
  for (const [authorId, count] of byAuthor)
    await tx
      .update(accounts)
      .set({ postsCount: sql`case when ${accounts.postsCount} > ${count} then ${accounts.postsCount} - ${count} else 0 end` })
      .where(eq(accounts.id, authorId))
  return gone.length
}
