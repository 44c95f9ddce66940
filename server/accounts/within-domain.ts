import { type AnyColumn, type SQL, sql } from 'drizzle-orm'

/**
 * Whether an account belongs, by its handle or by where its actor lives, to a domain or to one below it: `isWithinDomain` as a condition of a query. Both
 * names stand in one text, each between `.` and `:`, so that one look finds a domain, what lies below it, and either with a port. Ours belong to none.
 */
export function isWithin(far: { domain: AnyColumn; host: AnyColumn }, domain: AnyColumn | SQL | string): SQL {
  const names = sql`('.' || ${far.domain} || ':.' || coalesce(${far.host}, '') || ':')`
  return sql`(${far.domain} is not null and replace(${names}, '.' || ${domain} || ':', '') <> ${names})`
}
