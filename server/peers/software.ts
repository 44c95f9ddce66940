import { and, asc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { peers } from '#db/schema/peers.ts'

/** How long (ms) it is believed what a server runs, and how lately something must have been exchanged with it to be asked. */
const staleMs = 14 * 24 * 60 * 60_000

/** What a server says it runs; empty when it says nothing readable. */
export interface Software {
  software?: string
  softwareVersion?: string
}

/** Servers in use that were never asked what they run, or long ago. */
export async function hostsToAsk(db: Reader, now: number, limit: number): Promise<string[]> {
  const isLively = or(gt(peers.lastReceivedAt, now - staleMs), gt(peers.lastDeliveredAt, now - staleMs))
  const rows = await db
    .select({ host: peers.host })
    .from(peers)
    .where(and(or(isNull(peers.softwareReadAt), lt(peers.softwareReadAt, now - staleMs)), isLively))
    .orderBy(asc(sql`coalesce(${peers.softwareReadAt}, 0)`))
    .limit(limit)
  return rows.map(({ host }) => host)
}

export async function noteSoftware(tx: Tx, host: string, said: Software): Promise<void> {
  await tx
    .update(peers)
    .set({ softwareReadAt: tx.now, ...said })
    .where(eq(peers.host, host))
}
