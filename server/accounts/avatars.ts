import { inArray } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import type { Account } from '#server/accounts/who.ts'

/** Public keys of the accounts' pictures, by account id; one that has none is left out. */
export async function avatarKeysOf(db: Reader, accounts: readonly Pick<Account, 'id' | 'avatarId'>[]): Promise<Map<number, string>> {
  const ids = accounts.flatMap(({ avatarId }) => (avatarId === null ? [] : [avatarId]))
  if (ids.length === 0) return new Map()
  const rows = await db.select({ id: media.id, key: media.key }).from(media).where(inArray(media.id, [...new Set(ids)]))
  const keys = new Map(rows.map(({ id, key }) => [id, key]))
  return new Map(accounts.flatMap(({ id, avatarId }) => (avatarId !== null && keys.has(avatarId) ? [[id, keys.get(avatarId)!] as const] : [])))
}
