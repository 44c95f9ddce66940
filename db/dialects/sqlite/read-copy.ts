import BetterSqlite3 from 'better-sqlite3'
import { SchemaError } from '#db/database.ts'

/** Migrations applied in a copy of a database, and its rows by table (what search indexes keep for themselves left out). */
export function readSqliteCopy(file: string): { migrations: number[]; rows: Record<string, number> } {
  let connection: BetterSqlite3.Database | undefined
  try {
    connection = new BetterSqlite3(file, { readonly: true, fileMustExist: true })
    const names = connection.pragma('table_list') as { schema: string; name: string; type: string }[]
    const tables = names.filter(({ schema, name, type }) => schema === 'main' && type === 'table' && !name.startsWith('sqlite_'))
    const count = (name: string) => connection!.prepare(`select count(*) as rows from "${name}"`).get() as { rows: number }
    const rows = Object.fromEntries(tables.map(({ name }) => [name, count(name).rows]).sort())
    const isMigrated = tables.some(({ name }) => name === '__drizzle_migrations')
    const applied = isMigrated ? connection.prepare('select created_at as "when" from __drizzle_migrations order by created_at').all() : []
    return { migrations: applied.map((row) => Number((row as { when: number }).when)), rows }
  } catch (error) {
    throw new SchemaError(`The copy ${file} cannot be read: ${(error as Error).message}`, { cause: error })
  } finally {
    connection?.close()
  }
}
