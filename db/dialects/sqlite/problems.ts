import type BetterSqlite3 from 'better-sqlite3'

const shownMax = 10

/** What is wrong with the database file, one sentence each: damaged pages and indexes, and rows that refer to nothing. Reads all of it. */
export function problemsOfSqlite(connection: BetterSqlite3.Database): string[] {
  const damage = connection.pragma(`integrity_check(${shownMax})`) as { integrity_check: string }[]
  const orphans = connection.pragma('foreign_key_check') as { table: string; rowid: number; parent: string }[]
  return [
    ...damage.filter((row) => row.integrity_check !== 'ok').map((row) => `The database file is damaged: ${row.integrity_check}`),
    ...orphans.slice(0, shownMax).map((row) => `Row ${row.rowid} of ${row.table} refers to a row of ${row.parent} that is not there.`)
  ]
}
