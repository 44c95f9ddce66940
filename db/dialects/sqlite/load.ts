import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { SchemaError } from '#db/database.ts'
import { syncPath } from '#db/dialects/sqlite/sync-path.ts'

const besides = ['', '-wal', '-shm', '-journal']

/**
 * Puts a copy in place of the database file. The copy is prepared aside (`finish` gets its path), and only when that went well the old
 * files go to `asideDir` and the new one takes their name. Throws SchemaError when another process has the old database open.
 */
export async function loadSqlite(file: string, copy: string, asideDir: string, finish: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${file}.restoring`
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  removeFiles(draft)
  try {
    copyFileSync(copy, draft)
    await finish(draft)
    settle(draft)
    if (existsSync(file)) setAside(file, asideDir)
    renameSync(draft, file)
    syncPath(dirname(file))
  } finally {
    removeFiles(draft)
  }
}

/** One file that needs no journal beside it, safe on the disk. */
function settle(draft: string): void {
  const connection = new BetterSqlite3(draft)
  connection.pragma('journal_mode = DELETE')
  connection.close()
  syncPath(draft)
}

function setAside(file: string, asideDir: string): void {
  refuseWhileOpen(file)
  mkdirSync(asideDir, { recursive: true, mode: 0o700 })
  for (const beside of besides) {
    if (existsSync(file + beside)) renameSync(file + beside, join(asideDir, basename(file) + beside))
  }
}

/** Leaving the write-ahead log is only possible for a connection that is alone. A file too damaged to ask is nobody's to lose. */
function refuseWhileOpen(file: string): void {
  let connection: BetterSqlite3.Database | undefined
  try {
    connection = new BetterSqlite3(file, { timeout: 0 })
    const mode = connection.pragma('journal_mode = DELETE', { simple: true })
    if (mode !== 'delete') throw busy(file)
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) throw busy(file)
    if (!['SQLITE_CORRUPT', 'SQLITE_NOTADB'].includes((error as { code?: string }).code ?? '')) throw error
  } finally {
    connection?.close()
  }
}

function busy(file: string): SchemaError {
  return new SchemaError(`Another process has ${file} open; end it first.`)
}

function removeFiles(file: string): void {
  for (const beside of besides) rmSync(file + beside, { force: true })
}
