import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import type { Account, Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { countFollow } from '#server/follows/count-follow.ts'
import { type FollowRow, hidesServerOf, isBlocking } from '#server/follows/find-follow.ts'
import { actorAndTarget } from '#server/follows/target.ts'

/** Whom one account may follow at most: a home of more is no home. */
export const followingMax = 20_000

/** Whether the follower is shown the boosts of the followed, and their replies to others, and is told of each post. */
export type FollowChoices = Pick<FollowRow, 'showBoosts' | 'showReplies' | 'notifies'>

/**
 * One of ours follows anybody: at once when the other is ours and open, else pending until they answer. Following again changes only the
 * choices that are given. Fact `follow-requested`. Refusals: `forbidden` when either blocks the other, the server is suspended or hidden by who asks, or one has moved away; `missing`, `gone`.
 */
export async function followAccount(
  ctx: Context,
  who: Who,
  { accountId, ...choices }: { accountId: number } & Partial<FollowChoices>
): Promise<FollowRow> {
  const { me, target } = await actorAndTarget(ctx, who, accountId)
  if (me.movedToUri !== null) throw new Refusal('forbidden', 'errors.accountMoved')
  if (target.deletedAt !== null) throw new Refusal('gone', 'follow.gone')
  if (target.suspendedAt !== null || target.type === 'Application') throw new Refusal('forbidden', 'follow.notPossible')
  if (target.domain !== null && (await ctx.limits.isSuspended(target.domain))) throw new Refusal('forbidden', 'follow.notPossible')
  return ctx.transact(async (tx) => {
    if (await isBlocking(tx, target.id, me.id)) throw new Refusal('forbidden', 'follow.notPossible')
    if (await isBlocking(tx, me.id, target.id)) throw new Refusal('forbidden', 'follow.unblockFirst')
    if (await hidesServerOf(tx, me.id, target.id)) throw new Refusal('forbidden', 'follow.showServerFirst')
    const [now] = await tx.select().from(accounts).where(eq(accounts.id, me.id))
    if (!now || now.suspendedAt !== null) throw new Refusal('forbidden', 'follow.notPossible')
    if (now.followingCount >= followingMax) throw new Refusal('conflict', 'follow.tooMany', { limit: followingMax })
    const made = await requestFollow(tx, now, target, choices)
    if (made) return made
    // Set to itself, the row is only given back.
    const [known] = await tx
      .update(follows)
      .set({ followerId: me.id, ...choices })
      .where(isOf(me.id, target.id))
      .returning()
    return known!
  })
}

/** Writes a follow of one of ours, pending unless the other is ours and open. Fact `follow-requested`. Undefined when there is one already. */
export async function requestFollow(
  tx: Tx,
  me: Account,
  target: Account,
  { showBoosts, showReplies, notifies }: Partial<FollowChoices>
): Promise<FollowRow | undefined> {
  const isOpen = target.domain === null && !target.isLocked && me.silencedAt === null
  const id = tx.newId()
  const [made] = await tx
    .insert(follows)
    .values({
      id,
      followerId: me.id,
      followedId: target.id,
      state: isOpen ? 'accepted' : 'pending',
      uri: `${me.uri}#follow-${id}`,
      showBoosts,
      showReplies,
      notifies,
      createdAt: tx.now,
      acceptedAt: isOpen ? tx.now : null
    })
    .onConflictDoNothing({ target: [follows.followerId, follows.followedId] })
    .returning()
  if (!made) return undefined
  if (isOpen) await countFollow(tx, made, 1)
  await record(tx, 'follow-requested', { followId: made.id })
  return made
}

function isOf(followerId: number, followedId: number) {
  return and(eq(follows.followerId, followerId), eq(follows.followedId, followedId))
}
