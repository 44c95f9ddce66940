import { reactTo } from '#server/federation/inbox/emoji-react.ts'
import { accept, soleObjectId, type Verb } from '#server/federation/inbox/inbound.ts'
import { findPostIdByUri } from '#server/posts/find-post.ts'
import { isHeart } from '#server/posts/reaction-emoji.ts'
import { receiveFavourite } from '#server/posts/receive-favourite.ts'
import { isReaction } from '#server/posts/receive-reaction.ts'

/** Like: of a post we have. With an emoji in it (Misskey) it is a reaction; a heart, or what is no emoji, is a favourite. */
export const like: Verb = async (ctx, inbound) => {
  const uri = soleObjectId(inbound)
  const { text, emojis } = inbound.activity.reaction
  if (text !== '' && !isHeart(text) && isReaction(text, emojis)) return accept(ctx, inbound, (tx) => reactTo(ctx, tx, inbound, uri))
  return accept(ctx, inbound, async (tx) => {
    const postId = await findPostIdByUri(tx, uri)
    if (postId !== undefined) await receiveFavourite(tx, { uri: inbound.activity.id, accountId: inbound.actor.id, postId })
  })
}
