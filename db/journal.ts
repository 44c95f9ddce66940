import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SchemaError } from '#db/database.ts'
import type { Dialect } from '#db/dialect.ts'

/** Directory of the dialect's migrations. */
export function migrationsFolder(dialect: Dialect): string {
  return join(import.meta.dirname, 'migrations', dialect)
}

/** Times (drizzle's `when`) of the migrations the code knows, oldest first. */
export function knownMigrations(dialect: Dialect): number[] {
  const journal = JSON.parse(readFileSync(join(migrationsFolder(dialect), 'meta/_journal.json'), 'utf8')) as { entries: { when: number }[] }
  return journal.entries.map((entry) => entry.when)
}

/** Refuses a copy whose schema this code cannot build. */
export function checkKnown(migrations: number[], known: number[]): void {
  checkNotNewer(migrations, known)
  if (migrations.some((when) => !known.includes(when))) {
    throw new SchemaError('The copy was made by a version of Skerry whose migrations this version does not know.')
  }
}

/** Refuses a database that a later version of the code has migrated: running older code on it could lose data. */
export function checkNotNewer(applied: number[], known: number[]): void {
  const last = known.at(-1) ?? 0
  if (applied.some((when) => when > last)) {
    throw new SchemaError('The database was migrated by a newer version of Skerry; run that version, or restore a backup made before it.')
  }
}
