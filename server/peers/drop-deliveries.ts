import { inArray, isNull } from 'drizzle-orm'
import { deliveries } from '#db/schema/peers.ts'
import type { LaterRun } from '#server/facts.ts'
import { removeFinishedActivities } from '#server/peers/write-activity.ts'

/** A domain was limited: what waits for hosts that are suspended now is forgotten. */
export const dropDeliveries: LaterRun<'domain-limited'> = async (ctx, _ids, job) => {
  const hosts = await ctx.db.selectDistinct({ host: deliveries.host }).from(deliveries).where(isNull(deliveries.deadAt))
  const suspended: string[] = []
  for (const { host } of hosts) if (await ctx.limits.isSuspended(host)) suspended.push(host)
  await ctx.transact(async (tx) => {
    if (suspended.length > 0) {
      const dropped = await tx.delete(deliveries).where(inArray(deliveries.host, suspended)).returning({ activityId: deliveries.activityId })
      await removeFinishedActivities(tx, [...new Set(dropped.map((row) => row.activityId))])
    }
    await job.finish(tx)
  })
}
