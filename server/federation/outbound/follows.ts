import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import type { LaterRun } from '#server/facts.ts'
import { send } from '#server/federation/outbound/send.ts'
import { type Activity, toAnswer, toBlock, toFollow, toUndo } from '#server/federation/vocabulary/to-activity.ts'
import { findFollow, findFollowById } from '#server/follows/find-follow.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { findRecipients } from '#server/peers/recipients.ts'
import { findPair } from '#server/peers/relations.ts'
import { forgetDead } from '#server/peers/write-activity.ts'

/** One of ours wants to follow somebody elsewhere: Follow. */
export const sendFollow: LaterRun<'follow-requested'> = async (ctx, { followId }, job) => {
  const follow = await findFollowById(ctx.db, followId)
  const pair = follow && (await findPair(ctx.db, follow.followerId, follow.followedId))
  if (!follow || !pair) return
  const [follower, followed] = pair
  await tell(ctx, job, follower, followed, toFollow({ uri: follow.uri, actorUri: follower.uri, objectUri: followed.uri }))
}

/** The same Follow once more, under its id: it may never have come, or been forgotten. What is still on its way is left to that. */
export const sendFollowAgain: LaterRun<'follow-asked-again'> = async (ctx, { followId }, job) => {
  const follow = await findFollowById(ctx.db, followId)
  if (!follow) return
  await ctx.transact((tx) => forgetDead(tx, follow.uri))
  await sendFollow(ctx, { followId }, job)
}

/** One of ours follows the new account of somebody who moved: the follow of the old one is undone. */
export const sendUndoOfMoved: LaterRun<'follower-moved'> = (ctx, { followerId, accountId, followUri }, job) =>
  sendUndoFollow(ctx, { followerId, followedId: accountId, followUri }, job)

/** A follow or a request taken back: Undo, unless the Follow was never attempted, or they follow again by now (many match by people alone). */
export const sendUndoFollow: LaterRun<'follow-undone'> = async (ctx, { followerId, followedId, followUri }, job) => {
  if (await findFollow(ctx.db, followerId, followedId)) return
  const pair = await findPair(ctx.db, followerId, followedId)
  if (!pair) return
  const [follower, followed] = pair
  // The same Follow may be sent and undone again and again.
  const undo = toUndo(toFollow({ uri: followUri, actorUri: follower.uri, objectUri: followed.uri }), job.id)
  await tell(ctx, job, follower, followed, undo, { objectUri: followUri, firstUri: followUri })
}

/** One of ours accepted a follower: Accept. */
export const sendAccept: LaterRun<'follow-accepted'> = (ctx, { followId }, job) => accept(ctx, followId, job)

/** Somebody elsewhere asked to follow, and was accepted at once or had been before: Accept, since the first may have been lost. */
export const sendAcceptOfReceived: LaterRun<'follow-received'> = (ctx, { followId }, job) => accept(ctx, followId, job)

/** A request refused, or a follower removed: Reject, unless they have been accepted since. */
export const sendReject: LaterRun<'follow-rejected'> = async (ctx, { followerId, followedId, followUri }, job) => {
  if ((await findFollow(ctx.db, followerId, followedId))?.state === 'accepted') return
  const pair = await findPair(ctx.db, followerId, followedId)
  if (!pair) return
  const [follower, followed] = pair
  await tell(ctx, job, followed, follower, toAnswer('Reject', { uri: followUri, actorUri: follower.uri, objectUri: followed.uri }, job.id))
}

/** One of ours blocks somebody elsewhere: Block, so that their server can keep the two apart. */
export const sendBlock: LaterRun<'account-blocked'> = async (ctx, { accountId, targetId, blockUri }, job) => {
  const pair = await findPair(ctx.db, accountId, targetId)
  if (!pair) return
  const [account, target] = pair
  await tell(ctx, job, account, target, toBlock({ uri: blockUri, actorUri: account.uri, objectUri: target.uri }))
}

export const sendUndoBlock: LaterRun<'account-unblocked'> = async (ctx, { accountId, targetId, blockUri }, job) => {
  const pair = await findPair(ctx.db, accountId, targetId)
  if (!pair) return
  const [account, target] = pair
  const undo = toUndo(toBlock({ uri: blockUri, actorUri: account.uri, objectUri: target.uri }), job.id)
  await tell(ctx, job, account, target, undo, { objectUri: blockUri, firstUri: blockUri })
}

async function accept(ctx: Context, followId: number, job: JobRun): Promise<void> {
  const follow = await findFollowById(ctx.db, followId)
  if (follow?.state !== 'accepted') return
  const pair = await findPair(ctx.db, follow.followerId, follow.followedId)
  if (!pair) return
  const [follower, followed] = pair
  await tell(ctx, job, followed, follower, toAnswer('Accept', { uri: follow.uri, actorUri: follower.uri, objectUri: followed.uri }, job.id))
}

/** From one of ours to one elsewhere, in order with all else between the two; a block stands in the way of nothing here. */
async function tell(
  ctx: Context,
  job: JobRun,
  from: Account,
  to: Account,
  activity: Activity,
  cancels?: { objectUri: string; firstUri: string }
): Promise<void> {
  if (from.domain !== null || to.domain === null) return
  const recipients = await findRecipients(ctx.db, from.id, [to.id], { isBlockIgnored: true })
  await send(ctx, job, {
    activity,
    actorId: from.id,
    orderKey: `relation ${from.id} ${to.id}`,
    direct: recipients.map((one) => one.inbox),
    ...(cancels ? { cancels, objectUri: cancels.objectUri } : {})
  })
}
