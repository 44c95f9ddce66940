import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import * as v from 'valibot'
import { Refusal } from '#server/errors.ts'

/** Longer than what any authenticator sends without an attestation. */
const answerCharactersMax = 20_000
const bytes = v.pipe(v.string(), v.maxLength(10_000), v.regex(/^[A-Za-z0-9_-]*$/))
const id = v.pipe(v.string(), v.maxLength(1_400), v.regex(/^[A-Za-z0-9_-]+$/))
const frame = { id, rawId: id, type: v.literal('public-key') }

const registration = v.object({
  ...frame,
  response: v.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(20))), v.maxLength(20)))
  })
})
const assertion = v.object({
  ...frame,
  response: v.object({ clientDataJSON: bytes, authenticatorData: bytes, signature: bytes, userHandle: v.nullish(bytes) })
})
const clientData = v.object({ challenge: v.pipe(v.string(), v.maxLength(500)) })

/** What a browser answered, and the challenge it says it answers (base64url). */
export interface Registration {
  response: RegistrationResponseJSON
  challenge: string
}

export interface Assertion {
  response: AuthenticationResponseJSON
  challenge: string
}

/** The answer to being asked for a new passkey (WebAuthn level 3, RegistrationResponseJSON). Refusals `malformed`, `unsupported`. */
export function readRegistration(text: string): Registration {
  refuseEmpty(text)
  const { id, rawId, type, response } = read(registration, text)
  return {
    response: { id, rawId, type, clientExtensionResults: {}, response: response as RegistrationResponseJSON['response'] },
    challenge: challengeIn(response.clientDataJSON)
  }
}

/** The answer to being asked for a signature (WebAuthn level 3, AuthenticationResponseJSON). Refusals `malformed`, `unsupported`. */
export function readAssertion(text: string): Assertion {
  refuseEmpty(text)
  const { id, rawId, type, response } = read(assertion, text)
  const { userHandle, ...rest } = response
  return {
    response: { id, rawId, type, clientExtensionResults: {}, response: { ...rest, userHandle: userHandle ?? undefined } },
    challenge: challengeIn(response.clientDataJSON)
  }
}

function challengeIn(clientDataJson: string): string {
  return read(clientData, Buffer.from(clientDataJson, 'base64url').toString()).challenge
}

/** A browser without JavaScript sends the form as it stands. */
function refuseEmpty(text: string): void {
  if (text === '') throw new Refusal('unsupported', 'passkey.needsScript')
}

function read<S extends v.GenericSchema>(schema: S, text: string): v.InferOutput<S> {
  const result = v.safeParse(schema, text.length > answerCharactersMax ? undefined : parse(text))
  if (!result.success) throw new Refusal('malformed', 'passkey.unreadable')
  return result.output
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
