import type { DatabasePlace } from '#db/copies.ts'
import type { Database } from '#db/database.ts'
import { openDatabase } from '#db/open.ts'
import type { Clock } from '#server/platform/clock.ts'
import { createIds } from '#server/platform/ids.ts'
import { createRandom } from '#server/platform/random.ts'

/** Opens a database made of a copy, brought up to the code's schema, for as long as `work` takes. Nothing follows from facts in it. */
export async function withOpenCopy<T>(place: DatabasePlace, clock: Clock, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openAsItIs(place, clock)
  try {
    // Whoever loads a copy holds the lock that keeps other migrations away.
    await database.migrate({ beforeChange: async () => {}, isLocked: true })
    return await work(database)
  } finally {
    await database.close()
  }
}

/** Opens a database with the schema it has. A connection lost while nothing is asked shows at the next question. */
export function openAsItIs(place: DatabasePlace, clock: Clock): Promise<Database> {
  return openDatabase(place, { now: () => clock.now(), newId: createIds(clock, createRandom()), react: async () => {} }, () => {})
}
