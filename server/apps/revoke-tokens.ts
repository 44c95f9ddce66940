import { and, eq, isNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { appCodes, appTokens } from '#db/schema/apps.ts'

/** Takes back what one app, or every app, may do for somebody: tokens, and codes that were not given in yet. False when there was nothing of it. */
export async function revokeTokens(tx: Tx, accountId: number, appId?: number): Promise<boolean> {
  const codes = await tx
    .delete(appCodes)
    .where(and(eq(appCodes.accountId, accountId), isNull(appCodes.usedAt), appId === undefined ? undefined : eq(appCodes.appId, appId)))
    .returning({ id: appCodes.id })
  const tokens = await tx
    .update(appTokens)
    .set({ revokedAt: tx.now })
    .where(
      and(eq(appTokens.accountId, accountId), isNull(appTokens.revokedAt), appId === undefined ? undefined : eq(appTokens.appId, appId))
    )
    .returning({ id: appTokens.id })
  return codes.length + tokens.length > 0
}

/** Takes back what a code was given for: it came a second time, so that somebody has it who should not (RFC 6749, section 4.1.2). */
export async function revokeTokensOfCode(tx: Tx, codeId: number): Promise<void> {
  await tx
    .update(appTokens)
    .set({ revokedAt: tx.now })
    .where(and(eq(appTokens.codeId, codeId), isNull(appTokens.revokedAt)))
}
