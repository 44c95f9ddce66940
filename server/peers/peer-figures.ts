import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { activities, deliveries } from '#db/schema/peers.ts'

export interface PeerFigures {
  people: number
  /** Follows of people there by people here, and the other way. */
  followedThere: number
  followersThere: number
  waiting: number
  oldestWaitingAt: number | undefined
  dead: { id: number; inboxUrl: string; activityUri: string; attempts: number; lastError: string | null; deadAt: number }[]
}

const deadMax = 20

/** What links this instance with a server. */
export async function countPeerFigures(db: Reader, host: string): Promise<PeerFigures> {
  const isThere = eq(accounts.host, host)
  const relations = (side: typeof follows.followedId | typeof follows.followerId) =>
    db
      .select({ count: sql`count(*)`.mapWith(Number) })
      .from(follows)
      .innerJoin(accounts, eq(accounts.id, side))
      .where(and(isThere, eq(follows.state, 'accepted')))
  const [[followed], [followers], [queue], dead, people] = await Promise.all([
    relations(follows.followedId),
    relations(follows.followerId),
    db
      .select({ count: sql`count(*)`.mapWith(Number), oldestAt: sql`min(${deliveries.createdAt})` })
      .from(deliveries)
      .where(and(eq(deliveries.host, host), isNull(deliveries.deadAt))),
    db
      .select({
        id: deliveries.id,
        inboxUrl: deliveries.inboxUrl,
        activityUri: activities.uri,
        attempts: deliveries.attempts,
        lastError: deliveries.lastError,
        deadAt: deliveries.deadAt
      })
      .from(deliveries)
      .innerJoin(activities, eq(activities.id, deliveries.activityId))
      .where(and(eq(deliveries.host, host), isNotNull(deliveries.deadAt)))
      .orderBy(desc(deliveries.deadAt))
      .limit(deadMax),
    db.$count(accounts, isThere)
  ])
  return {
    people,
    followedThere: followed?.count ?? 0,
    followersThere: followers?.count ?? 0,
    waiting: queue?.count ?? 0,
    oldestWaitingAt: queue?.oldestAt === null || queue?.oldestAt === undefined ? undefined : Number(queue.oldestAt),
    dead: dead.map((row) => ({ ...row, deadAt: row.deadAt ?? 0 }))
  }
}
