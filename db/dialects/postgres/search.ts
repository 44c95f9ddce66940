import { type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import type { IndexPage, IndexQuery, Phrase } from '#db/search-index.ts'

/** A position is a number of 14 bits, and a word keeps 256 of them. */
const positionsMax = 16_383
const positionsOfWordMax = 256
/**
 * GIN gives all that matches at once and in no order, which for a common word among a million entries are hundreds of thousands. So each entry also
 * holds marks of the blocks of time its id lies in, of eight times growing length (35 minutes of ids up to four years), and a query looks into the newest
 * blocks first: what it reads is then bounded by what it shows.
 */
const blockBits = [33, 36, 39, 42, 45, 48]
const blocksPerLook = 8
/** The first look goes so many entries back. */
const firstLookEntries = 1_000

/** What `to_tsvector` would make of words that are cut and folded already; marks have no position, so no phrase runs across them. */
export function wordsForPostgres(id: number, words: readonly string[], marks: readonly string[]): string {
  const places = new Map<string, number[]>()
  for (const [at, word] of words.slice(0, positionsMax).entries()) {
    const of = places.get(word)
    if (!of) places.set(word, [at + 1])
    else if (of.length < positionsOfWordMax) of.push(at + 1)
  }
  const blocks = blockBits.map((bits, level) => blockMark(level, Math.floor(id / 2 ** bits)))
  return [...[...marks, ...blocks].map(quoted), ...[...places].map(([word, at]) => `${quoted(word)}:${at.join(',')}`)].join(' ')
}

export async function findInPostgres(db: Reader, query: IndexQuery, { before, after, count }: IndexPage): Promise<number[]> {
  const found: number[] = []
  const wanted = toQuery(query)
  const start = await findStart(db, before)
  let until = start.until
  for (let level = start.level; found.length < count; level++) {
    const bits = blockBits[level]
    const from = bits === undefined ? after : Math.max(after, (Math.floor(until / 2 ** bits) - blocksPerLook) * 2 ** bits - 1)
    const blocks = bits === undefined ? '' : ` & (${blocksBetween(level, bits, from + 1, until)})`
    found.push(...(await look(db, sql`${wanted + blocks}`, { before: until, after: from, count: count - found.length })))
    if (from <= after) break
    until = from + 1
  }
  return found
}

/** Where to begin: behind the newest entry, and with blocks of which the first look takes in about `firstLookEntries`; with fewer in all there is nothing to cut. */
async function findStart(db: Reader, before: number): Promise<{ until: number; level: number }> {
  const nth = (offset: number) =>
    db.rows(sql`select rowid as id from search_posts where rowid < ${before} order by rowid desc limit 1 offset ${sql.raw(String(offset))}`)
  const [[newest], [last]] = [await nth(0), await nth(firstLookEntries)]
  const until = newest ? Number(newest.id) + 1 : before
  const span = last ? until - Number(last.id) : Number.POSITIVE_INFINITY
  const level = blockBits.findIndex((bits) => 2 ** bits * blocksPerLook >= span)
  return { until, level: level === -1 ? blockBits.length : level }
}

async function look(db: Reader, query: SQL, { before, after, count }: IndexPage): Promise<number[]> {
  // Materialised, so that the planner does not walk the primary key back through everything in the hope of finding enough soon.
  const rows = await db.rows(
    sql`with hits as materialized (select rowid as id from search_posts where words @@ ${query}::tsquery)
        select id from hits where id < ${before} and id > ${after} order by id desc limit ${sql.raw(String(Math.trunc(count)))}`
  )
  return rows.map(({ id }) => Number(id))
}

function toQuery({ scope, all, none }: IndexQuery): string {
  const wanted = [oneOf(scope.map((mark) => [mark])), ...all.map(oneOf)].join(' & ')
  return none.length === 0 ? wanted : `${wanted} & !${oneOf(none)}`
}

function oneOf(phrases: readonly Phrase[]): string {
  return `(${phrases.map((words) => `(${words.map(quoted).join(' <-> ')})`).join(' | ')})`
}

/** The marks of all blocks of a level that hold ids from one up to, and without, another. */
function blocksBetween(level: number, bits: number, from: number, until: number): string {
  const first = Math.max(0, Math.floor(from / 2 ** bits))
  const last = Math.floor(Math.max(0, until - 1) / 2 ** bits)
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, at) => quoted(blockMark(level, first + at))).join(' | ')
}

function blockMark(level: number, block: number): string {
  return `=~${level}.${block}`
}

/** A word in the input language of tsvector and tsquery. */
function quoted(word: string): string {
  return `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
