import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import type { SQL } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { appliedMigrations } from '#db/dialects/postgres/applied-migrations.ts'
import type { Carried, Database } from '#db/database.ts'
import { IdTaken } from '#db/id-taken.ts'
import { checkNotNewer, knownMigrations, migrationsFolder } from '#db/journal.ts'
import type { Reader, Tx } from '#db/reader.ts'

const readConnectionsMax = 10
const writeConnectionsMax = 10
const connectMs = 10_000
const statementMs = 30_000
const triesMax = 5
const channel = 'skerry'
/** Only a process that stays has such a connection. */
const listenerName = 'skerry listen'
/** One migration at a time, whatever the number of processes that start together. */
export const migrationLock = 7_281_944

// Whole numbers of ours fit 53 bits; without this they would arrive as text.
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === 20 ? Number : pg.types.getTypeParser(oid, format))
} as pg.CustomTypesConfig

/**
 * PostgreSQL: two pools, the reader's read-only (a pool shared with transactions that read through it would run dry). A
 * prepared statement belongs to its connection; drizzle builders are kept per connection for that.
 */
export function openPostgres(url: string, carried: Carried, onError: (error: Error) => void): Database {
  const common = {
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    types,
    application_name: 'skerry'
  }
  const readPool = new pg.Pool({ ...common, max: readConnectionsMax, options: '-c default_transaction_read_only=on' })
  const writePool = new pg.Pool({ ...common, max: writeConnectionsMax })
  // An idle connection that dies (a restart of the server) must not take the process with it; the next query reconnects.
  readPool.on('error', onError)
  writePool.on('error', onError)
  // Nor may one that dies in the hands of a transaction, whose next query rejects: the pool listens to idle connections alone.
  writePool.on('connect', (client) => client.on('error', () => undefined))

  const reader = readerOf(readPool)
  const builders = new WeakMap<object, Reader & Pick<Tx, 'insert' | 'update' | 'delete'>>()
  const inside = new AsyncLocalStorage<{ isOpen: boolean }>()
  const listening = listen(url, onError)

  function builderOf(client: pg.PoolClient) {
    let base = builders.get(client)
    if (!base) {
      const builder = drizzle(client, { casing: 'snake_case' }) as unknown as Tx
      base = {
        ...readerOf(client),
        insert: builder.insert.bind(builder),
        update: builder.update.bind(builder),
        delete: builder.delete.bind(builder)
      }
      builders.set(client, base)
    }
    return base
  }

  async function attempt<T>(body: (tx: Tx) => Promise<T>, tries: number): Promise<T> {
    const client = await writePool.connect()
    const topics = new Set<string>()
    const scope = { isOpen: true }
    let isBroken = false
    try {
      await client.query('BEGIN')
      const tx: Tx = {
        ...builderOf(client),
        now: carried.now(),
        newId: (at) => carried.newId(at, tries),
        react: (fact, ids) => carried.react(tx, fact, ids),
        signal: (topic) => void topics.add(topic)
      }
      const value = await inside.run(scope, () => body(tx))
      for (const topic of topics) await client.query('select pg_notify($1, $2)', [channel, topic])
      await client.query('COMMIT')
      // This process knows at once: its own notification comes back over another connection, and later than the next request.
      for (const topic of topics) listening.tell(topic)
      return value
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {
        isBroken = true
      })
      throw error
    } finally {
      scope.isOpen = false
      client.release(isBroken)
    }
  }

  async function transact<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    if (inside.getStore()?.isOpen) throw new Error('transact inside transact: pass the tx on instead.')
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(body, tries)
      } catch (error) {
        if (!isWorthAnotherTry(error) || tries >= triesMax) throw error
        await sleep(tries * 10)
      }
    }
  }

  let asking: Promise<string> | undefined

  /** The transactions that can be seen, as text. Whoever asks before the question goes out shares its answer. */
  async function askMark(): Promise<string> {
    await turn()
    asking = undefined
    const { rows } = await readPool.query<{ mark: string }>({ name: 'skerry_mark', text: 'select pg_current_snapshot()::text as mark' })
    return rows[0]?.mark ?? ''
  }

  return {
    reader,
    transact,
    mark: () => (asking ??= askMark()),
    onSignal: listening.onSignal,
    async migrate({ beforeChange, isLocked = false }) {
      const client = await writePool.connect()
      try {
        // Waiting for another process's migration, and a migration of a large table, may take as long as they need.
        await client.query('set statement_timeout = 0')
        if (!isLocked) await client.query('select pg_advisory_lock($1)', [migrationLock])
        const known = knownMigrations('postgres')
        const applied = await appliedMigrations(writePool)
        checkNotNewer(applied, known)
        if (applied.length < known.length) {
          if (applied.length > 0) await beforeChange()
          await runMigrations(drizzle(client, { casing: 'snake_case' }), { migrationsFolder: migrationsFolder('postgres') })
        }
        return { from: applied.length, to: known.length }
      } finally {
        if (!isLocked) await client.query('select pg_advisory_unlock($1)', [migrationLock])
        await client.query(`set statement_timeout = ${statementMs}`)
        client.release()
      }
    },
    async schemaVersion() {
      return { applied: (await appliedMigrations(writePool)).length, known: knownMigrations('postgres').length }
    },
    async copyTo(target) {
      const { dumpPostgres } = await import('#db/dialects/postgres/dump.ts')
      await dumpPostgres(url, target)
    },
    async problems() {
      const { problemsOfPostgres } = await import('#db/dialects/postgres/problems.ts')
      return problemsOfPostgres(readPool)
    },
    async isServed() {
      const rows = await readPool.query(
        'select 1 from pg_stat_activity where datname = current_database() and application_name = $1 limit 1',
        [listenerName]
      )
      return rows.rowCount !== 0
    },
    async sizeBytes() {
      const rows = await readPool.query('select pg_database_size(current_database()) as size')
      return Number(rows.rows[0].size)
    },
    async close() {
      await listening.close()
      await Promise.all([readPool.end(), writePool.end()])
    }
  }
}

