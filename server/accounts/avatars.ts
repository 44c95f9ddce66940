import { inArray } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import type { Account } from '#server/accounts/who.ts'

/** Public keys of the accounts' pictures, by account id; one that has none is left out. */
export async function avatarKeysOf(db: Reader, accounts: readonly Pick<Account, 'id' | 'avatarId'>[]): Promise<Map<number, string>> {
  const ids = accounts.flatMap(({ avatarId }) => (avatarId === null ? [] : [avatarId]))
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: media.id, key: media.key })
    .from(media)
    .where(inArray(media.id, [...new Set(ids)]))
  const keys = new Map(rows.map(({ id, key }) => [id, key]))
  return new Map(
    accounts.flatMap(({ id, avatarId }) => (avatarId !== null && keys.has(avatarId) ? [[id, keys.get(avatarId)!] as const] : []))
  )
}

/** Public keys of one account's picture and header image; undefined where it has none. */
export async function profilePicturesOf(
  db: Reader,
  { avatarId, headerId }: Pick<Account, 'avatarId' | 'headerId'>
): Promise<{ avatarKey: string | undefined; headerKey: string | undefined }> {
  const ids = [avatarId, headerId].filter((id) => id !== null)
  if (ids.length === 0) return { avatarKey: undefined, headerKey: undefined }
  const rows = await db.select({ id: media.id, key: media.key }).from(media).where(inArray(media.id, ids))
  const keyOf = (id: number | null) => rows.find((row) => row.id === id)?.key
  return { avatarKey: keyOf(avatarId), headerKey: keyOf(headerId) }
}
