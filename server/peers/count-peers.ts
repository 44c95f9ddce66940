import { gt, isNotNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { peers } from '#db/schema/peers.ts'

/** Servers we exchanged something with, and how many of them fail at the moment. */
export async function countPeers(db: Reader): Promise<{ known: number; failing: number }> {
  return { known: await db.$count(peers), failing: await db.$count(peers, isNotNull(peers.failingSince)) }
}

/** Servers to which nothing is sent for the moment, because they failed and their wait is not over. */
export function countHeldPeers(db: Reader, now: number): Promise<number> {
  return db.$count(peers, gt(peers.heldUntil, now))
}
