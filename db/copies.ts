/** Copies of a database as `Database.copyTo` makes them: what they hold, and how a database is made of one again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dialectOfProcess } from '#db/dialect.ts'
import { checkKnown, knownMigrations } from '#db/journal.ts'

/** Where a database is: the one that fits the dialect counts. */
export interface DatabasePlace {
  sqliteFile: string
  postgresUrl: string
}

/** What a copy holds: the times of its migrations, and its rows by table. */
export interface CopyContents {
  migrations: number[]
  rows: Record<string, number>
}

/** How the file of a copy is called. */
export function copyFileName(): string {
  return dialectOfProcess() === 'postgres' ? 'database.jsonl.gz' : 'database.sqlite'
}

/** Reads a copy to its end. Throws SchemaError when it is damaged, or when the code does not know its schema. */
export async function readCopy(file: string): Promise<CopyContents> {
  const contents = dialectOfProcess() === 'postgres' ? await readPostgresCopy(file) : await readSqliteCopy(file)
  checkKnown(contents.migrations, knownMigrations(dialectOfProcess()))
  return contents
}

/**
 * Puts a copy in place of the database there. `finish` is handed the place of the loaded database and may open it; nobody else
 * sees it before. SQLite's old files go to `asideDir`; PostgreSQL's old tables are dropped (copy them before).
 */
export async function loadCopy(
  file: string,
  into: DatabasePlace,
  { asideDir, finish }: { asideDir: string; finish(place: DatabasePlace): Promise<void> }
): Promise<void> {
  if (dialectOfProcess() === 'postgres') {
    const { loadPostgres } = await import('#db/dialects/postgres/load.ts')
    return loadPostgres(into.postgresUrl, file, () => finish(into))
  }
  const { loadSqlite } = await import('#db/dialects/sqlite/load.ts')
  return loadSqlite(into.sqliteFile, file, asideDir, (draft) => finish({ ...into, sqliteFile: draft }))
}

/** Runs `work` with the place of a new, empty database of this process's dialect, which is gone afterwards. */
export async function withScratchDatabase<T>(postgresUrl: string, work: (place: DatabasePlace) => Promise<T>): Promise<T> {
  if (dialectOfProcess() === 'postgres') {
    const { withScratchPostgres } = await import('#db/dialects/postgres/scratch.ts')
    return withScratchPostgres(postgresUrl, (url) => work({ sqliteFile: '', postgresUrl: url }))
  }
  const dir = mkdtempSync(join(tmpdir(), 'skerry-scratch-'))
  try {
    return await work({ sqliteFile: join(dir, 'skerry.sqlite'), postgresUrl: '' })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function readSqliteCopy(file: string): Promise<CopyContents> {
  return (await import('#db/dialects/sqlite/read-copy.ts')).readSqliteCopy(file)
}

async function readPostgresCopy(file: string): Promise<CopyContents> {
  const { readDump } = await import('#db/dialects/postgres/read-dump.ts')
  const contents: CopyContents = { migrations: [], rows: {} }
  for await (const step of readDump(file)) {
    if (!('line' in step)) continue
    if ('format' in step.line) contents.migrations = step.line.migrations
    if ('end' in step.line) contents.rows = step.line.rows
  }
  return contents
}
