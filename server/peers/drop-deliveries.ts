import { and, eq, inArray, isNull, lt, or } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { activities, deliveries } from '#db/schema/peers.ts'
import { findAccount } from '#server/accounts/find-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { LaterRun } from '#server/facts.ts'
import { hostsOfLane } from '#server/peers/inbox.ts'
import { noteMisses } from '#server/peers/reach.ts'
import { removeFinishedActivities } from '#server/peers/write-activity.ts'
import { chunksOf } from '#server/platform/chunks.ts'

/** A domain was limited: what waits for hosts that are suspended now is forgotten. */
export const dropDeliveries: LaterRun<'domain-limited'> = async (ctx, _ids, job) => {
  const hosts = await ctx.db.selectDistinct({ host: deliveries.host }).from(deliveries).where(isNull(deliveries.deadAt))
  const suspended: string[] = []
  for (const { host } of hosts) {
    const isSuspended = await Promise.all(hostsOfLane(host).map((each) => ctx.limits.isSuspended(each)))
    if (isSuspended.includes(true)) suspended.push(host)
  }
  await ctx.transact(async (tx) => {
    if (suspended.length > 0) {
      const dropped = await tx
        .delete(deliveries)
        .where(inArray(deliveries.host, suspended))
        .returning({ activityId: deliveries.activityId, inboxUrl: deliveries.inboxUrl, host: deliveries.host })
      await noteMisses(tx, dropped)
      await removeFinishedActivities(tx, [...new Set(dropped.map((row) => row.activityId))])
    }
    await job.finish(tx)
  })
}

/** What spreads somebody's words; whatever takes something back still goes out. */
const spreading = new Set(['Create', 'Announce', 'Like', 'Update'])

/**
 * An account was suspended: nothing it wrote is sent any more (what it took back is), and nothing more goes to its personal inbox
 * when it lives elsewhere.
 */
export const dropDeliveriesOfAccount: LaterRun<'account-suspended'> = async (ctx, { accountId }, job) => {
  const account = await findAccount(ctx.db, accountId)
  await ctx.transact(async (tx) => {
    if (account) await removeFinishedActivities(tx, account.domain === null ? await dropFrom(tx, account) : await dropTo(tx, account))
    await job.finish(tx)
  })
}

async function dropFrom(tx: Tx, account: Account): Promise<number[]> {
  const pending = await tx
    .select({ id: activities.id, body: activities.body, objectUri: activities.objectUri })
    .from(activities)
    .where(eq(activities.actorId, account.id))
  // The Update that tells of the suspension is about the account itself.
  const ids = pending
    .filter((each) => each.objectUri !== account.uri && spreading.has(String((JSON.parse(each.body) as { type?: unknown }).type)))
    .map((each) => each.id)
  for (const some of chunksOf(ids)) await tx.delete(deliveries).where(and(inArray(deliveries.activityId, some), isFree(tx)))
  return ids
}

async function dropTo(tx: Tx, account: Account): Promise<number[]> {
  const { inboxUrl, sharedInboxUrl } = account
  if (inboxUrl === null || inboxUrl === sharedInboxUrl) return []
  const dropped = await tx
    .delete(deliveries)
    .where(and(eq(deliveries.inboxUrl, inboxUrl), isFree(tx)))
    .returning({ activityId: deliveries.activityId })
  return dropped.map((row) => row.activityId)
}

/** Not under way at this moment. */
function isFree(tx: Tx) {
  return or(isNull(deliveries.lockedUntil), lt(deliveries.lockedUntil, tx.now))
}
