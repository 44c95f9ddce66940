import { chmodSync, closeSync, openSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { SchemaError } from '#db/database.ts'
import { syncPath } from '#db/dialects/sqlite/sync-path.ts'

const pagesPerStep = 1_000
const busyMs = 5_000

/**
 * A consistent copy of a database in use, by SQLite's online backup, into a new file (0600) that needs no other beside it. The
 * source is held at one moment by a read transaction: otherwise each write of a busy server would make the copy begin again.
 */
export async function copySqlite(file: string, target: string): Promise<void> {
  const source = new BetterSqlite3(file, { readonly: true, fileMustExist: true, timeout: busyMs })
  try {
    source.exec('BEGIN')
    source.prepare('select count(*) from sqlite_master').get()
    // A file of one's own first, so that nobody else can read it even while it is being written.
    closeSync(openSync(target, 'wx', 0o600))
    await source.backup(target, { progress: () => pagesPerStep })
  } finally {
    source.close()
  }
  checkCopy(target)
  syncPath(target)
}

/** Throws SchemaError when a copy is damaged; makes it one file that can be read alone. */
function checkCopy(target: string): void {
  const copy = new BetterSqlite3(target, { fileMustExist: true })
  try {
    copy.pragma('journal_mode = DELETE')
    const verdict = copy.pragma('integrity_check', { simple: true })
    if (verdict !== 'ok') throw new SchemaError(`The copy ${target} is damaged: ${String(verdict)}`)
  } finally {
    copy.close()
  }
  chmodSync(target, 0o600)
}
