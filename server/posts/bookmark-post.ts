import { and, eq } from 'drizzle-orm'
import { bookmarks } from '#db/schema/posts.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { record } from '#server/facts.ts'
import { requireAuthor } from '#server/posts/authors.ts'
import { getOriginal } from '#server/posts/find-post.ts'

/** Keeps a post for later, seen by nobody else; a second time changes nothing. Fact `post-bookmarked`. Refusals: 'missing'. */
export async function bookmarkPost(ctx: Context, who: Who, { postId }: { postId: number }): Promise<void> {
  const account = requireAuthor(who)
  await ctx.transact(async (tx) => {
    const post = await getOriginal(tx, account.id, postId)
    const kept = await tx
      .insert(bookmarks)
      .values({ id: tx.newId(), accountId: account.id, postId: post.id, createdAt: tx.now })
      .onConflictDoNothing({ target: [bookmarks.accountId, bookmarks.postId] })
      .returning({ id: bookmarks.id })
    if (kept.length > 0) await record(tx, 'post-bookmarked', { accountId: account.id, postId: post.id })
  })
}

/** Takes a bookmark away; nothing happens when there is none. Fact `post-unbookmarked`. Refusals: 'missing'. */
export async function unbookmarkPost(ctx: Context, who: Who, { postId }: { postId: number }): Promise<void> {
  const account = requireAuthor(who)
  await ctx.transact(async (tx) => {
    const post = await getOriginal(tx, account.id, postId)
    const gone = await tx
      .delete(bookmarks)
      .where(and(eq(bookmarks.accountId, account.id), eq(bookmarks.postId, post.id)))
      .returning({ id: bookmarks.id })
    if (gone.length > 0) await record(tx, 'post-unbookmarked', { accountId: account.id, postId: post.id })
  })
}
