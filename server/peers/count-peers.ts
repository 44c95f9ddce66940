import { isNotNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { peers } from '#db/schema/peers.ts'

/** Servers we exchanged something with, and how many of them fail at the moment. */
export async function countPeers(db: Reader): Promise<{ known: number; failing: number }> {
  return { known: await db.$count(peers), failing: await db.$count(peers, isNotNull(peers.failingSince)) }
}
