import { eq, sql } from 'drizzle-orm'
import { prepare } from '#db/reader.ts'
import { accountKeys } from '#db/schema/accounts.ts'

const ofAccount = prepare((db) =>
  db
    .select({ uri: accountKeys.uri, kind: accountKeys.kind, publicPem: accountKeys.publicPem, privateSealed: accountKeys.privateSealed })
    .from(accountKeys)
    .where(eq(accountKeys.accountId, sql.placeholder('accountId')))
    .orderBy(accountKeys.id)
)

export type KeyRow = Awaited<ReturnType<typeof ofAccount>>[number]

/** An account's keys, oldest first; the private halves of our own are sealed. */
export function findKeys(db: Parameters<typeof ofAccount>[0], accountId: number): Promise<KeyRow[]> {
  return ofAccount(db, { accountId })
}
