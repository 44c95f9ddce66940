import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { isNotNull, sql } from 'drizzle-orm'
import type { Database } from '#db/database.ts'
import { dialectOfProcess } from '#db/dialect.ts'
import { openDatabase } from '#db/open.ts'
import { jobs } from '#db/schema/jobs.ts'
import { deliveries } from '#db/schema/peers.ts'
import { createClock } from '#server/platform/clock.ts'
import { createIds } from '#server/platform/ids.ts'
import { createRandom } from '#server/platform/random.ts'
import { placeFor, type ServerProcess } from '#test/flows/processes.ts'

/** A server process, and its database seen from beside it. */
export interface WatchedPlace {
  readonly server: ServerProcess
  readonly port: number
  /** Opens the database as another process would; closed when the test ends. The server must have run once. */
  open(): Promise<Database>
}

export async function watchedPlace(t: TestContext, name: string, env: Record<string, string> = {}): Promise<WatchedPlace> {
  const url = dialectOfProcess() === 'postgres' ? await (await import('#test/helpers/postgres.ts')).createEmptyDatabase(t) : ''
  const server = await placeFor(t, name, { ...env, DATABASE_URL: url })
  return {
    server,
    port: Number(new URL(server.origin).port),
    async open() {
      const clock = createClock()
      const carried = { now: clock.now, newId: createIds(clock, createRandom()), react: async () => {} }
      const database = await openDatabase({ sqliteFile: join(server.dataDir, 'skerry.sqlite'), postgresUrl: url }, carried, () => {})
      t.after(() => database.close())
      return database
    }
  }
}

/**
 * What a dead process had leased waits for two minutes where several may share a database; this is those two minutes. (On SQLite the server
 * itself knows that it is alone.)
 */
export async function outwaitLeases(database: Database): Promise<void> {
  if (dialectOfProcess() === 'sqlite') return
  await database.transact(async (tx) => {
    await tx.update(jobs).set({ lockedUntil: null, lease: null }).where(isNotNull(jobs.lockedUntil))
    await tx.update(deliveries).set({ lockedUntil: null }).where(isNotNull(deliveries.lockedUntil))
  })
}

/** Jobs and deliveries that may still run, but for the housekeeping. */
export async function countLeft(database: Database): Promise<number> {
  const waiting = await database.reader.$count(jobs, sql`${jobs.deadAt} is null and ${jobs.kind} not like 'schedule: %'`)
  return waiting + (await database.reader.$count(deliveries, sql`${deliveries.deadAt} is null`))
}
