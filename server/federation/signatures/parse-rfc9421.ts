import { isReading, type MessageSignatureClaim, type RequestHead, SignatureFault } from '#server/federation/signatures/claim.ts'
import { digestOfNothing, readContentDigest } from '#server/federation/signatures/digest.ts'
import { checkExpiry, checkMoment } from '#server/federation/signatures/freshness.ts'
import { checkKeyId } from '#server/federation/signatures/key-id.ts'

/**
 * One signature: a label, plain components (parameters on them could narrow what they cover), parameters that are strings or whole
 * numbers. Narrower than the standard's grammar, so that no two parsers can read it in two ways.
 */
const input = /^([a-z*][a-z0-9_.*-]*)=\(((?:"[^"\\]+"(?: "[^"\\]+")*)?)\)((?:;[a-z]+=(?:"[^"\\]*"|\d{1,15}))*)$/
const signatureValue = /^([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]+={0,2}):$/
const parameter = /;([a-z]+)=(?:"([^"\\]*)"|(\d+))/g
const component = /"([^"\\]+)"/g

/** RSA as everybody in the fediverse has it, and Ed25519. */
const algorithms = ['rsa-v1_5-sha256', 'ed25519']

/**
 * Reads `Signature-Input` and `Signature` of RFC 9421. Throws SignatureFault unless there is exactly one signature, which covers method,
 * target (or authority and path) and content-digest (unless it is a GET), was created within 12 hours of `now` (ms) and has not expired.
 */
export function parseRfc9421(head: RequestHead, now: number): MessageSignatureClaim {
  const [, label, components = '', parameters = ''] = input.exec(trimmed(head, 'signature-input')) ?? []
  if (label === undefined) throw new SignatureFault('Signature-Input must hold one plain signature.')
  const [, signedLabel, value = ''] = signatureValue.exec(trimmed(head, 'signature')) ?? []
  if (signedLabel !== label) throw new SignatureFault('The Signature header must hold the one signature of Signature-Input.')
  const isRead = isReading(head.method)
  checkComponents(
    [...components.matchAll(component)].map((found) => found[1] ?? ''),
    isRead
  )
  const params = readParameters(parameters)
  const signedAt = checkMoment(Number(params.get('created') ?? Number.NaN) * 1000, now)
  const expires = params.get('expires')
  if (expires !== undefined) checkExpiry(Number(expires) * 1000, now)
  const algorithm = params.get('alg')
  if (algorithm !== undefined && !algorithms.includes(algorithm))
    throw new SignatureFault(`The algorithm must be ${algorithms.join(' or ')}.`)
  return {
    kind: 'rfc9421',
    keyId: checkKeyId(params.get('keyid') ?? ''),
    algorithm,
    signedAt,
    signature: Buffer.from(value, 'base64'),
    digest: isRead ? digestOfNothing : readContentDigest(trimmed(head, 'content-digest'))
  }
}

function checkComponents(covered: string[], isRead: boolean): void {
  const has = (name: string) => covered.includes(name)
  if (new Set(covered).size !== covered.length) throw new SignatureFault('A component is covered twice.')
  if (!has('@method')) throw new SignatureFault('The signature must cover @method.')
  if (!has('@target-uri') && !(has('@authority') && (has('@path') || has('@request-target')))) {
    throw new SignatureFault('The signature must cover @target-uri, or @authority and @path.')
  }
  if (!isRead && !has('content-digest')) throw new SignatureFault('The signature must cover content-digest.')
}

function readParameters(text: string): Map<string, string> {
  const params = new Map<string, string>()
  for (const [, name = '', quoted, number] of text.matchAll(parameter)) {
    if (params.has(name)) throw new SignatureFault('Signature-Input says a parameter twice.')
    params.set(name, quoted ?? number ?? '')
  }
  return params
}

function trimmed(head: RequestHead, name: string): string {
  const value = head.headers[name]
  if (typeof value !== 'string') throw new SignatureFault(`The ${name} header is missing.`)
  return value.trim()
}
