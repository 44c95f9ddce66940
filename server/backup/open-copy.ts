import type { DatabasePlace } from '#db/copies.ts'
import type { Database } from '#db/database.ts'
import { openDatabase } from '#db/open.ts'
import type { Clock } from '#server/platform/clock.ts'
import { createIds } from '#server/platform/ids.ts'
import { createRandom } from '#server/platform/random.ts'

/** Opens a database made of a copy, brought up to the code's schema, for as long as `work` takes. Nothing follows from facts in it. */
export async function withOpenCopy<T>(place: DatabasePlace, clock: Clock, work: (database: Database) => Promise<T>): Promise<T> {
  const carried = { now: () => clock.now(), newId: createIds(clock, createRandom()), react: async () => {} }
  const lost: Error[] = []
  const database = await openDatabase(place, carried, (error) => void lost.push(error))
  try {
    await database.migrate({ beforeChange: async () => {}, isLocked: true })
    const result = await work(database)
    if (lost[0]) throw lost[0]
    return result
  } finally {
    await database.close()
  }
}
