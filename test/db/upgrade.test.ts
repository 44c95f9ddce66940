import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { dialectOfProcess } from '#db/dialect.ts'
import { migrationsFolder } from '#db/journal.ts'
import { openDatabase } from '#db/open.ts'
import { openScratch } from '#test/helpers/scratch.ts'

type Row = Record<string, unknown>

/** A database as an older version left it, asked and filled past all our code. */
interface Old {
  where: { sqliteFile: string; postgresUrl: string }
  run(sql: string): Promise<void>
  insert(table: string, row: Row): Promise<void>
  rows(table: string, columns: string[]): Promise<Row[]>
}

interface Column {
  name: string
  type: string
  notNull: boolean
  default?: unknown
}

const dialect = dialectOfProcess()
const folder = migrationsFolder(dialect)
const journal = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as { entries: { tag: string; when: number }[] }

async function openOld(t: TestContext): Promise<Old> {
  if (dialect === 'postgres') {
    const { createEmptyDatabase } = await import('#test/helpers/postgres.ts')
    const postgresUrl = await createEmptyDatabase(t)
    const client = new pg.Client({ connectionString: postgresUrl })
    await client.connect()
    t.after(() => client.end())
    await client.query('set session_replication_role = replica')
    return {
      where: { sqliteFile: '', postgresUrl },
      run: async (sql) => void (await client.query(sql)),
      async insert(table, row) {
        const names = Object.keys(row).map((name) => `"${name}"`)
        await client.query(`insert into "${table}" (${names}) values (${names.map((_, at) => `$${at + 1}`)})`, Object.values(row))
      },
      rows: async (table, columns) => (await client.query(`select ${columns.map((name) => `"${name}"`)} from "${table}"`)).rows
    }
  }
  const dir = mkdtempSync(join(openScratch(), 'skerry-upgrade-'))
  const sqliteFile = join(dir, 'old.sqlite')
  const file = new Sqlite(sqliteFile)
  file.pragma('foreign_keys = off')
  t.after(() => {
    file.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return {
    where: { sqliteFile, postgresUrl: '' },
    run: async (sql) => void file.exec(sql),
    async insert(table, row) {
      const names = Object.keys(row)
      file
        .prepare(`insert into "${table}" (${names.map((name) => `"${name}"`)}) values (${names.map(() => '?')})`)
        .run(Object.values(row).map((value) => (typeof value === 'boolean' ? Number(value) : value)))
    },
    rows: async (table, columns) => file.prepare(`select ${columns.map((name) => `"${name}"`)} from "${table}"`).all() as Row[]
  }
}

/** The tables of the first version, with their columns. */
function firstTables(): Map<string, Column[]> {
  const snapshot = JSON.parse(readFileSync(join(folder, 'meta/0000_snapshot.json'), 'utf8')) as {
    tables: Record<string, { name: string; columns: Record<string, Column> }>
  }
  return new Map(Object.values(snapshot.tables).map(({ name, columns }) => [name, Object.values(columns)]))
}

function valueFor({ name, type }: Column): unknown {
  if (type === 'boolean') return true
  if (type === 'jsonb' || ['input', 'copy', 'value'].includes(name)) return '{}'
  return type === 'text' ? `old ${name}` : 1
}

test('A database of the first version becomes one of this version, and every row in it is what it was', async (t) => {
  const old = await openOld(t)
  const [first] = journal.entries
  await old.run(readFileSync(join(folder, `${first!.tag}.sql`), 'utf8').replaceAll('--> statement-breakpoint', ''))
  if (dialect === 'postgres') await old.run('create schema drizzle')
  const kept = dialect === 'postgres' ? 'drizzle.__drizzle_migrations' : '__drizzle_migrations'
  await old.run(
    `create table ${kept} (id ${dialect === 'postgres' ? 'serial' : 'integer'} primary key, hash text not null, created_at ${dialect === 'postgres' ? 'bigint' : 'numeric'})`
  )
  await old.run(`insert into ${kept} (hash, created_at) values ('first', ${first!.when})`)
  const tables = firstTables()
  const before = new Map<string, Row[]>()
  for (const [table, columns] of tables) {
    await old.insert(
      table,
      Object.fromEntries(columns.filter((each) => each.notNull && each.default === undefined).map((each) => [each.name, valueFor(each)]))
    )
    before.set(
      table,
      await old.rows(
        table,
        columns.map(({ name }) => name)
      )
    )
  }
  const database = await openDatabase(old.where, { now: () => 0, newId: () => 0, react: async () => {} }, () => {})
  t.after(() => database.close())
  let copied = 0
  const { from, to } = await database.migrate({ beforeChange: async () => void copied++ })
  assert.deepEqual([from, to, copied], [1, journal.entries.length, 1])
  assert.ok(to > 1)
  for (const [table, columns] of tables) {
    assert.deepEqual(
      await old.rows(
        table,
        columns.map(({ name }) => name)
      ),
      before.get(table),
      table
    )
    assert.equal(before.get(table)?.length, 1)
  }
  assert.deepEqual(await database.problems(), [])
})
