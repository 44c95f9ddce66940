import { and, asc, eq, gt, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { peers } from '#db/schema/peers.ts'
import { contains, searchKey } from '#server/search/like-pattern.ts'

export type PeerRow = typeof peers.$inferSelect
const peersPerPage = 50

export interface PeersWanted {
  /** Part of the host. */
  query: string
  state: 'all' | 'failing' | 'held'
  /** The last host of the page before; empty for the first page. */
  after: string
}

/** Servers in the order of their names, with how many people we know there and what waits for them. */
export async function listPeers(db: Reader, { query, state, after }: PeersWanted, now: number) {
  const isWanted: SQL[] = []
  const key = searchKey(query)
  if (key !== '') isWanted.push(contains(peers.host, key))
  if (state === 'failing') isWanted.push(isNotNull(peers.failingSince))
  if (state === 'held') isWanted.push(gt(peers.heldUntil, now))
  if (after !== '') isWanted.push(gt(peers.host, after))
  const rows = await db
    .select({
      peer: peers,
      people: sql`(select count(*) from accounts a where a.host = ${peers.host})`.mapWith(Number),
      waiting: sql`(select count(*) from deliveries d where d.host = ${peers.host} and d.dead_at is null)`.mapWith(Number)
    })
    .from(peers)
    .where(and(...isWanted))
    .orderBy(asc(peers.host))
    .limit(peersPerPage + 1)
  return { rows: rows.slice(0, peersPerPage), nextAfter: rows.length > peersPerPage ? rows[peersPerPage - 1]?.peer.host : undefined }
}

export async function findPeer(db: Reader, host: string): Promise<PeerRow | undefined> {
  const [row] = await db.select().from(peers).where(eq(peers.host, host))
  return row
}
