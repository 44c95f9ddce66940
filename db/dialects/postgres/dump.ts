import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { appliedMigrations } from '#db/dialects/postgres/applied-migrations.ts'

/** First line of every dump; whoever changes what follows changes this too. */
export const dumpFormat = 'skerry-postgres-1'

/** Schemas that hold our tables: the product's, and drizzle's list of migrations. */
export const dumpedSchemas = ['public', 'drizzle']

const rowsPerFetch = 200
const connectMs = 10_000
/** A little of compression is cheap, and text shrinks to a quarter. */
const compressionLevel = 3

/** Lines of a dump that are no rows. Rows are JSON arrays of what each column's type writes as text, or null. */
export type DumpLine =
  | { format: string; migrations: number[] }
  | { table: DumpedTable }
  | { sequence: DumpedSequence }
  | { end: true; rows: Record<string, number> }

export interface DumpedTable {
  schema: string
  name: string
  columns: string[]
  /** The type of each column as `create table` would name it. */
  types: string[]
}

export interface DumpedSequence {
  schema: string
  name: string
  lastValue: string
  isCalled: boolean
}

/**
 * Writes a consistent copy of a whole database into a new file (0600): gzipped lines of JSON, each table's rows as the text that
 * PostgreSQL's own types write and read, so that a load gives back exactly what was there. One read-only snapshot; nobody waits
 * for it. It needs no client program of any version, and none to load it. The last line counts the rows: a file without it is cut short.
 */
export async function dumpPostgres(url: string, targetFile: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs, application_name: 'skerry dump' })
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query(
      `select set_config('extra_float_digits', '3', true), set_config('datestyle', 'ISO', true), set_config('timezone', 'UTC', true)`
    )
    const target = createWriteStream(targetFile, { flags: 'wx', mode: 0o600, flush: true })
    await pipeline(Readable.from(linesOf(client)), createGzip({ level: compressionLevel }), target)
    await client.query('commit')
  } finally {
    await client.end()
  }
}

/** A name as it stands in a statement. */
export function quoted(...names: string[]): string {
  return names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.')
}

async function* linesOf(client: pg.Client): AsyncGenerator<string> {
  const say = (line: DumpLine) => `${JSON.stringify(line)}\n`
  const rows: Record<string, number> = {}
  yield say({ format: dumpFormat, migrations: await appliedMigrations(client) })
  for (const table of await tablesOf(client)) {
    yield say({ table })
    let count = 0
    for await (const batch of rowsOf(client, table)) {
      count += batch.length
      yield `${batch.join('\n')}\n`
    }
    rows[`${table.schema}.${table.name}`] = count
  }
  for (const sequence of await sequencesOf(client)) yield say({ sequence })
  yield say({ end: true, rows })
}

async function* rowsOf(client: pg.Client, { schema, name, columns }: DumpedTable): AsyncGenerator<string[]> {
  const texts = columns.map((column) => `${quoted(column)}::text`).join(', ')
  await client.query(
    `declare dumped no scroll cursor for select array_to_json(array[${texts}]::text[])::text as row from ${quoted(schema, name)}`
  )
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`fetch ${rowsPerFetch} from dumped`)
    if (rows.length === 0) break
    yield rows.map(({ row }) => row)
  }
  await client.query('close dumped')
}

/** Tables of ours with the columns that can be written; what an extension brought along is its own affair. */
async function tablesOf(client: pg.Client): Promise<DumpedTable[]> {
  const { rows } = await client.query<DumpedTable>(
    `select n.nspname::text as schema, c.relname::text as name,
       array_agg(a.attname::text order by a.attnum) as columns,
       array_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum) as types
     from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relkind = 'r' and n.nspname = any($1)
       and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     group by 1, 2 order by 1, 2`,
    [dumpedSchemas]
  )
  return rows
}

async function sequencesOf(client: pg.Client): Promise<DumpedSequence[]> {
  const found = await client.query<{ schema: string; name: string }>(
    'select schemaname::text as schema, sequencename::text as name from pg_sequences where schemaname = any($1) order by 1, 2',
    [dumpedSchemas]
  )
  const sequences: DumpedSequence[] = []
  for (const { schema, name } of found.rows) {
    const { rows } = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${quoted(schema, name)}`
    )
    sequences.push({ schema, name, lastValue: rows[0]!.last, isCalled: rows[0]!.called })
  }
  return sequences
}
