import { findAccount } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import type { LaterRun } from '#server/facts.ts'
import { findOwnByShortcode } from '#server/emoji/find-own.ts'
import { send } from '#server/federation/outbound/send.ts'
import { reactionOf } from '#server/federation/vocabulary/addresses.ts'
import { toEmojiTag, toForeignEmojiTag } from '#server/federation/vocabulary/to-emoji.ts'
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
  const activity: Activity = toReaction({
    uri: reactionOf(account.uri, reactionId),
    actorUri: account.uri,
    objectUri: post.uri,
    objectAuthorUri: post.author.uri,
    emoji: name === undefined ? emoji : `:${name.shortcode}:`,
    picture: name && (await tagOf(ctx, name))
  })
  const recipients = await findRecipients(ctx.db, accountId, [post.author.id])
  return { activity, inboxes: recipients.map((one) => one.inbox) }
}

/** A custom emoji as a tag; one of ours has no host. Undefined when it is not known any more. */
async function tagOf({ db, config }: Context, { host, shortcode }: { host: string | undefined; shortcode: string }) {
  if (host === undefined) {
    const own = await findOwnByShortcode(db, shortcode)
    return own && own.deletedAt === null ? toEmojiTag(own, config.origin) : undefined
  }
  const custom = await findEmoji(db, host, shortcode)
  if (!custom) return undefined
  const { mediaKey, remoteUrl: url, updatedAt } = custom
  return toForeignEmojiTag({ id: `${config.origin}/media/${mediaKey}`, shortcode, url, updatedAt })
}
