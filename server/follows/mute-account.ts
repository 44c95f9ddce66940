import { and, eq, lte } from 'drizzle-orm'
import { mutes } from '#db/schema/follows.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { actorAndTarget } from '#server/follows/target.ts'

export interface Mute {
  accountId: number
  /** How long, in ms; until lifted when absent. */
  durationMs?: number
  hidesNotifications?: boolean
}

/** Hides what somebody says from one's own pages; they do not learn of it. Muting again sets the time anew. */
export async function muteAccount(ctx: Context, who: Who, { accountId, durationMs, hidesNotifications = true }: Mute): Promise<void> {
  const { me, target } = await actorAndTarget(ctx, who, accountId)
  await ctx.transact(async (tx) => {
    const expiresAt = durationMs === undefined ? null : tx.now + durationMs
    await tx
      .insert(mutes)
      .values({ id: tx.newId(), accountId: me.id, targetId: target.id, hidesNotifications, expiresAt, createdAt: tx.now })
      .onConflictDoUpdate({ target: [mutes.accountId, mutes.targetId], set: { hidesNotifications, expiresAt } })
  })
}

export async function unmuteAccount(ctx: Context, who: Who, { accountId }: { accountId: number }): Promise<void> {
  const { me, target } = await actorAndTarget(ctx, who, accountId)
  await ctx.transact(async (tx) => {
    await tx.delete(mutes).where(and(eq(mutes.accountId, me.id), eq(mutes.targetId, target.id)))
  })
}

/** Takes away mutes whose time has passed; they have had no effect since. */
export async function sweepMutes(ctx: Context): Promise<void> {
  await ctx.transact(async (tx) => {
    await tx.delete(mutes).where(lte(mutes.expiresAt, tx.now))
  })
}
