import { and, eq, inArray, ne } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'

export interface KnownPerson {
  id: number
  isOurs: boolean
  isGroup: boolean
}

/** Those of a few hundred ids of actors that are known here, by id of the actor. */
export async function findByUris(db: Reader, uris: readonly string[]): Promise<Map<string, KnownPerson>> {
  if (uris.length === 0) return new Map()
  const rows = await db
    .select({ id: accounts.id, uri: accounts.uri, domain: accounts.domain, type: accounts.type })
    .from(accounts)
    .where(inArray(accounts.uri, [...new Set(uris)]))
  return new Map(rows.map((row) => [row.uri, { id: row.id, isOurs: row.domain === null, isGroup: row.type === 'Group' }]))
}

/** The id of another actor that holds this handle already; `domain` normalised. */
export async function findOtherHolder(db: Reader, handle: { name: string; domain: string }, uri: string): Promise<string | undefined> {
  const [holder] = await db
    .select({ uri: accounts.uri })
    .from(accounts)
    .where(and(eq(accounts.nameKey, handle.name.toLowerCase()), eq(accounts.domain, handle.domain), ne(accounts.uri, uri)))
    .limit(1)
  return holder?.uri
}
