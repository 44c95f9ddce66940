import { and, eq } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { IdTaken } from '#db/id-taken.ts'
import { posts } from '#db/schema/posts.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { askBefore, stopAsking } from '#server/interactions/ask.ts'
import { requireActive, requireAuthor } from '#server/posts/authors.ts'
import { addToCount } from '#server/posts/counters.ts'
import { findPostByUri, getOriginal, type PostRow } from '#server/posts/find-post.ts'
import { removeBoost } from '#server/posts/remove-post.ts'
import { isOpen } from '#server/posts/visibility.ts'

/**
 * One of ours passes a post on to their followers; a second time changes nothing. Returns the boost; undefined where its author has to be asked first, and
 * is. Fact `post-boosted`. Refusals: 'missing',
 * 'forbidden' for what its author kept to a circle (others' followers-only posts, direct ones).
 */
export async function boostPost(ctx: Context, who: Who, { postId }: { postId: number }): Promise<PostRow | undefined> {
  const booster = requireActive(who)
  return ctx.transact(async (tx) => {
    const post = await getOriginal(tx, booster.id, postId)
    if (!mayBoost(booster.id, post)) throw new Refusal('forbidden', 'errors.boostNotAllowed')
    const uriOf = (id: number) => `${ctx.config.origin}/@${booster.name}/${id}`
    if (await askBefore(tx, 'announce', post, booster.id, uriOf)) return undefined
    const id = tx.newId()
    const boost = await insertBoost(tx, post, {
      id,
      uri: uriOf(id),
      boosterId: booster.id,
      isLocal: true,
      createdAt: tx.now
    })
    if (!boost) return (await findBoost(tx, booster.id, post.id)) as PostRow
    await record(tx, 'post-boosted', { boostId: boost.id })
    return boost
  })
}

/** Takes one's boost back; nothing happens when there is none. Fact `post-unboosted`. Refusals: 'missing' when the post is not there for them. */
export async function unboostPost(ctx: Context, who: Who, { postId }: { postId: number }): Promise<void> {
  const booster = requireAuthor(who)
  await ctx.transact(async (tx) => {
    const post = await getOriginal(tx, booster.id, postId)
    await stopAsking(tx, 'announce', post.id, booster.id)
    const boost = await findBoost(tx, booster.id, post.id)
    if (!boost || !(await removeBoost(tx, { id: boost.id, authorId: booster.id, postId: post.id }))) return
    await record(tx, 'post-unboosted', { boostId: boost.id, boosterId: booster.id, postId: post.id, boostUri: boost.uri })
  })
}

/** Public and unlisted posts by anybody, followers-only ones by their author alone. Pure. */
export function mayBoost(boosterId: number, post: Pick<PostRow, 'authorId' | 'visibility' | 'boostOfId'>): boolean {
  if (post.boostOfId !== null) return false
  if (isOpen(post.visibility)) return true
  return post.visibility === 'followers' && post.authorId === boosterId
}

interface NewBoost {
  id: number
  uri: string
  boosterId: number
  isLocal: boolean
  createdAt: number
}

/** Writes a boost and counts it; undefined when this account boosted the post before, or the uri is taken. */
export async function insertBoost(tx: Tx, post: PostRow, { boosterId, ...boost }: NewBoost): Promise<PostRow | undefined> {
  const [row] = await tx
    .insert(posts)
    .values({
      ...boost,
      authorId: boosterId,
      boostOfId: post.id,
      threadId: boost.id,
      visibility: post.visibility,
      isLocalOnly: post.isLocalOnly
    })
    .onConflictDoNothing()
    .returning()
  if (row) {
    await addToCount(tx, 'boostsCount', post.id, 1)
    return row
  }
  // A boost is once by two things, of which an insert may name one. What was met under neither stands under the id: many posts are dated to the same moment.
  if (!(await findPostByUri(tx, boost.uri)) && !(await findBoost(tx, boosterId, post.id))) throw new IdTaken()
  return undefined
}

export async function findBoost(db: Reader, boosterId: number, postId: number): Promise<PostRow | undefined> {
  const [row] = await db
    .select()
    .from(posts)
    .where(and(eq(posts.authorId, boosterId), eq(posts.boostOfId, postId)))
  return row
}
