import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { SchemaError } from '#db/database.ts'

const connectMs = 10_000
const permissionDenied = '42501'

/** Runs `work` with the address of a new, empty database on the same server, and drops it afterwards. */
export async function withScratchPostgres<T>(url: string, work: (url: string) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs, application_name: 'skerry scratch' })
  await client.connect()
  const name = `skerry_scratch_${randomBytes(6).toString('hex')}`
  try {
    await create(client, name)
    const scratch = new URL(url)
    scratch.pathname = `/${name}`
    try {
      return await work(scratch.href)
    } finally {
      await client.query(`drop database if exists ${name} with (force)`)
    }
  } finally {
    await client.end()
  }
}

async function create(client: pg.Client, name: string): Promise<void> {
  try {
    await client.query(`create database ${name}`)
  } catch (error) {
    if ((error as { code?: string }).code !== permissionDenied) throw error
    const user = client.user ?? 'the user'
    throw new SchemaError(
      `Trying out a copy needs a database of its own, and ${user} may not create one: run "alter role ${user} createdb" as the administrator of PostgreSQL.`
    )
  }
}
