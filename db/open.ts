import type { Carried, Database } from '#db/database.ts'
import { dialectOfProcess } from '#db/dialect.ts'

/** Opens the database of this process's dialect. `onError` hears of connections lost outside any query. */
export async function openDatabase(
  where: { sqliteFile: string; postgresUrl: string },
  carried: Carried,
  onError: (error: Error) => void
): Promise<Database> {
  if (dialectOfProcess() === 'postgres') {
    const { openPostgres } = await import('#db/dialects/postgres/open.ts')
    return openPostgres(where.postgresUrl, carried, onError)
  }
  const { openSqlite } = await import('#db/dialects/sqlite/open.ts')
  return openSqlite(where.sqliteFile, carried)
}
