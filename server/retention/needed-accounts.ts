import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import { alias, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as schema from '#db/schema/all.ts'
import { isThere } from '#server/posts/is-there.ts'
import { accountColumns } from '#server/retention/account-columns.ts'

/**
 * Whether anything hangs on an account of another server (`accounts` in the query around it): a row of any column that is a reason to keep it, or a moderator's
 * word on it. Each column is asked by its index.
 */
export function isNeeded(): SQL<boolean> {
  const named = Object.entries(accountColumns).flatMap(([name, rule]) => (rule === 'keeps' ? [isNamedIn(name)] : []))
  const judged = isThere(sql`from audit_entries r where r.target_kind = 'account' and r.target = cast(accounts.id as text)`)
  return sql`(${sql.join([...named, judged], sql` or `)})`
}

function isNamedIn(name: string): SQL {
  const [tableName = '', columnName = ''] = name.split('.')
  const table = (schema as unknown as Record<string, SQLiteTable>)[tableName]
  if (!table) throw new Error(`There is no table ${tableName}.`)
  const column = (alias(table, 'r') as unknown as Record<string, AnyColumn>)[columnName]
  if (!column) throw new Error(`There is no column ${name}.`)
  return isThere(sql`from ${table} r where ${column} = accounts.id`)
}
