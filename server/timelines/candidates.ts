import { asc, type Column, desc, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'

/** The columns of a candidate, with the rules that decide whether it is shown. */
export function candidateColumns(isShown: SQL | undefined, cursor: Column | SQL = posts.id) {
  return {
    cursor: sql<number>`${cursor}`.mapWith(Number).as('cursor'),
    id: posts.id,
    boostOfId: posts.boostOfId,
    isShown: flag(isShown ?? sql`1 = 1`).as('is_shown')
  }
}

/** A condition as a value: 0/1 on SQLite, a boolean on PostgreSQL. */
export function flag(condition: SQL | SQLWrapper) {
  return sql<boolean>`(${condition})`.mapWith(Boolean)
}

export const at = {
  me: sql.placeholder('me'),
  before: sql.placeholder('before'),
  after: sql.placeholder('after'),
  now: sql.placeholder('now')
}

/** Which way candidates are read: from the newest down, or from a place up. */
export type Direction = 'older' | 'newer'

/** The words of SQL in which the two ways differ. */
export const ways = {
  older: {
    next: sql`max`,
    isBeyond: sql`<`,
    isShort: sql`>`,
    order: desc,
    word: sql`desc`,
    from: at.before,
    to: at.after,
    end: sql`min`,
    none: sql`0`
  },
  newer: {
    next: sql`min`,
    isBeyond: sql`>`,
    isShort: sql`<`,
    order: asc,
    word: sql`asc`,
    from: at.after,
    to: at.before,
    end: sql`max`,
    none: sql.raw(String(Number.MAX_SAFE_INTEGER))
  }
} as const

type Prepared<R> = (db: Reader, values: Record<string, unknown>) => Promise<R>

/**
 * A query prepared once for each number of rows asked of it, which are few. PostgreSQL makes a lasting plan only of a limit it can read; with
 * a placeholder there it plans anew each time, which costs more than the query.
 */
export function prepareByCount<R>(
  build: (db: Reader, count: never) => { prepare(): { execute(values?: Record<string, unknown>): Promise<R> } }
): (db: Reader, count: number, values: Record<string, unknown>) => Promise<R> {
  const byCount = new Map<number, Prepared<R>>()
  return (db, count, values) => {
    let query = byCount.get(count)
    if (!query) {
      // drizzle writes an SQL limit as it stands, though its type knows numbers and placeholders only.
      const limit = sql.raw(String(Math.trunc(count))) as never
      query = prepare<Reader, Record<string, unknown>, R>((reader) => build(reader, limit))
      byCount.set(count, query)
    }
    return query(db, values)
  }
}
