import { createHash } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { appCodes, appTokens } from '#db/schema/apps.ts'
import { type App, type ClientProof, proveApp } from '#server/apps/find-app.ts'
import { type IssuedToken, issueToken } from '#server/apps/issue-token.ts'
import { OauthRefusal } from '#server/apps/oauth-refusal.ts'
import { revokeTokensOfCode } from '#server/apps/revoke-tokens.ts'
import type { Scope } from '#server/apps/scopes.ts'
import type { Context } from '#server/context.ts'
import { isWithinLimit } from '#server/sign-in/attempts.ts'
import { hashToken } from '#server/sign-in/find-session.ts'
import { enqueueMail } from '#server/sign-in/mails.ts'

/** Mails about new apps to one person. */
const mailLimit = { max: 5, windowMs: 3_600_000 }
const verifierShape = /^[A-Za-z0-9\-._~]{43,128}$/

/** What an app gives in for a token (RFC 6749, section 4.1.3); undefined parts were not sent. */
export interface CodeGrant extends ClientProof {
  code: string | undefined
  redirectUri: string | undefined
  codeVerifier: string | undefined
}

type Code = typeof appCodes.$inferSelect

/**
 * Gives a token for a code. A code is used up by the first try of its own app, right or wrong: of two at once one gets a token, and the second takes that token
 * back, since one of the two is a thief. Another app can do nothing with it. Refuses `invalid_client`, `invalid_request`, `invalid_grant`.
 */
export async function exchangeCode(ctx: Context, grant: CodeGrant): Promise<IssuedToken> {
  const app = await proveApp(ctx.db, grant)
  const { code } = grant
  if (code === undefined) throw new OauthRefusal('invalid_request', 'oauth.codeMissing')
  const token = ctx.random.token()
  // What a wrong try used up stays used up: the refusal comes after the transaction.
  const issued = await ctx.transact(async (tx) => {
    const ofApp = and(eq(appCodes.codeHash, hashToken(code)), eq(appCodes.appId, app.id))
    const [taken] = await tx
      .update(appCodes)
      .set({ usedAt: tx.now })
      .where(and(ofApp, isNull(appCodes.usedAt)))
      .returning()
    if (taken) return isGood(taken, grant, tx.now) ? letIn(tx, token, { app, code: taken }) : undefined
    const [used] = await tx.select({ id: appCodes.id }).from(appCodes).where(ofApp)
    if (used) await revokeTokensOfCode(tx, used.id)
    return undefined
  })
  if (!issued) throw new OauthRefusal('invalid_grant', 'oauth.codeUnfit')
  return issued
}

function isGood({ expiresAt, redirectUri, codeChallenge }: Code, grant: CodeGrant, now: number): boolean {
  return expiresAt > now && redirectUri === grant.redirectUri && isProved(codeChallenge, grant.codeVerifier)
}

/** RFC 7636, section 4.6; a verifier where there was no challenge means that somebody took the challenge away (RFC 9700, section 2.1.1). */
function isProved(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null) return verifier === undefined
  return verifier !== undefined && verifierShape.test(verifier) && createHash('sha256').update(verifier).digest('base64url') === challenge
}

/** The token, and a word to its person by mail when this app was none of theirs so far. */
async function letIn(tx: Tx, token: string, { app, code }: { app: App; code: Code }): Promise<IssuedToken | undefined> {
  const { accountId } = code
  const [account] = await tx.select().from(accounts).where(eq(accounts.id, accountId))
  if (!account || account.suspendedAt !== null || account.deletedAt !== null) return undefined
  const isMine = and(eq(appTokens.appId, app.id), eq(appTokens.accountId, accountId), isNull(appTokens.revokedAt))
  const known = await tx.select({ id: appTokens.id }).from(appTokens).where(isMine).limit(1)
  if (known.length === 0 && (await isWithinLimit(tx, `new app of ${accountId}`, mailLimit)))
    await enqueueMail(tx, 'new-app', { accountId, app: app.name })
  return issueToken(tx, token, { appId: app.id, accountId, codeId: code.id, scopes: code.scopes as Scope[] })
}
