/**
 * The index of posts by their words: FTS5 on SQLite, a tsvector with GIN on PostgreSQL. Texts come cut into words already, folded the same way
 * for both, so that both find the same. An entry holds marks besides, words that begin with `=` and say who may find it and what it has; a query is
 * answered out of the index alone, however many posts hold a common word.
 */
import { and, asc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import { dialectOfProcess } from '#db/dialect.ts'
import { findInPostgres, wordsForPostgres } from '#db/dialects/postgres/search.ts'
import { findInSqlite } from '#db/dialects/sqlite/search.ts'
import { prepare, type Reader, type Tx } from '#db/reader.ts'
import { searchWords } from '#db/schema/search.ts'
import { int, table, text } from '#db/table.ts'

/** What is looked for. Words stand as they were folded; a phrase is words that follow one another. */
export interface IndexQuery {
  /** Marks of which an entry has one at least; never empty. */
  scope: readonly string[]
  /** An entry has all of these, each of which is a choice of phrases. */
  all: readonly (readonly Phrase[])[]
  /** And none of these. */
  none: readonly Phrase[]
}

export type Phrase = readonly string[]

/** Ids below `before` and above `after`, the newest first, `count` at most. */
export interface IndexPage {
  before: number
  after: number
  count: number
}

/** Written by hand in db/by-hand, since drizzle knows neither kind of it. */
const entries = table('search_posts', { rowid: int().primaryKey(), words: text().notNull() })

/** First number of the advisory locks of entries; the second is the end of a post's id. */
const lockSpace = 7_281_945

/** Until the transaction ends nobody else describes this post: what follows reads all that was committed before. SQLite has one writer anyhow. */
export async function takeEntry(tx: Tx, id: number): Promise<void> {
  if (dialectOfProcess() === 'postgres') await tx.rows(sql`select pg_advisory_xact_lock(${lockSpace}::int, ${id % 2 ** 31}::int)`)
}

/** Writes what a post is found by, in place of what it was found by before. Words in their order; marks in none. */
export async function putEntry(tx: Tx, id: number, words: readonly string[], marks: readonly string[]): Promise<void> {
  if (dialectOfProcess() === 'postgres') {
    const entry = { rowid: id, words: wordsForPostgres(id, words, marks) }
    await tx.insert(entries).values(entry).onConflictDoUpdate({ target: entries.rowid, set: entry })
    return
  }
  // A virtual table knows no upsert.
  await deleteEntry(tx, { id: -id })
  await insertEntry(tx, { id: -id, words: [...marks, ...words].join(' ') })
}

const deleteEntry = prepare((tx: Tx) => tx.delete(entries).where(eq(entries.rowid, sql.placeholder('id'))))
const insertEntry = prepare((tx: Tx) => tx.insert(entries).values({ rowid: sql.placeholder('id'), words: sql.placeholder('words') }))

export async function removeEntries(tx: Tx, ids: readonly number[]): Promise<void> {
  const places = dialectOfProcess() === 'postgres' ? [...ids] : ids.map((id) => -id)
  if (places.length > 0) await tx.delete(entries).where(inArray(entries.rowid, places))
}

/** Ids of entries, the newest first. Fewer than asked for say that there are no more. */
export function findEntries(db: Reader, query: IndexQuery, page: IndexPage): Promise<number[]> {
  return dialectOfProcess() === 'postgres' ? findInPostgres(db, query, page) : findInSqlite(db, query, page)
}

const insertWords = prepare((tx: Tx) => {
  const list = sql.placeholder('list')
  const each =
    dialectOfProcess() === 'postgres'
      ? sql`select word from jsonb_array_elements_text(${list}::jsonb) as given(word)`
      : sql`select value from json_each(${list}) where true`
  return tx.insert(searchWords).select(each).onConflictDoNothing()
})

/** Remembers words, each once, so that their beginnings lead to them. */
export async function addWords(tx: Tx, words: readonly string[]): Promise<void> {
  // In one order, so that two transactions on PostgreSQL never wait for each other.
  if (words.length > 0) await insertWords(tx, { list: JSON.stringify([...words].sort()) })
}

const endOfWords = '\u{10ffff}'

/** Forgets all words that begin with these characters. */
export async function removeWords(tx: Tx, start: string): Promise<void> {
  await tx.delete(searchWords).where(and(gte(searchWords.word, start), lt(searchWords.word, start + endOfWords)))
}

/** Words of the index that begin with these characters, in their order. */
export async function wordsThatBegin(db: Reader, start: string, count: number): Promise<string[]> {
  const rows = await db
    .select()
    .from(searchWords)
    .where(and(gte(searchWords.word, start), lt(searchWords.word, start + endOfWords)))
    .orderBy(asc(searchWords.word))
    .limit(count)
  return rows.map(({ word }) => word)
}

/** FTS5 keeps an index in parts, and each word of a query is looked up in all of them; PostgreSQL has one. */
export async function countParts(db: Reader): Promise<number> {
  if (dialectOfProcess() === 'postgres') return 1
  const [row] = await db.rows(sql`select count(distinct segid) as parts from search_posts_idx`)
  return Number(row?.parts)
}

/** Pages of the index that one step writes: some 20 ms. */
const pagesPerStep = 500

/** Makes one part of all, step by step; says whether there is more to do. A beginning takes in the parts of all sizes. */
export async function mergeParts(tx: Tx, { isBeginning }: { isBeginning: boolean }): Promise<boolean> {
  if (dialectOfProcess() === 'postgres') return false
  const written = async () => Number((await tx.rows(sql`select total_changes() as n`))[0]?.n)
  const before = await written()
  await tellIndex(tx, 'merge', isBeginning ? -pagesPerStep : pagesPerStep)
  // One row is that of the command.
  return (await written()) - before > 1
}

/** FTS5 takes commands as rows, in a column that is called as the table is. */
export async function tellIndex(tx: Tx, name: 'merge' | 'automerge', value: number): Promise<void> {
  await tx.rows(sql`insert into search_posts (search_posts, rank) values (${name}, ${sql.raw(String(value))}) returning rowid`)
}
