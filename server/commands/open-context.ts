import type { Database } from '#db/database.ts'
import { instanceFacts } from '#db/schema/moderation.ts'
import { checkOrigin } from '#server/accounts/check-origin.ts'
import { openAsItIs } from '#server/backup/open-copy.ts'
import type { Config } from '#server/config.ts'
import { type Context, createContext } from '#server/context.ts'
import { StartError } from '#server/errors.ts'
import { createClock } from '#server/platform/clock.ts'
import { databasePlaceOf } from '#server/platform/database-place.ts'
import { createLog } from '#server/platform/log.ts'
import { wiring } from '#server/wiring.ts'

/**
 * The Context of a command, beside a running server or alone. An empty database gets its schema; an older one is refused, since only
 * `migrate` and a start of the server may change what another process stands on. Works under no lock, and writes no log.
 */
export async function openContext(given: Config, ground: 'context' | 'instance', { mayMigrate = false } = {}): Promise<Context> {
  const { applied, known } = await schemaVersionOf(given)
  const config = applied > 0 ? await asStored(given) : given
  if (applied > 0 && applied < known && !mayMigrate) {
    throw new StartError(
      'The database is of an older version of Skerry: run "npm run -s admin -- migrate" (it makes a copy first), or restart the server.'
    )
  }
  const ctx = await createContext(config, wiring, { log: createLog('silent') })
  if (ground === 'context') return ctx
  try {
    await checkOrigin(ctx)
    return ctx
  } catch (error) {
    await ctx[Symbol.asyncDispose]()
    throw error
  }
}

/** Works on the instance as it is: an address that nobody told this command is the stored one, not what follows from the default port. */
async function asStored(config: Config): Promise<Config> {
  if (config.given.origin) return config
  const facts = await ask(config, (database) => database.reader.select().from(instanceFacts))
  const stored = new Map(facts.map(({ key, value }) => [key, value]))
  const origin = stored.get('origin') ?? config.origin
  const { host, protocol } = new URL(origin)
  const handleDomain = config.given.handleDomain ? config.handleDomain : (stored.get('handle-domain') ?? host)
  return { ...config, origin, host, handleDomain, isHttps: protocol === 'https:' }
}

/** Migrations applied and known, asked without changing anything. */
export function schemaVersionOf(config: Config): Promise<{ applied: number; known: number }> {
  return ask(config, (database) => database.schemaVersion())
}

/** Whether a server works on the configured PostgreSQL database; SQLite has a lock for that. */
export function isServedOnPostgres(config: Config): Promise<boolean> {
  return ask(config, (database) => database.isServed())
}

async function ask<T>(config: Config, question: (database: Database) => Promise<T>): Promise<T> {
  const database = await openAsItIs(databasePlaceOf(config), createClock())
  try {
    return await question(database)
  } finally {
    await database.close()
  }
}
