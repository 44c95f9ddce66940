/**
 * The schema facade: one schema, typed as SQLite's, made of sqliteTable or pgTable. Columns take no name: the snake_case of
 * their key is the name in both databases. Times are milliseconds since 1970 and ids 53-bit integers, so both fit a JavaScript number.
 */
import * as pg from 'drizzle-orm/pg-core'
import * as sqlite from 'drizzle-orm/sqlite-core'
import { dialectOfProcess } from '#db/dialect.ts'

const isPostgres = dialectOfProcess() === 'postgres'

export const table = (isPostgres ? pg.pgTable : sqlite.sqliteTable) as typeof sqlite.sqliteTable
export const index = (isPostgres ? pg.index : sqlite.index) as typeof sqlite.index
export const uniqueIndex = (isPostgres ? pg.uniqueIndex : sqlite.uniqueIndex) as typeof sqlite.uniqueIndex
export const primaryKey = (isPostgres ? pg.primaryKey : sqlite.primaryKey) as typeof sqlite.primaryKey

/** Whole number of up to 53 bits: ids, counts, sizes. */
export function int() {
  return (isPostgres ? pg.bigint({ mode: 'number' }) : sqlite.integer({ mode: 'number' })) as ReturnType<typeof sqliteNumber>
}

/** A moment, in milliseconds since 1970 (UTC). */
export const time = int

export function bool() {
  return (isPostgres ? pg.boolean() : sqlite.integer({ mode: 'boolean' })) as ReturnType<typeof sqliteBoolean>
}

/** Text; `text<'a' | 'b'>()` narrows the type, the code that writes keeps it true. */
export function text<T extends string = string>() {
  return (isPostgres ? pg.text() : sqlite.text()).$type<T>() as unknown as ReturnType<typeof sqliteText<T>>
}

/** A value kept as JSON (jsonb on PostgreSQL); `json<T>()` gives its type. */
export function json<T>() {
  return (isPostgres ? pg.jsonb() : sqlite.text({ mode: 'json' })).$type<T>() as unknown as ReturnType<typeof sqliteJson<T>>
}

// These give the types above; they are never called on PostgreSQL.
const sqliteNumber = () => sqlite.integer({ mode: 'number' })
const sqliteBoolean = () => sqlite.integer({ mode: 'boolean' })
const sqliteText = <T extends string>() => sqlite.text().$type<T>()
const sqliteJson = <T>() => sqlite.text({ mode: 'json' }).$type<T>()
