import { type Column, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
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
  count: sql.placeholder('count'),
  now: sql.placeholder('now')
}
