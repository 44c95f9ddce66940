import { and, desc, eq, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { activities, deliveries, peers } from '#db/schema/peers.ts'
import type { Context } from '#server/context.ts'
import { jobsTopic } from '#server/jobs/enqueue.ts'
import type { Schedule } from '#server/jobs/schedules.ts'
import { removeFinishedActivities } from '#server/peers/write-activity.ts'

const dayMs = 24 * 60 * 60 * 1_000
/** Dead letters are kept so long for an admin to look at. */
const letterKeptMs = 30 * dayMs
const sweptAtOnce = 1_000

export interface DeliveryHealth {
  waiting: number
  dead: number
  /** Hosts to which nothing is sent at this moment. */
  heldHosts: number
}

/** How outgoing federation fares, for the dashboard and the metrics. */
export async function countDeliveries(db: Reader, now: number): Promise<DeliveryHealth> {
  const [waiting, dead, heldHosts] = await Promise.all([
    db.$count(deliveries, isNull(deliveries.deadAt)),
    db.$count(deliveries, isNotNull(deliveries.deadAt)),
    db.$count(peers, sql`${peers.heldUntil} > ${now}`)
  ])
  return { waiting, dead, heldHosts }
}

/** Dead letters, newest first, from below `before` (an id). */
export function findDeadDeliveries(db: Reader, { before = Number.MAX_SAFE_INTEGER, count = 40 } = {}) {
  return db
    .select({
      id: deliveries.id,
      inboxUrl: deliveries.inboxUrl,
      host: deliveries.host,
      attempts: deliveries.attempts,
      lastError: deliveries.lastError,
      deadAt: deliveries.deadAt,
      activityUri: activities.uri
    })
    .from(deliveries)
    .innerJoin(activities, eq(activities.id, deliveries.activityId))
    .where(and(isNotNull(deliveries.deadAt), lt(deliveries.id, before)))
    .orderBy(desc(deliveries.id))
    .limit(count)
}

/** Puts dead letters back into the queue, as if they had just been written; all of them, or those of some ids. Returns how many. */
export async function retryDeadDeliveries(tx: Tx, ids?: readonly number[]): Promise<number> {
  const revived = await tx
    .update(deliveries)
    .set({ deadAt: null, attempts: 0, runAt: tx.now, createdAt: tx.now })
    .where(and(isNotNull(deliveries.deadAt), ids === undefined ? undefined : inArray(deliveries.id, [...ids])))
    .returning({ id: deliveries.id })
  if (revived.length > 0) tx.signal(jobsTopic)
  return revived.length
}

/** Forgets dead letters that nobody has looked at for a month. */
export const sweepDeliveriesSchedule: Schedule = {
  name: 'sweep deliveries',
  everyMs: dayMs,
  async run(ctx: Context) {
    while ((await ctx.transact(sweep)) > 0) continue
  }
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
    .where(inArray(deliveries.id, old.map((row) => row.id)))
    .returning({ activityId: deliveries.activityId })
  await removeFinishedActivities(tx, gone.map((row) => row.activityId))
  return gone.length
}
