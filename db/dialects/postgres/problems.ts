import type pg from 'pg'

/**
 * What is wrong with the database, one sentence each. PostgreSQL holds keys and pages together by itself; what can be left behind
 * are indexes whose building broke off and constraints that were never checked.
 */
export async function problemsOfPostgres(pool: pg.Pool): Promise<string[]> {
  const indexes = await pool.query<{ name: string }>(
    `select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indexrelid
     where not (i.indisvalid and i.indisready) and c.relnamespace = 'public'::regnamespace`
  )
  const constraints = await pool.query<{ name: string }>(
    `select conname::text as name from pg_constraint where not convalidated and connamespace = 'public'::regnamespace`
  )
  return [
    ...indexes.rows.map(({ name }) => `The index ${name} is not valid: run "reindex index ${name}".`),
    ...constraints.rows.map(({ name }) => `The constraint ${name} was never checked against all rows.`)
  ]
}
