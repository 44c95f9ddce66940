import { inArray } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { histories } from '#db/schema/histories.ts'
import { media } from '#db/schema/media.ts'
import { removeMediaRows } from '#server/media/remove-media.ts'

/**
 * Takes accounts of other servers on which nothing hangs out of the database, as if they had never been met, with their keys, pictures and whatever was noted of
 * reading them. Who is met again is read again, under another number. Returns how many went.
 */
export async function forgetAccounts(tx: Tx, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0
  const list = [...ids]
  await removeMediaRows(tx, await tx.select().from(media).where(inArray(media.accountId, list)))
  await tx.delete(histories).where(inArray(histories.accountId, list))
  // Keys go by their cascading key.
  const gone = await tx.delete(accounts).where(inArray(accounts.id, list)).returning({ id: accounts.id })
  return gone.length
}
