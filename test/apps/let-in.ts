import type { Person } from '#server/accounts/who.ts'
import { allowApp } from '#server/apps/allow-app.ts'
import { exchangeCode } from '#server/apps/exchange-code.ts'
import { outOfBand } from '#server/apps/redirect-uris.ts'
import { type RegisteredApp, registerApp } from '#server/apps/register-app.ts'
import type { Context } from '#server/context.ts'

const redirectUri = 'https://client.test/callback'

/** An app that introduced itself. */
export function introduce(ctx: Context, name: string): Promise<RegisteredApp> {
  const input = { name, website: 'https://client.test', redirectUris: [redirectUri], scopes: 'read write follow push' }
  return registerApp(ctx, input, '192.0.2.7')
}

/** The address at which an app asks to be let in. */
export function askingPath({ app }: RegisteredApp): string {
  const asks = { response_type: 'code', client_id: app.clientId, redirect_uri: redirectUri, scope: 'read' }
  return `/oauth/authorize?${new URLSearchParams(asks)}`
}

/** The page that hands somebody a code to carry over. */
export async function handedCodePath(ctx: Context, who: Person, { app }: RegisteredApp): Promise<string> {
  const code = await allowApp(ctx, who, { app, redirectUri: outOfBand, scopes: app.scopes, codeChallenge: null })
  return `/oauth/authorize/native?code=${code}`
}

/** An app that somebody let in, without any page: its id, and the token it acts with. */
export async function letIn(ctx: Context, who: Person, name: string): Promise<{ appId: number; token: string }> {
  const { app, clientSecret } = await introduce(ctx, name)
  const code = await allowApp(ctx, who, { app, redirectUri, scopes: app.scopes, codeChallenge: null })
  const grant = { clientId: app.clientId, clientSecret, code, redirectUri, codeVerifier: undefined }
  const { token } = await exchangeCode(ctx, grant)
  return { appId: app.id, token }
}
