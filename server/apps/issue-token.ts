import { and, desc, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { appTokens } from '#db/schema/apps.ts'
import type { Scope } from '#server/apps/scopes.ts'
import { hashToken } from '#server/sign-in/find-session.ts'

/** Tokens of one app for one person (each device of theirs has its own), or of one app for itself; older ones end. */
const tokensMax = 50
const endedAtOnceMax = 100

/** What an app holds once it may act: the token is told this once. */
export interface IssuedToken {
  token: string
  scopes: Scope[]
  createdAt: number
}

/** Writes a token (random, from `ctx.random`) in the caller's transaction; only its hash is kept. `accountId` is null for the app itself. */
export async function issueToken(
  tx: Tx,
  token: string,
  { appId, accountId, codeId, scopes }: { appId: number; accountId: number | null; codeId: number | null; scopes: Scope[] }
): Promise<IssuedToken> {
  await tx.insert(appTokens).values({ id: tx.newId(), tokenHash: hashToken(token), appId, accountId, codeId, scopes, createdAt: tx.now })
  const old = await tx
    .select({ id: appTokens.id })
    .from(appTokens)
    .where(
      and(
        eq(appTokens.appId, appId),
        accountId === null ? isNull(appTokens.accountId) : eq(appTokens.accountId, accountId),
        isNull(appTokens.revokedAt)
      )
    )
    .orderBy(desc(appTokens.id))
    .limit(endedAtOnceMax)
    .offset(tokensMax)
  const areOld = inArray(
    appTokens.id,
    old.map(({ id }) => id)
  )
  // Anybody may introduce an app and have it ask for tokens all day long: of those there is no row for every one that ever was.
  if (old.length > 0 && accountId === null) await tx.delete(appTokens).where(areOld)
  else if (old.length > 0) await tx.update(appTokens).set({ revokedAt: tx.now }).where(areOld)
  return { token, scopes, createdAt: tx.now }
}
