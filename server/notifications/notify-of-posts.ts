import { and, eq, sql } from 'drizzle-orm'
import { prepare, type Tx } from '#db/reader.ts'
import { postMentions, posts } from '#db/schema/posts.ts'
import { notify } from '#server/notifications/notify.ts'

const mentionsOf = prepare((tx: Tx) =>
  tx
    .select({ authorId: posts.authorId, accountId: postMentions.accountId })
    .from(postMentions)
    .innerJoin(posts, eq(posts.id, postMentions.postId))
    .where(and(eq(postMentions.postId, sql.placeholder('postId')), eq(posts.isHeld, false)))
)

const byId = prepare((tx: Tx) =>
  tx
    .select({ authorId: posts.authorId, boostOfId: posts.boostOfId })
    .from(posts)
    .where(eq(posts.id, sql.placeholder('id')))
)

/** Reaction: those of ours whom a post mentions, unless it is held before its parent's author. At an edit only the newly mentioned hear of it, since each is told once. */
export async function notifyMentioned(tx: Tx, { postId, isOld = false }: { postId: number; isOld?: boolean }): Promise<void> {
  if (isOld) return
  const rows = await mentionsOf(tx, { postId })
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
  const [boost] = await byId(tx, { id: boostId })
  if (!boost || boost.boostOfId === null) return
  const authorId = await authorOf(tx, boost.boostOfId)
  if (authorId !== undefined) await notify(tx, [authorId], { kind: 'boost', fromId: boost.authorId, postId: boost.boostOfId })
}

async function authorOf(tx: Tx, postId: number): Promise<number | undefined> {
  const [post] = await byId(tx, { id: postId })
  return post?.authorId
}
