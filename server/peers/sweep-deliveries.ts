import { inArray, lt } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { deliveries } from '#db/schema/peers.ts'
import type { Context } from '#server/context.ts'
import { noteMisses } from '#server/peers/reach.ts'
import { removeFinishedActivities } from '#server/peers/write-activity.ts'

const dayMs = 24 * 60 * 60 * 1_000
/** Dead letters are kept so long for an admin to look at. */
const letterKeptMs = 30 * dayMs
const sweptAtOnce = 1_000

/** By the clock: forgets dead letters that nobody has looked at for a month. */
export async function sweepDeliveries(ctx: Context): Promise<void> {
  while ((await ctx.transact(sweep)) > 0);
}

async function sweep(tx: Tx): Promise<number> {
  const old = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(lt(deliveries.deadAt, tx.now - letterKeptMs))
    .limit(sweptAtOnce)
  if (old.length === 0) return 0
  const gone = await tx
    .delete(deliveries)
    .where(
      inArray(
        deliveries.id,
        old.map((row) => row.id)
      )
    )
    .returning({ activityId: deliveries.activityId, inboxUrl: deliveries.inboxUrl, host: deliveries.host })
  await noteMisses(tx, gone)
  await removeFinishedActivities(
    tx,
    gone.map((row) => row.activityId)
  )
  return gone.length
}
