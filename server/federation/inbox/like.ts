import { receiveFavourite } from '#server/posts/receive-favourite.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { accept, soleObjectId, type Verb } from '#server/federation/inbox/inbound.ts'

/** Like: of a post we have. One with an emoji in it counts as a Like. */
export const like: Verb = async (ctx, inbound) => {
  const uri = soleObjectId(inbound)
  return accept(ctx, inbound, async (tx) => {
    const post = await findPostByUri(tx, uri)
    if (post) await receiveFavourite(tx, { uri: inbound.activity.id, accountId: inbound.actor.id, postId: post.id })
  })
}
