import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { blocks } from '#db/schema/follows.ts'
import type { Account, Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { record } from '#server/facts.ts'
import { endFollowerOf } from '#server/follows/answer-request.ts'
import { findFollow } from '#server/follows/find-follow.ts'
import { endFollow } from '#server/follows/receive-follow-answer.ts'
import { actorAndTarget } from '#server/follows/target.ts'

/**
 * Parts two people: neither follows the other any more, neither sees the other. Facts `follow-undone` and `follow-rejected` for the
 * follows that end, then `account-blocked`; nothing happens when the block stands already.
 */
export async function blockAccount(ctx: Context, who: Who, { accountId }: { accountId: number }): Promise<void> {
  const { me, target } = await actorAndTarget(ctx, who, accountId)
  await ctx.transact((tx) => partFrom(tx, me, target))
}

/** The same in a transaction of the caller's. */
export async function partFrom(tx: Tx, me: Account, target: Account): Promise<void> {
  const id = tx.newId()
  const blockUri = `${me.uri}#block-${id}`
  const made = await tx
    .insert(blocks)
    .values({ id, accountId: me.id, targetId: target.id, uri: blockUri, createdAt: tx.now })
    .onConflictDoNothing({ target: [blocks.accountId, blocks.targetId] })
    .returning({ id: blocks.id })
  if (made.length === 0) return
  const follow = await findFollow(tx, me.id, target.id)
  const gone = follow && (await endFollow(tx, follow.id))
  if (gone) await record(tx, 'follow-undone', { followerId: me.id, followedId: target.id, followUri: gone.uri })
  await endFollowerOf(tx, me.id, target.id)
  await record(tx, 'account-blocked', { blockId: id, accountId: me.id, targetId: target.id, blockUri })
}

/** Lifts a block. Fact `account-unblocked`; nothing happens when there is none. */
export async function unblockAccount(ctx: Context, who: Who, { accountId }: { accountId: number }): Promise<void> {
  const { me, target } = await actorAndTarget(ctx, who, accountId)
  await ctx.transact(async (tx) => {
    const [gone] = await tx
      .delete(blocks)
      .where(and(eq(blocks.accountId, me.id), eq(blocks.targetId, target.id)))
      .returning({ uri: blocks.uri })
    if (gone) await record(tx, 'account-unblocked', { accountId: me.id, targetId: target.id, blockUri: gone.uri })
  })
}
