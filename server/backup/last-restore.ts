import { eq } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { instanceFacts } from '#db/schema/moderation.ts'

const key = 'lastRestoreAt'

/** When this database was restored from a backup, ms since 1970; undefined when it never was. */
export async function findRestoreAt(db: Reader): Promise<number | undefined> {
  const [found] = await db.select({ value: instanceFacts.value }).from(instanceFacts).where(eq(instanceFacts.key, key))
  return found === undefined ? undefined : Number(found.value)
}

export async function noteRestore(tx: Tx): Promise<void> {
  const value = String(tx.now)
  await tx.insert(instanceFacts).values({ key, value }).onConflictDoUpdate({ target: instanceFacts.key, set: { value } })
}
