import { join } from 'node:path'
import type { DatabasePlace } from '#db/copies.ts'
import type { Config } from '#server/config.ts'

/** Where the database of this configuration is. */
export function databasePlaceOf(config: Config): DatabasePlace {
  return { sqliteFile: join(config.dataDir, 'skerry.sqlite'), postgresUrl: config.database.url }
}
