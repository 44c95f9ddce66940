import { and, eq, gt } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { oneTimeTokens } from '#db/schema/sign-in.ts'
import { hashToken } from '#server/sign-in/find-session.ts'

const hourMs = 3_600_000

/** How long a link of each purpose works. */
export const linkMs = { 'confirm-email': 72 * hourMs, 'reset-password': hourMs, 'create-owner': 168 * hourMs } as const

export type OneTimeToken = typeof oneTimeTokens.$inferSelect
export type Purpose = OneTimeToken['purpose']

/** Notes a token (random, from `ctx.random`) in the caller's transaction; only its hash is kept. */
export async function storeToken(
  tx: Tx,
  token: string,
  { purpose, accountId, email }: { purpose: Purpose; accountId: number | null; email: string | null }
): Promise<void> {
  await tx
    .insert(oneTimeTokens)
    .values({ tokenHash: hashToken(token), purpose, accountId, email, createdAt: tx.now, expiresAt: tx.now + linkMs[purpose] })
}

/** Whether a link would still work. */
export async function findToken(db: Reader, purpose: Purpose, token: string, now: number): Promise<OneTimeToken | undefined> {
  const [found] = await db
    .select()
    .from(oneTimeTokens)
    .where(isToken(purpose, token, now))
  return found
}

/** Uses a token up: of several who try at once, one gets it. */
export async function takeToken(tx: Tx, purpose: Purpose, token: string): Promise<OneTimeToken | undefined> {
  const [taken] = await tx
    .delete(oneTimeTokens)
    .where(isToken(purpose, token, tx.now))
    .returning()
  return taken
}

/** Makes all open links of a purpose useless, for one account or (the owner's) for everybody. */
export async function dropTokens(tx: Tx, purpose: Purpose, accountId?: number): Promise<void> {
  await tx
    .delete(oneTimeTokens)
    .where(and(eq(oneTimeTokens.purpose, purpose), accountId === undefined ? undefined : eq(oneTimeTokens.accountId, accountId)))
}

function isToken(purpose: Purpose, token: string, now: number) {
  return and(eq(oneTimeTokens.tokenHash, hashToken(token)), eq(oneTimeTokens.purpose, purpose), gt(oneTimeTokens.expiresAt, now))
}
