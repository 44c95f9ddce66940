import { type Column, type SQL, sql } from 'drizzle-orm'

const searchCharactersMax = 200

/** What somebody searched for, in the one spelling that keys have: lower case, without white space around it, bounded. */
export function searchKey(typed: string): string {
  return typed.trim().slice(0, searchCharactersMax).toLowerCase()
}

/** Whether a text holds some words as they stand. Upper and lower case of the text count on PostgreSQL: ask columns that are keys, or fold them. */
export function contains(column: Column | SQL, words: string): SQL {
  return sql`${column} like ${`%${words.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`
}
