import httpSignature from 'http-signature'
import { type CavageClaim, isReading, type RequestHead, SignatureFault } from '#server/federation/signatures/claim.ts'
import { digestOfNothing, readDigest } from '#server/federation/signatures/digest.ts'
import { checkDate, checkExpiry, checkMoment } from '#server/federation/signatures/freshness.ts'
import { checkKeyId } from '#server/federation/signatures/key-id.ts'

const target = '(request-target)'
const covers = [target, 'host', 'digest']
/** A request without a body has nothing to digest. */
const coversOfRead = [target, 'host']
/** Sticky: a value may hold a comma, and whatever stands between two parameters but commas and white space is malformed. */
const parameter = /,*\s*([A-Za-z]+)=(?:"([^"]*)"|(\d+))\s*(?:,+|$)/y
const coverable = /^(?:[a-z0-9-]+|\((?:request-target|created|expires)\))$/
const base64 = /^[A-Za-z0-9+/]+={0,2}$/
/** Our own clock decides (freshness.ts); the library is to have no opinion. */
const anySkewSeconds = Number.MAX_SAFE_INTEGER

/** What each name of an algorithm lets a key be. `hs2019` and silence leave it to the key; RSA is always with SHA-256. */
const keyKindsOf: Record<string, CavageClaim['keyKinds']> = {
  '': ['rsa', 'ed25519'],
  hs2019: ['rsa', 'ed25519'],
  'rsa-sha256': ['rsa'],
  ed25519: ['ed25519'],
  'ed25519-sha512': ['ed25519']
}

/**
 * Reads a draft-cavage `Signature` header. Throws SignatureFault unless it is unambiguous, covers (request-target), host, digest (unless
 * it is a GET) and a date or (created) within 12 hours of `now` (ms), and names an absolute http(s) URL as its key.
 */
export function parseCavage(head: RequestHead, now: number): CavageClaim {
  const params = readParameters(single(head, 'signature'))
  const keyId = checkKeyId(params.get('keyId') ?? '')
  const keyKinds = keyKindsOf[(params.get('algorithm') ?? '').toLowerCase()]
  if (!keyKinds) throw new SignatureFault('The algorithm must be rsa-sha256, ed25519, hs2019, or not named.')
  const covered = (params.get('headers') ?? '').toLowerCase().split(' ')
  const isRead = isReading(head.method)
  checkCovered(covered, isRead ? coversOfRead : covers)
  for (const name of covered) if (!name.startsWith('(')) single(head, name)
  const moments = [
    ...(covered.includes('date') ? [checkDate(single(head, 'date'), now)] : []),
    ...(covered.includes('(created)') ? [checkMoment(Number(params.get('created')) * 1000, now)] : [])
  ]
  if (params.has('expires')) checkExpiry(Number(params.get('expires')) * 1000, now)
  return {
    kind: 'cavage',
    keyId,
    keyKinds,
    signedAt: moments[0] ?? now,
    signature: decodeSignature(params.get('signature') ?? ''),
    digest: isRead ? digestOfNothing : readDigest(single(head, 'digest')),
    signingString: () => signingStringOf(head, params, covered),
    otherStrings: () => otherHeads(head, isRead).map((other) => signingStringOf(other, params, covered))
  }
}

/** A parameter that comes twice means two things, and so nothing. */
function readParameters(header: string): Map<string, string> {
  const params = new Map<string, string>()
  parameter.lastIndex = 0
  while (parameter.lastIndex < header.length) {
    const [, name = '', quoted, number] = parameter.exec(header) ?? []
    if (name === '' || params.has(name)) throw new SignatureFault('The Signature header is malformed.')
    params.set(name, quoted ?? number ?? '')
  }
  return params
}

function checkCovered(covered: string[], wanted: string[]): void {
  if (!covered.every((name) => coverable.test(name))) throw new SignatureFault('The signature covers something we do not know.')
  const missing = wanted.filter((name) => !covered.includes(name))
  if (missing.length > 0) throw new SignatureFault(`The signature must cover ${missing.join(', ')}.`)
  if (!covered.includes('date') && !covered.includes('(created)')) throw new SignatureFault('The signature must cover date or (created).')
}

function decodeSignature(value: string): Buffer {
  if (!base64.test(value)) throw new SignatureFault('The signature is not base64.')
  return Buffer.from(value, 'base64')
}

/** What the string does not depend on stands in for itself. */
const standIns = 'keyId="key",algorithm="rsa-sha256",signature="AA=="'

/**
 * A string of nothing but the target and headers, as nearly all sign, is what it says: each name with its value, a line each. Everything else is the library's,
 * which knows neither `hs2019` nor a missing algorithm, would take an Authorization header or x-date for its own, and reads a header letter by
 * letter, as long as signatures are: it is given one that holds what the string is made of and no more, and only the headers that are covered.
 */
function signingStringOf(head: RequestHead, params: Map<string, string>, covered: string[]): string {
  if (covered.every((name) => name === target || !name.startsWith('('))) return plainStringOf(head, covered)
  const headers: Record<string, string> = {}
  for (const name of covered) if (!name.startsWith('(')) headers[name] = single(head, name)
  headers.signature = `${standIns},headers="${covered.join(' ')}"`
  for (const name of ['created', 'expires']) {
    if (covered.includes(`(${name})`)) headers.signature += `,${name}="${params.get(name)}"`
  }
  try {
    const parsed = httpSignature.parseRequest(
      { method: head.method, url: head.target, headers },
      {
        authorizationHeaderName: 'signature',
        clockSkew: anySkewSeconds,
        headers: isReading(head.method) ? coversOfRead : covers,
        strict: true
      }
    )
    return parsed.signingString
  } catch (error) {
    throw new SignatureFault(error instanceof Error ? error.message : 'The Signature header is malformed.')
  }
}

function plainStringOf(head: RequestHead, covered: readonly string[]): string {
  return covered
    .map((name) => `${name}: ${name === target ? `${head.method.toLowerCase()} ${head.target}` : single(head, name)}`)
    .join('\n')
}

/**
 * How signers see a request who leave the port out of its host (WordPress), or the query out of what they GET (Mastodon before 4.3, Iceshrimp.NET): it is
 * still this very host that they ask, and what is read there is decided by who they are.
 */
function otherHeads(head: RequestHead, isRead: boolean): RequestHead[] {
  const host = single(head, 'host')
  const [path = ''] = head.target.split('?', 1)
  const hosts = [...new Set([host, host.replace(/:\d+$/, '')])]
  const targets = isRead ? [...new Set([head.target, path])] : [head.target]
  return hosts.flatMap((each) => targets.map((target) => ({ ...head, target, headers: { ...head.headers, host: each } }))).slice(1)
}

function single(head: RequestHead, name: string): string {
  const value = head.headers[name]
  if (typeof value !== 'string' || value === '') throw new SignatureFault(`The ${name} header is missing.`)
  return value
}
