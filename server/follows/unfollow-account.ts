import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { record } from '#server/facts.ts'
import { findFollow } from '#server/follows/find-follow.ts'
import { endFollow } from '#server/follows/receive-follow-answer.ts'
import { actorAndTarget } from '#server/follows/target.ts'

/** Takes a follow or a request back. Fact `follow-undone`; nothing happens when there is neither. */
export async function unfollowAccount(ctx: Context, who: Who, { accountId }: { accountId: number }): Promise<void> {
  const { me, target } = await actorAndTarget(ctx, who, accountId)
  await ctx.transact(async (tx) => {
    const follow = await findFollow(tx, me.id, target.id)
    const gone = follow && (await endFollow(tx, follow.id))
    if (gone) await record(tx, 'follow-undone', { followerId: me.id, followedId: target.id, followUri: gone.uri })
  })
}
