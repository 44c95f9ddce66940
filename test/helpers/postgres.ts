import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { dialectOfProcess } from '#db/dialect.ts'
import { migrationsFolder } from '#db/journal.ts'
import { openDatabase } from '#db/open.ts'
import { startPostgres } from '#test/helpers/postgres-server.ts'

/** Guards the making of the template against the other test processes. */
const templateLock = 7_281_945
const dropTriesMax = 100
const dropRetryMs = 100

if (process.env.TEST_DATABASE === 'postgres' && dialectOfProcess() !== 'postgres') {
  throw new Error(
    'TEST_DATABASE=postgres needs "--import ./db/dialects/postgres/choose.ts" before the test files; "npm test -- <files>" adds it.'
  )
}

let admin: Promise<pg.Pool> | undefined
let template: Promise<string> | undefined

/**
 * A database of the test's own with the schema in place; gives its address. It lies on the server of TEST_POSTGRES_URL, else on
 * one that this process starts for itself, and is dropped once the test and its instance have let go of it.
 */
export async function createTestDatabase(t: TestContext): Promise<string> {
  const server = await adminPool()
  const source = await migratedTemplate(server)
  const name = `skerry_test_${randomBytes(8).toString('hex')}`
  await server.query(`create database ${name} template ${source} strategy file_copy`)
  t.after(() => {
    // Not awaited: what runs after a test runs in the order it was asked for, so the instance closes its connections after this.
    void dropWhenFree(server, name)
  })
  return addressOf(server, name)
}

/** An empty database of the test's own, without the schema, for tests of migrating itself. */
export async function createEmptyDatabase(t: TestContext): Promise<string> {
  const server = await adminPool()
  const name = `skerry_test_${randomBytes(8).toString('hex')}`
  await server.query(`create database ${name}`)
  t.after(() => void dropWhenFree(server, name))
  return addressOf(server, name)
}

function adminPool(): Promise<pg.Pool> {
  admin ??= (async () => {
    const url = process.env.TEST_POSTGRES_URL || (await startPostgres()).url
    const pool = new pg.Pool({ connectionString: url, max: 2, idleTimeoutMillis: 1000, allowExitOnIdle: true })
    pool.on('error', () => undefined) // A server that goes away while nothing is asked of it shows at the next question.
    return pool
  })()
  return admin
}

/** Migrated once a server, whatever the number of test processes; a changed migration gives a template of another name. */
function migratedTemplate(server: pg.Pool): Promise<string> {
  template ??= (async () => {
    const name = `skerry_template_${hashOfMigrations()}`
    const client = await server.connect()
    try {
      await client.query('select pg_advisory_lock($1)', [templateLock])
      const found = await client.query('select 1 from pg_database where datname = $1', [name])
      if (found.rowCount === 0) await makeTemplate(client, name)
    } finally {
      await client.query('select pg_advisory_unlock($1)', [templateLock])
      client.release()
    }
    return name
  })()
  return template
}

async function makeTemplate(client: pg.PoolClient, name: string): Promise<void> {
  const draft = `${name}_draft`
  await client.query(`drop database if exists ${draft} with (force)`)
  await client.query(`create database ${draft}`)
  const postgresUrl = addressOf(await adminPool(), draft)
  const database = await openDatabase({ sqliteFile: '', postgresUrl }, { now: () => 0, newId: () => 0, react: async () => {} }, () => {})
  await database.migrate({ beforeChange: async () => {} })
  await database.close()
  // The name appears only when all of it is there.
  await client.query(`alter database ${draft} rename to ${name}`)
}

/** Drops a database as soon as nobody is connected, and with force when somebody still is after ten seconds. */
async function dropWhenFree(server: pg.Pool, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await server.query(`drop database if exists ${name}${tries < dropTriesMax ? '' : ' with (force)'}`)
      return
    } catch (error) {
      const isInUse = (error as { code?: string }).code === '55006'
      if (!isInUse || tries >= dropTriesMax) throw error
      await wait(dropRetryMs)
    }
  }
}

function hashOfMigrations(): string {
  const folder = migrationsFolder('postgres')
  const hash = createHash('sha256')
  for (const file of readdirSync(folder)
    .filter((entry) => entry.endsWith('.sql'))
    .sort())
    hash.update(readFileSync(join(folder, file)))
  return hash.digest('hex').slice(0, 16)
}

function addressOf({ options }: pg.Pool, database: string): string {
  const url = new URL(options.connectionString ?? '')
  url.pathname = `/${database}`
  return url.href
}
