import { readMigrationFiles } from 'drizzle-orm/migrator'
import pg from 'pg'
import { checkKnown, knownMigrations, migrationsFolder } from '#db/journal.ts'
import { SchemaError } from '#db/database.ts'
import { type DumpedTable, dumpedSchemas, quoted } from '#db/dialects/postgres/dump.ts'
import { migrationLock } from '#db/dialects/postgres/open.ts'
import { emptyPostgres } from '#db/dialects/postgres/empty.ts'
import { readDump } from '#db/dialects/postgres/read-dump.ts'

const rowsPerInsert = 500
const charactersPerInsert = 4_000_000
const connectMs = 10_000
/** A type as `format_type` writes those of our columns: words, perhaps with a length, perhaps a list. */
const typeName = /^[a-z][a-z0-9_ ]*(?:\(\d+(?:,\d+)?\))?(?: [a-z ]+)?(?:\[\])?$/

/**
 * Puts what a dump holds in place of everything in a database, in one transaction, with the schema the dump was made of (which
 * the code must know). `finish` runs afterwards, while servers that start still wait. Throws SchemaError when the dump is
 * damaged, or when a server is connected.
 */
export async function loadPostgres(url: string, file: string, finish: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs, application_name: 'skerry restore' })
  await client.connect()
  try {
    // A server of ours that starts waits for this before it looks at the schema.
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await refuseBesideServer(client)
    await client.query('begin')
    await emptyPostgres(client)
    await load(client, file)
    await client.query('commit')
    await client.query('analyze')
    await finish()
  } finally {
    await client.end()
  }
}

async function refuseBesideServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ count: string }>(
    `select count(*) as count from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like 'skerry%'`
  )
  if (Number(rows[0]?.count) > 0) throw new SchemaError('A Skerry process is connected to this database; stop it first.')
}

async function load(client: pg.Client, file: string): Promise<void> {
  let insert: ((row: string) => Promise<void>) | undefined
  let flush: (() => Promise<void>) | undefined
  let restoreKeys: (() => Promise<void>) | undefined
  for await (const step of readDump(file)) {
    if ('row' in step) {
      await insert?.(step.row)
      continue
    }
    await flush?.()
    const { line } = step
    if ('format' in line) {
      await buildSchema(client, line.migrations)
      restoreKeys = await setForeignKeysAside(client)
    } else if ('table' in line) {
      refuseStatement(line.table, file)
      ;({ insert, flush } = await insertInto(client, line.table))
    } else if ('sequence' in line) {
      const { schema, name, lastValue, isCalled } = line.sequence
      await client.query('select setval($1::regclass, $2::bigint, $3)', [quoted(schema, name), lastValue, isCalled])
    } else {
      await checkRows(client, line.rows, file)
    }
  }
  // Putting the keys back checks every row against them.
  await restoreKeys?.()
}

async function checkRows(client: pg.Client, rows: Record<string, number>, file: string): Promise<void> {
  for (const [table, count] of Object.entries(rows)) {
    const found = await client.query<{ count: string }>(`select count(*) as count from ${quoted(...table.split('.'))}`)
    if (Number(found.rows[0]?.count) !== count) throw new SchemaError(`Of ${table} in ${file} not every row could be loaded.`)
  }
}

/** The schema as it was when the dump was made; drizzle's own list of what was applied comes with the rows. */
async function buildSchema(client: pg.Client, migrations: number[]): Promise<void> {
  checkKnown(migrations, knownMigrations('postgres'))
  const files = readMigrationFiles({ migrationsFolder: migrationsFolder('postgres') })
  for (const { sql } of files.filter((each) => migrations.includes(each.folderMillis))) {
    for (const statement of sql) await client.query(statement)
  }
  await client.query('create schema if not exists drizzle')
  await client.query('create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)')
}

/** Tables come in the order of their names, so what refers to others has to wait. Returns the way to put the keys back. */
async function setForeignKeysAside(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `select format('%I.%I', n.nspname, c.relname) as table, quote_ident(k.conname) as name, pg_get_constraintdef(k.oid) as definition
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where k.contype = 'f' and n.nspname = any($1)`,
    [dumpedSchemas]
  )
  for (const { table, name } of rows) await client.query(`alter table ${table} drop constraint ${name}`)
  return async () => {
    for (const { table, name, definition } of rows) await client.query(`alter table ${table} add constraint ${name} ${definition}`)
  }
}

/** Names are quoted wherever they go, and types cannot be: what is no type, or no table of ours, would be a statement of whoever wrote the file. */
function refuseStatement({ schema, types }: DumpedTable, file: string): void {
  if (dumpedSchemas.includes(schema) && types.every((type) => typeName.test(type))) return
  throw new SchemaError(`The copy ${file} names a table or a type that no copy of ours has.`)
}

/** Rows are gathered and sent as one JSON array; each value is read by the type that wrote it. Triggers of ours keep still. */
async function insertInto(client: pg.Client, { schema, name, columns, types }: DumpedTable) {
  const table = quoted(schema, name)
  const values = types.map((type, index) => `(row ->> ${index})::${type}`).join(', ')
  const statement = `insert into ${table} (${columns.map((column) => quoted(column)).join(', ')}) select ${values} from json_array_elements($1::json) as given(row)`
  await client.query(`alter table ${table} disable trigger user`)
  let rows: string[] = []
  let characters = 0

  async function send() {
    if (rows.length === 0) return
    const sent = `[${rows.join(',')}]`
    rows = []
    characters = 0
    await client.query(statement, [sent])
  }
  return {
    async insert(row: string) {
      rows.push(row)
      characters += row.length
      if (rows.length >= rowsPerInsert || characters >= charactersPerInsert) await send()
    },
    async flush() {
      await send()
      await client.query(`alter table ${table} enable trigger user`)
    }
  }
}
