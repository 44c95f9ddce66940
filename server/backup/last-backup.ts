import { eq } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { instanceFacts } from '#db/schema/moderation.ts'

const key = 'lastBackupAt'
const failureKey = 'lastBackupFailedAt'

/** When the copy of the database in the newest complete backup was made, ms since 1970; undefined when there is none. */
export async function findLastBackupAt(db: Reader): Promise<number | undefined> {
  const [found] = await db.select({ value: instanceFacts.value }).from(instanceFacts).where(eq(instanceFacts.key, key))
  return found === undefined ? undefined : Number(found.value)
}

/** When a backup broke off after which none was made, ms since 1970; undefined when the newest one is whole. */
export async function findBackupFailureAt(db: Reader): Promise<number | undefined> {
  const [found] = await db.select({ value: instanceFacts.value }).from(instanceFacts).where(eq(instanceFacts.key, failureKey))
  return found === undefined ? undefined : Number(found.value)
}

export async function noteBackup(tx: Tx, madeAt: number): Promise<void> {
  await note(tx, key, madeAt)
  await tx.delete(instanceFacts).where(eq(instanceFacts.key, failureKey))
}

/** A backup came to nothing: the first page of /admin and the metrics say so until one is made. */
export async function noteBackupFailure(tx: Tx): Promise<void> {
  await note(tx, failureKey, tx.now)
}

async function note(tx: Tx, name: string, at: number): Promise<void> {
  const value = String(at)
  await tx.insert(instanceFacts).values({ key: name, value }).onConflictDoUpdate({ target: instanceFacts.key, set: { value } })
}
