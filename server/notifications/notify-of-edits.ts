import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { notifications } from '#db/schema/notifications.ts'
import { posts } from '#db/schema/posts.ts'
import { notify } from '#server/notifications/notify.ts'

/** People told of one edit: more who boosted it find the new text when they look. */
const toldMax = 1_000

/**
 * Reaction: a post reads otherwise now. Those of ours who boosted it or were told that it mentions them hear of the last edit, and not of those before.
 * It runs before `notifyMentioned`, so that whoever is newly mentioned hears of that alone.
 */
export async function notifyEdited(tx: Tx, { postId }: { postId: number }): Promise<void> {
  const [post] = await tx.select({ authorId: posts.authorId }).from(posts).where(eq(posts.id, postId))
  if (!post) return
  await tx.delete(notifications).where(and(eq(notifications.postId, postId), eq(notifications.kind, 'edit')))
  const boosters = await tx
    .select({ id: posts.authorId })
    .from(posts)
    .where(and(eq(posts.boostOfId, postId), eq(posts.isLocal, true)))
    .limit(toldMax)
  const mentioned = await tx
    .select({ id: notifications.accountId })
    .from(notifications)
    .where(and(eq(notifications.postId, postId), eq(notifications.kind, 'mention')))
    .limit(toldMax)
  const ids = [...new Set([...boosters, ...mentioned].map(({ id }) => id))]
  await notify(tx, ids, { kind: 'edit', fromId: post.authorId, postId })
}
