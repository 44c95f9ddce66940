import { sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import type { IndexPage, IndexQuery, Phrase } from '#db/search-index.ts'

/**
 * FTS5 goes through its lists from one end and stops as soon as it has enough. Forwards it leaps over what another word of the query does not hold, while
 * backwards it takes every step (measured: 20 times the cost for a rare word): so entries stand under the negative of their post's id, the newest first.
 */
export async function findInSqlite(db: Reader, query: IndexQuery, { before, after, count }: IndexPage): Promise<number[]> {
  const rows = await db.rows(
    sql`select -rowid as id from search_posts where search_posts match ${toMatch(query)} and rowid > ${-before} and rowid < ${-after}
        order by rowid limit ${sql.raw(String(Math.trunc(count)))}`
  )
  return rows.map(({ id }) => Number(id))
}

/** A query in FTS5's own language: every word in quotes, where it means nothing but itself. */
function toMatch({ scope, all, none }: IndexQuery): string {
  const wanted = [oneOf(scope.map((mark) => [mark])), ...all.map(oneOf)].join(' AND ')
  return none.length === 0 ? wanted : `(${wanted}) NOT ${oneOf(none)}`
}

function oneOf(phrases: readonly Phrase[]): string {
  return `(${phrases.map((words) => `"${words.join(' ').replaceAll('"', '""')}"`).join(' OR ')})`
}
