import { type SQL, sql } from 'drizzle-orm'

/**
 * Whether a subquery (`from … where …`) gives a row. A scalar and not EXISTS: PostgreSQL answers it by index for the row at hand, while it may turn
 * EXISTS into one scan of the whole table when it expects many rows before the limit of a page.
 */
export function isThere(query: SQL): SQL {
  return sql`((select 1 ${query} limit 1) is not null)`
}
