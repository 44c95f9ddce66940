import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'

/** Holds the data directory for one server: two servers on one SQLite file would each believe their caches. Undefined when another holds it. */
export function lockForServer(dataDir: string): { release(): void } | undefined {
  return lockDirectory(dataDir, 'server.lock')
}

/**
 * Holds a directory for one process under a name of a use. The lock is an exclusive transaction on a file of its own, so the system
 * drops it however the process ends. Undefined when another holds it.
 */
export function lockDirectory(dir: string, name: string): { release(): void } | undefined {
  const file = join(dir, name)
  const connection = new BetterSqlite3(file, { timeout: 0 })
  chmodSync(file, 0o600)
  try {
    connection.pragma('locking_mode = EXCLUSIVE')
    connection.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    connection.close()
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) return undefined
    throw error
  }
  return { release: () => void connection.close() }
}
