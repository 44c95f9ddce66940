import { and, eq } from 'drizzle-orm'
import { notifications, notificationSenders } from '#db/schema/notifications.ts'
import { type NotificationFate, type NotificationPolicy, users } from '#db/schema/sign-in.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { actorAndTarget } from '#server/follows/target.ts'

export const fates = ['show', 'review', 'ignore'] as const satisfies readonly NotificationFate[]
export const policyParts = ['strangers', 'newcomers', 'directs', 'limited'] as const satisfies readonly (keyof NotificationPolicy)[]

/** Everybody may be heard; whom moderators silenced waits apart. */
export const usualPolicy: NotificationPolicy = { strangers: 'show', newcomers: 'show', directs: 'show', limited: 'review' }

export function policyOf({ user }: Pick<Person, 'user'>): NotificationPolicy {
  return user.notificationPolicy ?? usualPolicy
}

/** It holds for what came before, too: nothing is thrown away, so that a change brings it back. */
export async function changePolicy(ctx: Context, who: Person, policy: NotificationPolicy): Promise<void> {
  await ctx.transact(async (tx) => {
    await tx.update(users).set({ notificationPolicy: policy }).where(eq(users.accountId, who.account.id))
  })
}

/** Notifications by somebody stand among the others from now on, those that waited included. */
export async function admitSender(ctx: Context, who: Person, { accountId }: { accountId: number }): Promise<void> {
  const { target } = await actorAndTarget(ctx, who, accountId)
  await ctx.transact(async (tx) => {
    await tx.insert(notificationSenders).values({ accountId: who.account.id, fromId: target.id, createdAt: tx.now }).onConflictDoNothing()
  })
}

/** Puts away what came from somebody so far. */
export async function dismissSender(ctx: Context, who: Person, { accountId }: { accountId: number }): Promise<void> {
  const { target } = await actorAndTarget(ctx, who, accountId)
  await ctx.transact(async (tx) => {
    await tx.delete(notifications).where(and(eq(notifications.accountId, who.account.id), eq(notifications.fromId, target.id)))
  })
}
