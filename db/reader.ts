import type { SQL } from 'drizzle-orm'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import { quickQuery } from '#db/quick-query.ts'
import { mapRowsQuickly } from '#db/row-mapper.ts'

/** drizzle's builder, typed as SQLite's and always awaited, whichever database is behind it. */
type Builder = BaseSQLiteDatabase<'async', unknown, Record<string, never>>

/** A database that can only be asked. A query takes a Reader, so that it works inside a transaction and outside. */
export interface Reader {
  readonly select: Builder['select']
  readonly selectDistinct: Builder['selectDistinct']
  readonly $count: Builder['$count']
  /** Rows of a hand-written query; the caller maps every value (booleans are 0/1 on SQLite, counts may be text on PostgreSQL). */
  rows(query: SQL): Promise<Record<string, unknown>[]>
  /** The connection behind it: prepared statements belong to one. */
  readonly connection: object
}

/** A database inside a transaction: the only thing that can write. */
export interface Tx extends Reader {
  readonly insert: Builder['insert']
  readonly update: Builder['update']
  readonly delete: Builder['delete']
  /** Moment the transaction's body began, ms since 1970. */
  readonly now: number
  /** A new time-ordered id; for something of another date, pass that date (ms since 1970). */
  newId(at?: number): number
  /** Written work follows from a fact: see server/facts.ts, which is what features call. */
  react(fact: string, ids: object): Promise<void>
  /** Tells every process, once this has committed, that a topic changed (a cache, a queue). Sent at most once a topic. */
  signal(topic: string): void
}

/** Runs a body in one transaction. It may run more than once (deadlock, id collision), so it has no effect outside `tx`. */
export type Transact = <T>(body: (tx: Tx) => Promise<T>) => Promise<T>

interface Preparable<R> {
  prepare(name: string): Prepared<R>
}

interface Prepared<R> {
  execute(values?: Record<string, unknown>): Promise<R>
}

type Run = (values: Record<string, unknown>) => unknown

let prepared = 0
const statements = new WeakMap<object, Map<number, Run>>()

/**
 * A query that is built and prepared once per connection: the hot paths. `build` may use `sql.placeholder(name)` for every
 * value that changes, but null has to stand in the query itself where the column is a boolean or JSON: drizzle would encode it.
 */
export function prepare<D extends Reader, V extends Record<string, unknown>, R>(
  build: (db: D) => Preparable<R> | { prepare(): { execute(values?: Record<string, unknown>): Promise<R> } }
): (db: D, values: V) => Promise<R> {
  const number = prepared++
  return async (db, values) => {
    let ofConnection = statements.get(db.connection)
    if (!ofConnection) statements.set(db.connection, (ofConnection = new Map()))
    let run = ofConnection.get(number)
    if (!run) ofConnection.set(number, (run = runnerOf((build(db) as Preparable<unknown>).prepare(`skerry_${number}`))))
    return run(values) as R | Promise<R>
  }
}

function runnerOf(statement: Prepared<unknown>): Run {
  mapRowsQuickly(statement)
  return quickQuery(statement) ?? ((values) => statement.execute(values))
}
