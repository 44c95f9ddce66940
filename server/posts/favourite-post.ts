import { sql } from 'drizzle-orm'
import { prepare, type Tx } from '#db/reader.ts'
import { favourites } from '#db/schema/posts.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { record } from '#server/facts.ts'
import { askBefore, stopAsking } from '#server/interactions/ask.ts'
import { requireActive, requireAuthor } from '#server/posts/authors.ts'
import { addToCount } from '#server/posts/counters.ts'
import { getOriginal } from '#server/posts/find-post.ts'
import { removeFavourite } from '#server/posts/remove-post.ts'

const insertOnce = prepare((tx: Tx) =>
  tx
    .insert(favourites)
    .values({
      id: sql.placeholder('id'),
      accountId: sql.placeholder('accountId'),
      postId: sql.placeholder('postId'),
      uri: sql.placeholder('uri'),
      createdAt: sql.placeholder('createdAt')
    })
    .onConflictDoNothing({ target: [favourites.accountId, favourites.postId] })
    .returning({ id: favourites.id })
)

/**
 * One of ours likes a post; a second time changes nothing. Where its author wants to be asked, only that is done. Fact `post-favourited`. Refusals:
 * 'missing', 'forbidden' where the author lets nobody like them.
 */
export async function favouritePost(ctx: Context, who: Who, { postId }: { postId: number }): Promise<void> {
  const account = requireActive(who)
  await ctx.transact(async (tx) => {
    const post = await getOriginal(tx, account.id, postId)
    if (await askBefore(tx, 'like', post, account.id, (id) => `${account.uri}#like-${id}`)) return
    const favouriteId = await insertFavourite(tx, { accountId: account.id, postId: post.id, uri: null })
    if (favouriteId !== undefined) await record(tx, 'post-favourited', { favouriteId, accountId: account.id, postId: post.id })
  })
}

/** Takes a favourite back; nothing happens when there is none. Fact `post-unfavourited`. Refusals: 'missing'. */
export async function unfavouritePost(ctx: Context, who: Who, { postId }: { postId: number }): Promise<void> {
  const account = requireAuthor(who)
  await ctx.transact(async (tx) => {
    const post = await getOriginal(tx, account.id, postId)
    await stopAsking(tx, 'like', post.id, account.id)
    const favouriteId = await removeFavourite(tx, account.id, post.id)
    if (favouriteId !== undefined) await record(tx, 'post-unfavourited', { favouriteId, accountId: account.id, postId: post.id })
  })
}

/** Writes a favourite, under a new id unless one is given, and counts it; its id, or undefined when it stood already. */
export async function insertFavourite(
  tx: Tx,
  favourite: { id?: number; accountId: number; postId: number; uri: string | null }
): Promise<number | undefined> {
  const [row] = await insertOnce(tx, { ...favourite, id: favourite.id ?? tx.newId(), createdAt: tx.now })
  if (!row) return undefined
  await addToCount(tx, 'favouritesCount', favourite.postId, 1)
  return row.id
}
