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
/** A look asks for so many blocks of one length, and one more for where it ends. */
const blocksPerLook = 8
/** The first look goes back over about so many times the ids of the newest `sampleEntries`: most words that people look for stand there often enough. */
const firstLookTimes = 2.5
const sampleEntries = 1_000
/** The next one goes as far as what was found lets expect to be enough, and this much further. */
const reserve = 1.5
/** But at most so many times as far as all before: a word may have been in fashion once. */
const growthMax = 32

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

/** Ids of entries that match, the newest first. */
export async function findInPostgres(db: Reader, query: IndexQuery, { before, after, count }: IndexPage): Promise<number[]> {
  const found: number[] = []
  const wanted = toQuery(query)
  const start = await findStart(db, before)
  const end = Math.max(after, start.oldest - 1)
  let { until, span } = start
  while (found.length < count && until > end + 1) {
    const reach = Math.min(span, until - end - 1)
    // To name the blocks of most of the index costs more than to look at all of it.
    const bits = reach > start.all / 2 ? undefined : blockBits.find((each) => reach <= 2 ** each * blocksPerLook)
    const from = bits === undefined ? end : Math.max(end, Math.floor((until - reach) / 2 ** bits) * 2 ** bits - 1)
    const blocks = bits === undefined ? '' : ` & (${blocksBetween(blockBits.indexOf(bits), bits, from + 1, until)})`
    found.push(...(await look(db, sql`${wanted + blocks}`, { before: until, after: from, count: count - found.length })))
    until = from + 1
    span = (start.until - until) * growth(found.length, count)
  }
  return found
}

/** How many times as far as all before the next look goes. */
function growth(found: number, count: number): number {
  return found === 0 ? growthMax : Math.min(growthMax, Math.max(1, ((count - found) / found) * reserve))
}

interface Start {
  /** Behind the newest entry asked for. */
  until: number
  oldest: number
  /** How many ids lie between the oldest and the newest entry of the index. */
  all: number
  /** How many ids to look back over first: all when there are few entries. */
  span: number
}

async function findStart(db: Reader, before: number): Promise<Start> {
  const nth = (offset: number) =>
    sql`(select rowid from search_posts where rowid < ${before} order by rowid desc limit 1 offset ${sql.raw(String(offset))})`
  const [row] = await db.rows(
    sql`select ${nth(0)} as newest, ${nth(sampleEntries)} as last, (select min(rowid) from search_posts) as oldest, (select max(rowid) from search_posts) as latest`
  )
  const newest = row?.newest ?? null
  if (newest === null) return { oldest: before, until: before, all: 0, span: 0 }
  const until = Number(newest) + 1
  return {
    until,
    oldest: Number(row?.oldest),
    all: Number(row?.latest) - Number(row?.oldest),
    span: row?.last === null ? Number.POSITIVE_INFINITY : (until - Number(row?.last)) * firstLookTimes
  }
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