function readerOf(client: pg.Pool | pg.PoolClient): Reader {
  const builder = drizzle(client, { casing: 'snake_case' })
  return {
    select: builder.select.bind(builder) as unknown as Reader['select'],
    selectDistinct: builder.selectDistinct.bind(builder) as unknown as Reader['selectDistinct'],
    $count: builder.$count.bind(builder) as unknown as Reader['$count'],
    rows: async (query: SQL) => (await builder.execute(query)).rows as Record<string, unknown>[],
    connection: client
  }
}

/** One connection that hears NOTIFY; after a lost connection it comes back and says `*`, since it may have missed something. */
function listen(url: string, onError: (error: Error) => void) {
  const listeners = new Set<(topic: string) => void>()
  let client: pg.Client | undefined
  let isClosed = false
  let retry: NodeJS.Timeout | undefined

  const tell = (topic: string) => {
    for (const listener of listeners) listener(topic)
  }
  async function connect() {
    const next = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs, application_name: listenerName })
    client = next
    next.on('notification', (message) => tell(message.payload ?? '*'))
    next.on('error', (error) => {
      onError(error)
      again()
    })
    try {
      await next.connect()
      await next.query(`LISTEN ${channel}`)
      tell('*')
    } catch (error) {
      onError(error as Error)
      again()
    }
  }
  function again() {
    if (isClosed || retry) return
    retry = setTimeout(() => {
      retry = undefined
      void connect()
    }, 1_000)
    retry.unref()
  }
  let isStarted: Promise<void> | undefined
  return {
    tell,
    onSignal(listener: (topic: string) => void) {
      listeners.add(listener)
      isStarted ??= connect()
      return () => void listeners.delete(listener)
    },
    async close() {
      isClosed = true
      clearTimeout(retry)
      await isStarted
      await client?.end().catch(onError)
    }
  }
}

/** Serialization failure, deadlock, or two ids drawn in one millisecond, for one date or by two processes. */
function isWorthAnotherTry(error: unknown): boolean {
  if (error instanceof IdTaken) return true
  const cause = ((error as { cause?: unknown }).cause ?? error) as { code?: string; constraint?: string }
  return cause.code === '40001' || cause.code === '40P01' || (cause.code === '23505' && cause.constraint?.endsWith('_pkey') === true)
}
