import { and, eq } from 'drizzle-orm'
import { bookmarks } from '#db/schema/posts.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { requireAuthor } from '#server/posts/authors.ts'
import { getOriginal } from '#server/posts/find-post.ts'

/** Keeps a post for later, seen by nobody else; a second time changes nothing. Refusals: 'missing'. */
export async function bookmarkPost(ctx: Context, who: Who, { postId }: { postId: number }): Promise<void> {
  const account = requireAuthor(who)
  await ctx.transact(async (tx) => {
    const post = await getOriginal(tx, account.id, postId)
    await tx.insert(bookmarks).values({ id: tx.newId(), accountId: account.id, postId: post.id, createdAt: tx.now }).onConflictDoNothing()
  })
}

/** Takes a bookmark away; nothing happens when there is none. Refusals: 'missing'. */
export async function unbookmarkPost(ctx: Context, who: Who, { postId }: { postId: number }): Promise<void> {
  const account = requireAuthor(who)
  await ctx.transact(async (tx) => {
    const post = await getOriginal(tx, account.id, postId)
    await tx.delete(bookmarks).where(and(eq(bookmarks.accountId, account.id), eq(bookmarks.postId, post.id)))
  })
}
