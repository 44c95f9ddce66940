import type { FastifyRequest } from 'fastify'
import { bodyOf, textOf } from '#server/api/parse-bodies.ts'
import type { ClientProof } from '#server/apps/find-app.ts'
import { OauthRefusal } from '#server/apps/oauth-refusal.ts'

const basicShape = /^Basic +([A-Za-z0-9+/]+=*) *$/i

/**
 * What an app shows of itself: in the Authorization header (RFC 6749, section 2.3.1, where both parts are form-encoded first), or in the body. Refuses
 * `invalid_request` when the two say different things.
 */
export function clientProofOf(request: FastifyRequest): ClientProof {
  const body = bodyOf(request)
  const inBody = { clientId: textOf(body, 'client_id'), clientSecret: textOf(body, 'client_secret') }
  const { authorization } = request.headers
  if (authorization === undefined) return inBody
  const [clientId, clientSecret] = readBasic(authorization)
  const isTorn = (one: string | undefined, other: string | undefined) => one !== undefined && other !== undefined && one !== other
  if (isTorn(inBody.clientId, clientId) || isTorn(inBody.clientSecret, clientSecret))
    throw new OauthRefusal('invalid_request', 'oauth.clientTorn')
  return { clientId, clientSecret }
}

function readBasic(header: string): [string | undefined, string | undefined] {
  const encoded = basicShape.exec(header)?.[1]
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString()
  const at = text.indexOf(':')
  return at < 0 ? [undefined, undefined] : [decodePart(text.slice(0, at)), decodePart(text.slice(at + 1))]
}

function decodePart(text: string): string | undefined {
  return new URLSearchParams(`part=${text.replaceAll('&', '%26')}`).get('part') ?? undefined
}
