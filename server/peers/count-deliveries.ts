import { desc, isNotNull, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { deliveries, parkedAt } from '#db/schema/peers.ts'

/** `held`: waits until its host answers again. */
export type DeliveryState = 'due' | 'later' | 'running' | 'held' | 'dead'

export interface DeliveryCount {
  lane: string
  state: DeliveryState
  count: number
  /** Distinct hosts they go to. */
  hosts: number
  /** When the first of them was written, ms since 1970. */
  oldestAt: number
}

/** How many deliveries wait by lane and state. */
export function countDeliveries(db: Reader, now: number): Promise<DeliveryCount[]> {
  return db
    .select({
      lane: sql<string>`${deliveries.lane}`,
      state: sql<DeliveryState>`case when ${deliveries.deadAt} is not null then 'dead' when ${deliveries.lockedUntil} > ${now} then 'running' when ${deliveries.runAt} >= ${parkedAt} then 'held' when ${deliveries.runAt} <= ${now} then 'due' else 'later' end`,
      count: sql`count(*)`.mapWith(Number),
      hosts: sql`count(distinct ${deliveries.host})`.mapWith(Number),
      oldestAt: sql`min(${deliveries.createdAt})`.mapWith(Number)
    })
    .from(deliveries)
    .groupBy(sql`1`, sql`2`)
    .orderBy(sql`1`, sql`2`)
}

export type DeadDelivery = Pick<typeof deliveries.$inferSelect, 'id' | 'inboxUrl' | 'attempts' | 'lastError' | 'deadAt'>

/** Deliveries that were given up, the newest first. */
export function deadDeliveries(db: Reader, limit: number): Promise<DeadDelivery[]> {
  return db
    .select({
      id: deliveries.id,
      inboxUrl: deliveries.inboxUrl,
      attempts: deliveries.attempts,
      lastError: deliveries.lastError,
      deadAt: deliveries.deadAt
    })
    .from(deliveries)
    .where(isNotNull(deliveries.deadAt))
    .orderBy(desc(deliveries.deadAt), desc(deliveries.id))
    .limit(limit)
}
