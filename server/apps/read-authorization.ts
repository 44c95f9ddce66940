import type { Reader } from '#db/reader.ts'
import { type App, findApp } from '#server/apps/find-app.ts'
import type { OauthError } from '#server/apps/oauth-refusal.ts'
import { defaultScope, isForStaff, readScopes, type Scope, staysWithin } from '#server/apps/scopes.ts'
import { hasRole, type Person } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'

/** SHA-256 in base64url without padding (RFC 7636, section 4.2). */
const challengeShape = /^[A-Za-z0-9_-]{43}$/

/** What an app asks somebody for through their browser (RFC 6749, section 4.1.1, with RFC 7636). */
export interface Authorization {
  app: App
  /** One of those the app registered, byte for byte. */
  redirectUri: string
  /** To be given back as it came; undefined when there was none. */
  state: string | undefined
  scopes: Scope[]
  /** Null where the app brings no proof key. */
  codeChallenge: string | null
}

/** What cannot be granted, although it is known who asks: told to the person, and to the app by the name of the error. */
export interface FaultyAuthorization extends Pick<Authorization, 'app' | 'redirectUri' | 'state'> {
  error: OauthError
  /** The message that says so. */
  key: string
}

type Parameters = Readonly<Record<string, string | string[] | undefined>>

/**
 * Reads what an app asks for. Who asks and where the answer goes come first: Refusal('malformed') when the app is unknown or the address is none of its own, and
 * nobody is led anywhere (section 3.1.2.4). `who` bounds what can be granted: nobody gives away more than they have.
 */
export async function readAuthorization(
  db: Reader,
  given: Parameters,
  who: Person | undefined
): Promise<Authorization | FaultyAuthorization> {
  // A parameter that comes twice means two things (section 3.1).
  if (Object.values(given).some((value) => Array.isArray(value))) throw new Refusal('malformed', 'authorize.repeated')
  const parameters = given as Readonly<Record<string, string | undefined>>
  const { client_id: clientId = '', redirect_uri: redirectUri = '', state } = parameters
  const app = await findApp(db, clientId)
  if (!app) throw new Refusal('malformed', 'authorize.appUnknown')
  if (!app.redirectUris.includes(redirectUri)) throw new Refusal('malformed', 'authorize.redirectUnknown', { app: app.name })
  const asking = { app, redirectUri, state }

  if (parameters.response_type !== 'code') return { ...asking, error: 'unsupported_response_type', key: 'authorize.responseType' }
  const asked = readScopes(parameters.scope?.trim() ? parameters.scope : defaultScope)
  if (!asked || !staysWithin(asked, app.scopes)) return { ...asking, error: 'invalid_scope', key: 'authorize.scopeUnfit' }
  const scopes = asked.filter((scope) => !isForStaff(scope) || hasRole(who, 'moderator'))
  if (who && scopes.length === 0) return { ...asking, error: 'invalid_scope', key: 'authorize.staffOnly' }
  const { code_challenge: challenge, code_challenge_method: method } = parameters
  if (challenge === undefined && method === undefined) return { ...asking, scopes, codeChallenge: null }
  // Without a method `plain` is meant (RFC 7636, section 4.3), which proves nothing to whoever reads along.
  if (method !== 'S256' || challenge === undefined || !challengeShape.test(challenge))
    return { ...asking, error: 'invalid_request', key: 'authorize.challengeUnfit' }
  return { ...asking, scopes, codeChallenge: challenge }
}

export function isFaulty(asked: Authorization | FaultyAuthorization): asked is FaultyAuthorization {
  return 'error' in asked
}
