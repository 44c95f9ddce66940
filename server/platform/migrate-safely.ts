import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Database } from '#db/database.ts'
import type { Clock } from '#server/platform/clock.ts'

/** So many copies made before migrations are kept; older ones go. */
const copiesMax = 3

/** Brings the schema up to the code; before anything changes, a copy of the database is laid into `dataDir/before-migration`. */
export async function migrateSafely(
  database: Database,
  { dataDir, clock, log }: { dataDir: string; clock: Clock; log: Logger }
): Promise<void> {
  const { from, to } = await database.migrate({
    async beforeChange() {
      const dir = join(dataDir, 'before-migration')
      mkdirSync(dir, { recursive: true, mode: 0o700 })
      const file = join(dir, `${new Date(clock.now()).toISOString().replaceAll(':', '-')}.copy`)
      await database.copyTo(file)
      log.info({ file }, 'copied the database before migrating')
      // Names are times, so that they sort by age.
      const copies = readdirSync(dir)
        .filter((name) => name.endsWith('.copy'))
        .sort()
      for (const name of copies.slice(0, -copiesMax)) rmSync(join(dir, name))
    }
  })
  if (from !== to) log.info({ from, to }, 'migrated the database')
}
