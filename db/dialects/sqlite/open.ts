import { AsyncLocalStorage } from 'node:async_hooks'
import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import type { SQL } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate as runMigrations } from 'drizzle-orm/better-sqlite3/migrator'
import type { Carried, Database } from '#db/database.ts'
import { checkNotNewer, knownMigrations, migrationsFolder } from '#db/journal.ts'
import { createGroupCommit } from '#db/dialects/sqlite/group-commit.ts'
import { IdTaken } from '#db/id-taken.ts'
import { cacheStatements } from '#db/dialects/sqlite/statement-cache.ts'
import type { Reader, Tx } from '#db/reader.ts'

/** One wait for another process's write lock; it stalls the event loop, so it is short and the retry is asynchronous. */
const busyMs = 50
const busyRetryMs = 20
const busyMaxMs = 10_000
/** How often we look whether another process wrote. */
const outsidePollMs = 250

/**
 * SQLite: one connection that writes, one transaction at a time, and a second, query_only, that reads. Commits are durable
 * (synchronous FULL) because what acknowledges a write has committed it; what comes at once shares one (group-commit.ts).
 */
export function openSqlite(file: string, carried: Carried): Database {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const writer = new BetterSqlite3(file, { timeout: busyMs })
  if (file !== ':memory:') chmodSync(file, 0o600)
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'temp_store = MEMORY', 'cache_size = -32000'])
    writer.pragma(pragma)
  const reading = new BetterSqlite3(file, { timeout: busyMs })
  for (const pragma of ['query_only = ON', 'temp_store = MEMORY', 'cache_size = -64000', 'mmap_size = 268435456']) reading.pragma(pragma)

  const writing = cacheStatements(writer)
  const reader = readerOf(cacheStatements(reading))
  const writerBase = readerOf(writing)
  const builder = drizzle(writing, { casing: 'snake_case' }) as unknown as Tx
  const writes = { insert: builder.insert.bind(builder), update: builder.update.bind(builder), delete: builder.delete.bind(builder) }

  const listeners = new Set<(topic: string) => void>()
  const tell = (topic: string) => {
    for (const listener of listeners) listener(topic)
  }
  const dataVersion = () => writer.pragma('data_version', { simple: true }) as number
  let seenVersion = dataVersion()
  const poll = setInterval(() => {
    const version = dataVersion()
    if (version === seenVersion) return
    seenVersion = version
    tell('*')
  }, outsidePollMs)
  poll.unref()

  // Asked of the connection that reads, it counts what all others commit, the one that writes included.
  const readMark = reading.prepare<[], number>('PRAGMA data_version').pluck()
  let knownMark: string | undefined
  const forgetMark = () => {
    knownMark = undefined
  }

  const inside = new AsyncLocalStorage<{ isOpen: boolean }>()

  async function begin() {
    for (let waitedMs = 0; ; waitedMs += busyMs + busyRetryMs) {
      try {
        writing.prepare('BEGIN IMMEDIATE').run()
        return
      } catch (error) {
        if (!(error as { code?: string }).code?.startsWith('SQLITE_BUSY') || waitedMs >= busyMaxMs) throw error
        await sleep(busyRetryMs)
      }
    }
  }

  const group = createGroupCommit(
    {
      begin,
      run: (statement) => {
        writing.prepare(statement).run()
        forgetMark()
      },
      get isOpen() {
        return writer.inTransaction
      }
    },
    (error, tries) => isIdCollision(error) && tries < 5
  )

  async function transact<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    if (inside.getStore()?.isOpen) throw new Error('transact inside transact: pass the tx on instead.')
    const topics = new Set<string>()
    const value = await group.run(async (tries) => {
      topics.clear()
      const scope = { isOpen: true }
      const tx: Tx = {
        ...writerBase,
        ...writes,
        now: carried.now(),
        newId: (at) => carried.newId(at, tries),
        react: (fact, ids) => carried.react(tx, fact, ids),
        signal: (topic) => void topics.add(topic)
      }
      try {
        return await inside.run(scope, () => body(tx))
      } finally {
        scope.isOpen = false
      }
    })
    for (const topic of topics) tell(topic)
    return value
  }

  function appliedMigrations(): number[] {
    const has = writer.prepare(`select 1 from sqlite_master where name = '__drizzle_migrations'`).get()
    if (!has) return []
    return writer
      .prepare('select created_at as "when" from __drizzle_migrations order by created_at')
      .all()
      .map((row) => Number((row as { when: number }).when))
  }

  return {
    reader,
    transact,
    onSignal(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    // Whatever asks in one turn of the event loop came before anything that is committed elsewhere in it could be known.
    mark() {
      if (knownMark === undefined) {
        knownMark = String(readMark.get())
        setImmediate(forgetMark)
      }
      return knownMark
    },
    async migrate({ beforeChange }) {
      const known = knownMigrations('sqlite')
      const applied = appliedMigrations()
      checkNotNewer(applied, known)
      if (applied.length < known.length) {
        if (applied.length > 0) await beforeChange()
        runMigrations(drizzle(writer, { casing: 'snake_case' }), { migrationsFolder: migrationsFolder('sqlite') })
      }
      return { from: applied.length, to: known.length }
    },
    async schemaVersion() {
      return { applied: appliedMigrations().length, known: knownMigrations('sqlite').length }
    },
    async copyTo(target) {
      const { copySqlite } = await import('#db/dialects/sqlite/copy.ts')
      await copySqlite(file, target)
    },
    async problems() {
      const { problemsOfSqlite } = await import('#db/dialects/sqlite/problems.ts')
      return problemsOfSqlite(reading)
    },
    isServed: async () => false,
    async sizeBytes() {
      return file === ':memory:' ? 0 : statSync(file).size
    },
    async close() {
      clearInterval(poll)
      await group.settled()
      reading.close()
      writer.close()
    }
  }
}

function readerOf(connection: BetterSqlite3.Database): Reader {
  const builder = drizzle(connection, { casing: 'snake_case' })
  return {
    select: builder.select.bind(builder) as unknown as Reader['select'],
    selectDistinct: builder.selectDistinct.bind(builder) as unknown as Reader['selectDistinct'],
    $count: builder.$count.bind(builder) as unknown as Reader['$count'],
    rows: async (query: SQL) => builder.all<Record<string, unknown>>(query),
    connection
  }
}

/** Two ids drawn in one millisecond, for one date or by two processes: the body runs again and draws others. */
function isIdCollision(error: unknown): boolean {
  const cause = ((error as { cause?: unknown }).cause ?? error) as { code?: string }
  return error instanceof IdTaken || cause.code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
}
