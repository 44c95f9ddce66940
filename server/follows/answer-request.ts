import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { follows } from '#db/schema/follows.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { countFollow } from '#server/follows/count-follow.ts'
import { findFollow } from '#server/follows/find-follow.ts'
import { endFollow } from '#server/follows/receive-follow-answer.ts'
import { notePast } from '#server/peers/taken-back.ts'
import { actorAndTarget } from '#server/follows/target.ts'

/** Lets somebody who asked follow. Fact `follow-accepted`. Refusal `missing` when they do not ask (any more). */
export async function acceptRequest(ctx: Context, who: Who, { accountId }: { accountId: number }): Promise<void> {
  const { me, target } = await actorAndTarget(ctx, who, accountId)
  await ctx.transact(async (tx) => {
    const [accepted] = await tx
      .update(follows)
      .set({ state: 'accepted', acceptedAt: tx.now })
      .where(and(eq(follows.followerId, target.id), eq(follows.followedId, me.id), eq(follows.state, 'pending')))
      .returning()
    if (!accepted) throw new Refusal('missing', 'follow.noRequest')
    await countFollow(tx, accepted, 1)
    await record(tx, 'follow-accepted', { followId: accepted.id })
  })
}

/** Says no to somebody who asked. Fact `follow-rejected`. Refusal `missing` when they do not ask (any more). */
export async function rejectRequest(ctx: Context, who: Who, { accountId }: { accountId: number }): Promise<void> {
  const { me, target } = await actorAndTarget(ctx, who, accountId)
  const isEnded = await ctx.transact((tx) => endFollowerOf(tx, me.id, target.id, 'pending'))
  if (!isEnded) throw new Refusal('missing', 'follow.noRequest')
}

/** Ends that somebody follows one. Fact `follow-rejected`; nothing happens when they do not. */
export async function removeFollower(ctx: Context, who: Who, { accountId }: { accountId: number }): Promise<void> {
  const { me, target } = await actorAndTarget(ctx, who, accountId)
  await ctx.transact((tx) => endFollowerOf(tx, me.id, target.id, 'accepted'))
}

/** Ends the follow of a follower of one of ours, and says so. False when there is none in that state (or in any). */
export async function endFollowerOf(tx: Tx, accountId: number, followerId: number, state?: 'pending' | 'accepted'): Promise<boolean> {
  const follow = await findFollow(tx, followerId, accountId)
  if (!follow || (state !== undefined && follow.state !== state)) return false
  const gone = await endFollow(tx, follow.id)
  if (!gone) return false
  // Its Undo may still come, and must not wait for a Follow that was here.
  await notePast(tx, followerId, gone.uri)
  await record(tx, 'follow-rejected', { followerId, followedId: accountId, followUri: gone.uri })
  return true
}
