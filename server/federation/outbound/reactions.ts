import { findAccount } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import type { LaterRun } from '#server/facts.ts'
import { send } from '#server/federation/outbound/send.ts'
import { reactionOf } from '#server/federation/vocabulary/addresses.ts'
import { type Activity, toUndo } from '#server/federation/vocabulary/to-activity.ts'
import { toReaction } from '#server/federation/vocabulary/to-reaction.ts'
import { findEmoji } from '#server/media/remote-emoji.ts'
import { findRecipients } from '#server/peers/recipients.ts'
import { findPostWithAuthor, findReaction } from '#server/peers/relations.ts'
import { readCustomName } from '#server/posts/reaction-emoji.ts'

/** A reaction to somebody else's post elsewhere: Like with the emoji in it, to its author alone. */
export const sendReaction: LaterRun<'post-reacted'> = async (ctx, { reactionId, accountId, postId }, job) => {
  const row = await findReaction(ctx.db, reactionId)
  const reaction = row && (await compose(ctx, { reactionId, accountId, postId, emoji: row.emoji }))
  if (!reaction) return
  const { activity, inboxes } = reaction
  await send(ctx, job, { activity, actorId: accountId, orderKey: activity.id, direct: inboxes })
}

/** A reaction taken back. */
export const sendUndoReaction: LaterRun<'post-unreacted'> = async (ctx, ids, job) => {
  const reaction = await compose(ctx, ids)
  if (!reaction) return
  const { activity, inboxes } = reaction
  await send(ctx, job, {
    activity: toUndo(activity),
    actorId: ids.accountId,
    objectUri: activity.id,
    orderKey: activity.id,
    direct: inboxes,
    cancels: { objectUri: activity.id, firstUri: activity.id }
  })
}

async function compose(
  ctx: Context,
  { reactionId, accountId, postId, emoji }: { reactionId: number; accountId: number; postId: number; emoji: string }
) {
  const [account, post] = await Promise.all([findAccount(ctx.db, accountId), findPostWithAuthor(ctx.db, postId)])
  if (!account || account.domain !== null || !post || post.isLocal) return undefined
  const name = emoji.startsWith(':') ? readCustomName(emoji) : undefined
  const custom = name?.host === undefined ? undefined : await findEmoji(ctx.db, name.host, name.shortcode)
  const activity: Activity = toReaction({
    uri: reactionOf(account.uri, reactionId),
    actorUri: account.uri,
    objectUri: post.uri,
    objectAuthorUri: post.author.uri,
    emoji: name === undefined ? emoji : `:${name.shortcode}:`,
    picture: custom && { id: `${ctx.config.origin}/media/${custom.mediaKey}`, url: custom.remoteUrl, updatedAt: custom.updatedAt }
  })
  const recipients = await findRecipients(ctx.db, accountId, [post.author.id])
  return { activity, inboxes: recipients.map((one) => one.inbox) }
}
