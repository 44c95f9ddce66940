import { eq } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { instanceFacts } from '#db/schema/moderation.ts'

const key = 'unnamedProxy'

/** A neighbour that passes on the requests of others, and whom TRUST_PROXY did not name when it was seen. */
export interface UnnamedProxy {
  address: string
  /** ms since 1970. */
  seenAt: number
}

export async function findUnnamedProxy(db: Reader): Promise<UnnamedProxy | undefined> {
  const [found] = await db.select({ value: instanceFacts.value }).from(instanceFacts).where(eq(instanceFacts.key, key))
  if (found === undefined) return undefined
  const [seenAt = '', ...address] = found.value.split(' ')
  return { address: address.join(' '), seenAt: Number(seenAt) }
}

/** Written down, since the command line looks from another process. */
export async function noteUnnamedProxy(tx: Tx, address: string): Promise<void> {
  const value = `${tx.now} ${address}`
  await tx.insert(instanceFacts).values({ key, value }).onConflictDoUpdate({ target: instanceFacts.key, set: { value } })
}
