import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { requireAuthor } from '#server/posts/authors.ts'
import { getOriginal } from '#server/posts/find-post.ts'
import { addPin, countPins, mayPin, removePin } from '#server/posts/pins.ts'

/** Posts that one of ours may show first. */
export const pinsMax = 5

/**
 * One of ours shows a post of theirs first on their profile. Fact `post-pinned`; a second time changes nothing. Refusals: 'missing'; 'forbidden' for what is
 * not their own or not for everybody; 'conflict' beyond five.
 */
export async function pinPost(ctx: Context, who: Who, { postId }: { postId: number }): Promise<void> {
  const author = requireAuthor(who)
  await ctx.transact(async (tx) => {
    const post = await getOriginal(tx, author.id, postId)
    if (!mayPin(author.id, post)) throw new Refusal('forbidden', 'errors.pinNotAllowed')
    if (!(await addPin(tx, { accountId: author.id, postId: post.id }))) return
    if ((await countPins(tx, author.id)) > pinsMax) throw new Refusal('conflict', 'errors.tooManyPins', { limit: pinsMax })
    await record(tx, 'post-pinned', { accountId: author.id, postId: post.id })
  })
}

/** And no longer. Fact `post-unpinned`; nothing happens when it was not pinned. Refusal 'missing'. */
export async function unpinPost(ctx: Context, who: Who, { postId }: { postId: number }): Promise<void> {
  const author = requireAuthor(who)
  await ctx.transact(async (tx) => {
    const post = await getOriginal(tx, author.id, postId)
    if (await removePin(tx, { accountId: author.id, postId: post.id }))
      await record(tx, 'post-unpinned', { accountId: author.id, postId: post.id })
  })
}
