import { type ClientProof, proveApp } from '#server/apps/find-app.ts'
import { type IssuedToken, issueToken } from '#server/apps/issue-token.ts'
import { OauthRefusal } from '#server/apps/oauth-refusal.ts'
import { defaultScope, isForStaff, readScopes, staysWithin } from '#server/apps/scopes.ts'
import type { Context } from '#server/context.ts'

/** A token for the app itself, which acts for nobody (RFC 6749, section 4.4). Refuses `invalid_client`, `invalid_scope`. */
export async function grantToApp(ctx: Context, { scope, ...proof }: ClientProof & { scope: string | undefined }): Promise<IssuedToken> {
  const app = await proveApp(ctx.db, proof)
  const asked = readScopes(scope?.trim() ? scope : defaultScope)
  if (!asked || !staysWithin(asked, app.scopes) || asked.some(isForStaff)) throw new OauthRefusal('invalid_scope', 'oauth.scopeUnfit')
  const token = ctx.random.token()
  return ctx.transact((tx) => issueToken(tx, token, { appId: app.id, accountId: null, codeId: null, scopes: asked }))
}
