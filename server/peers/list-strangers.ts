import { and, desc, gt, isNull, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { peers } from '#db/schema/peers.ts'

export interface Stranger {
  host: string
  firstSeenAt: number
  /** Accounts known there. */
  peopleCount: number
  /** Activities put by. */
  heldCount: number
}

/** Servers first met after `since` that nobody trusted yet, those of which most is put by first. */
export function listStrangers(db: Reader, since: number, limit: number): Promise<Stranger[]> {
  const held = sql`(select count(*) from held_activities h where h.host = peers.host)`.mapWith(Number)
  return db
    .select({
      host: peers.host,
      firstSeenAt: peers.firstSeenAt,
      peopleCount: sql`(select count(*) from accounts a where a.host = peers.host)`.mapWith(Number),
      heldCount: held
    })
    .from(peers)
    .where(and(isNull(peers.trustedAt), gt(peers.firstSeenAt, since)))
    .orderBy(desc(held), desc(peers.firstSeenAt), peers.host)
    .limit(limit)
}
