import BetterSqlite3 from 'better-sqlite3'
import pg from 'pg'

const rowsPerInsert = 5_000
const int8 = 20

/** A database beside the running instance, written to in bulk: words of SQL that both databases know, whole numbers as numbers. */
export interface Bulk {
  readonly isPostgres: boolean
  run(text: string): Promise<void>
  rows<Row>(text: string): Promise<Row[]>
  /** Adds rows to a table of which it knows the names of columns alone. */
  insert(table: string, columns: readonly string[], rows: Iterable<readonly unknown[]>): Promise<void>
  /** The same to a table that is large afterwards: its indexes that are no keys are made anew behind the last row. */
  fill(table: string, columns: readonly string[], rows: Iterable<readonly unknown[]>): Promise<void>
}

/** Fills the database at `place` (a file, or an address of PostgreSQL) in one transaction, and has it look at what it holds then. */
export function inBulk<T>(place: string, body: (bulk: Bulk) => Promise<T>): Promise<T> {
  return place.startsWith('postgres:') ? inPostgres(place, body) : inSqlite(place, body)
}

async function inSqlite<T>(file: string, body: (bulk: Bulk) => Promise<T>): Promise<T> {
  const db = new BetterSqlite3(file, { timeout: 10_000 })
  try {
    db.pragma('synchronous = OFF')
    const insert: Bulk['insert'] = async (table, columns, rows) => {
      const add = db.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
      for (const row of rows) add.run(...row.map((value) => (typeof value === 'boolean' ? Number(value) : value)))
    }
    const bulk: Bulk = {
      isPostgres: false,
      run: async (text) => void db.prepare(text).run(),
      rows: async <Row>(text: string) => db.prepare(text).all() as Row[],
      insert,
      fill: insert
    }
    db.exec('begin immediate')
    const value = await body(bulk)
    db.exec('commit')
    db.exec('analyze')
    return value
  } finally {
    db.close()
  }
}

async function inPostgres<T>(url: string, body: (bulk: Bulk) => Promise<T>): Promise<T> {
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === int8 ? Number : pg.types.getTypeParser(oid, format))
  } as pg.CustomTypesConfig
  const client = new pg.Client({ connectionString: url, types, application_name: 'bench' })
  await client.connect()
  try {
    // Rows come in an order in which every one has what it refers to; to look at each would take as long again.
    await client.query(`set session_replication_role = replica; set maintenance_work_mem = '512MB'; set work_mem = '128MB'`)
    const bulk = bulkOf(client)
    await client.query('begin')
    const value = await body(bulk)
    await client.query('commit')
    // What autovacuum does before long.
    await client.query('vacuum analyze')
    return value
  } finally {
    await client.end()
  }
}

function bulkOf(client: pg.Client): Bulk {
  const insert: Bulk['insert'] = async (table, columns, rows) => {
    const names = columns.join(', ')
    // Each value is read by the type of its column.
    const text = `insert into ${table} (${names}) select ${names} from json_populate_recordset(null::${table}, $1::json)`
    let batch: object[] = []
    const send = async () => {
      if (batch.length > 0) await client.query(text, [JSON.stringify(batch)])
      batch = []
    }
    for (const row of rows) {
      batch.push(Object.fromEntries(columns.map((name, at) => [name, row[at]])))
      if (batch.length === rowsPerInsert) await send()
    }
    await send()
  }
  return {
    isPostgres: true,
    run: async (text) => void (await client.query(text)),
    rows: async <Row>(text: string) => (await client.query(text)).rows as Row[],
    insert,
    async fill(table, columns, rows) {
      const indexes = await client.query<{ name: string; definition: string }>(
        `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
         where indrelid = '${table}'::regclass and not indisunique`
      )
      for (const { name } of indexes.rows) await client.query(`drop index ${name}`)
      await insert(table, columns, rows)
      // Each is chosen by what the planner knows of the table, and so are the statements that fill what follows from it.
      for (const { definition } of indexes.rows) await client.query(definition)
      await client.query(`analyze ${table}`)
    }
  }
}
