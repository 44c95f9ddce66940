import type { Tx } from '#db/reader.ts'
import type { Context } from '#server/context.ts'
import { accept, type Inbound, soleObjectId, type Verb } from '#server/federation/inbox/inbound.ts'
import { findPostIdByUri } from '#server/posts/find-post.ts'
import { receiveReaction } from '#server/posts/receive-reaction.ts'

/** EmojiReact (Pleroma, Akkoma): a reaction with the emoji in `content`. What is no emoji is passed over. */
export const emojiReact: Verb = async (ctx, inbound) => {
  const uri = soleObjectId(inbound)
  return accept(ctx, inbound, (tx) => reactTo(ctx, tx, inbound, uri))
}

/** Writes the reaction of an activity to a post we have. */
export async function reactTo(ctx: Context, tx: Tx, { activity, actor, host }: Inbound, uri: string): Promise<void> {
  const postId = await findPostIdByUri(tx, uri)
  if (postId === undefined) return
  await receiveReaction(tx, ctx.random, { uri: activity.id, accountId: actor.id, host, postId, ...activity.reaction })
}
