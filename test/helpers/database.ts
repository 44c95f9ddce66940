import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Carried, Database } from '#db/database.ts'
import { dialectOfProcess } from '#db/dialect.ts'
import { openDatabase } from '#db/open.ts'
import { createClock } from '#server/platform/clock.ts'
import { createIds } from '#server/platform/ids.ts'
import { createRandom } from '#server/platform/random.ts'
import { openScratch } from '#test/helpers/scratch.ts'

/** A migrated database without an instance around it; `again` opens it a second time, as another process would. */
export async function openTestDatabase(
  t: TestContext,
  carried: Partial<Carried> = {}
): Promise<{ database: Database; again(): Promise<Database> }> {
  const dir = mkdtempSync(join(openScratch(), 'skerry-db-'))
  const url = dialectOfProcess() === 'postgres' ? await (await import('#test/helpers/postgres.ts')).createTestDatabase(t) : ''
  const clock = createClock()
  const full: Carried = { now: clock.now, newId: createIds(clock, createRandom()), react: async () => {}, ...carried }
  const opened: Database[] = []
  async function again() {
    const database = await openDatabase({ sqliteFile: join(dir, 'test.sqlite'), postgresUrl: url }, full, () => {})
    opened.push(database)
    return database
  }
  t.after(async () => {
    await Promise.all(opened.map((database) => database.close()))
    rmSync(dir, { recursive: true, force: true })
  })
  const database = await again()
  await database.migrate({ beforeChange: async () => {} })
  return { database, again }
}
