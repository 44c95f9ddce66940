import { eq } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { instanceFacts } from '#db/schema/moderation.ts'

const key = 'lastBackupAt'

/** When the copy of the database in the newest complete backup was made, ms since 1970; undefined when there is none. */
export async function findLastBackupAt(db: Reader): Promise<number | undefined> {
  const [found] = await db.select({ value: instanceFacts.value }).from(instanceFacts).where(eq(instanceFacts.key, key))
  return found === undefined ? undefined : Number(found.value)
}

export async function noteBackup(tx: Tx, madeAt: number): Promise<void> {
  const value = String(madeAt)
  await tx.insert(instanceFacts).values({ key, value }).onConflictDoUpdate({ target: instanceFacts.key, set: { value } })
}
