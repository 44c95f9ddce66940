import { Refusal, type RefusalKind, type RefusalValues } from '#server/errors.ts'

/** Errors that apps know by name (RFC 6749, sections 4.1.2.1 and 5.2). */
export type OauthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'access_denied'

const kinds: Partial<Record<OauthError, RefusalKind>> = { invalid_client: 'unauthenticated', unauthorized_client: 'forbidden' }

/** An app is refused something: the name is for the app, the message for whoever writes it. */
export class OauthRefusal extends Refusal {
  readonly error: OauthError

  constructor(error: OauthError, key: string, values: RefusalValues = {}) {
    super(kinds[error] ?? 'malformed', key, values)
    this.error = error
  }
}
