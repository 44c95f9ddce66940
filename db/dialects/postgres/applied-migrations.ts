import type pg from 'pg'

/** Times (drizzle's `when`) of the migrations a database has seen, oldest first; none when it is empty. */
export async function appliedMigrations(client: pg.Client | pg.Pool | pg.PoolClient): Promise<number[]> {
  const has = await client.query(`select to_regclass('drizzle.__drizzle_migrations') as name`)
  if (!has.rows[0]?.name) return []
  const { rows } = await client.query<{ when: string }>('select created_at as "when" from drizzle.__drizzle_migrations order by created_at')
  return rows.map(({ when }) => Number(when))
}
