import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { requireAuthor } from '#server/posts/authors.ts'
import { getPost } from '#server/posts/find-post.ts'
import { removePost } from '#server/posts/remove-post.ts'

/** The author deletes a post: a tombstone stays. Fact `post-deleted`. Refusals: 'missing', 'forbidden' when it is somebody else's or a boost. */
export async function deletePost(ctx: Context, who: Who, { postId }: { postId: number }): Promise<void> {
  const author = requireAuthor(who)
  await ctx.transact(async (tx) => {
    const post = await getPost(tx, author.id, postId)
    if (post.authorId !== author.id || post.boostOfId !== null) throw new Refusal('forbidden', 'errors.postNotYours')
    if (await removePost(tx, post)) await record(tx, 'post-deleted', { postId })
  })
}
