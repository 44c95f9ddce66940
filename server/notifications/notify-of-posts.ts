import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { postMentions, posts } from '#db/schema/posts.ts'
import { notify } from '#server/notifications/notify.ts'

/** Reaction: those of ours whom a post mentions. At an edit only the newly mentioned hear of it, since each is told once. */
export async function notifyMentioned(tx: Tx, { postId }: { postId: number }): Promise<void> {
  const rows = await tx
    .select({ authorId: posts.authorId, accountId: postMentions.accountId })
    .from(postMentions)
    .innerJoin(posts, eq(posts.id, postMentions.postId))
    .where(eq(postMentions.postId, postId))
  const [first] = rows
  if (!first) return
  await notify(
    tx,
    rows.map((row) => row.accountId),
    { kind: 'mention', fromId: first.authorId, postId }
  )
}

/** Reaction: the author of ours whose post somebody likes. */
export async function notifyFavourited(tx: Tx, { accountId, postId }: { accountId: number; postId: number }): Promise<void> {
  const authorId = await authorOf(tx, postId)
  if (authorId !== undefined) await notify(tx, [authorId], { kind: 'favourite', fromId: accountId, postId })
}

/** Reaction: the author of ours whose post somebody boosted. */
export async function notifyBoosted(tx: Tx, { boostId }: { boostId: number }): Promise<void> {
  const [boost] = await tx.select({ authorId: posts.authorId, postId: posts.boostOfId }).from(posts).where(eq(posts.id, boostId))
  if (!boost || boost.postId === null) return
  const authorId = await authorOf(tx, boost.postId)
  if (authorId !== undefined) await notify(tx, [authorId], { kind: 'boost', fromId: boost.authorId, postId: boost.postId })
}

async function authorOf(tx: Tx, postId: number): Promise<number | undefined> {
  const [post] = await tx.select({ authorId: posts.authorId }).from(posts).where(eq(posts.id, postId))
  return post?.authorId
}
