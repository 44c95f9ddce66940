import { createHash, sign } from 'node:crypto'
import httpSignature from 'http-signature'

/** How to sign; every field exists to be able to do it wrongly. */
export interface SignOptions {
  kind?: 'cavage' | 'rfc9421'
  /** What draft-cavage covers. */
  headers?: string[]
  /** What RFC 9421 covers. */
  components?: string[]
  keyId?: string
  privatePem?: string
  /** Named in the header; null names none. The signature stays RSA with SHA-256. */
  algorithm?: string | null
  /** null sends no Date. */
  date?: Date | string | null
  /** The Digest (or Content-Digest) header in place of the right one; null sends none. */
  digest?: string | null
  /** Host and path that are signed, where those differ from what is asked. */
  signedHost?: string
  signedPath?: string
  /** Seconds since 1970; null leaves `created` out. */
  created?: number | null
  expires?: number
}

interface Unsigned {
  host: string
  path: string
  body: Buffer
  keyId: string
  privatePem: string
  now: number
}

/** The headers of a signed POST: draft-cavage by the http-signature library, which is not what the instance signs with; RFC 9421 by hand. */
export function signedHeaders(request: Unsigned, options: SignOptions = {}): Record<string, string> {
  return (options.kind ?? 'cavage') === 'cavage' ? cavage(request, options) : rfc9421(request, options)
}

function cavage(request: Unsigned, options: SignOptions): Record<string, string> {
  const headers: Record<string, string> = { host: options.signedHost ?? request.host, 'content-type': 'application/activity+json' }
  const date = options.date === undefined ? new Date(request.now) : options.date
  if (date !== null) headers.date = typeof date === 'string' ? date : date.toUTCString()
  const digest = options.digest === undefined ? `SHA-256=${sha256(request.body)}` : options.digest
  if (digest !== null) headers.digest = digest
  // The library would add a Date of its own where there is none.
  const signable = {
    getHeader: (name: string) => headers[name.toLowerCase()] ?? (name === 'Date' ? 'none' : undefined),
    setHeader: (name: string, value: string) => void (headers[name.toLowerCase()] = value),
    method: 'POST',
    path: options.signedPath ?? request.path
  }
  httpSignature.signRequest(signable, {
    keyId: options.keyId ?? request.keyId,
    key: options.privatePem ?? request.privatePem,
    headers: options.headers ?? ['(request-target)', 'host', 'date', 'digest'],
    algorithm: 'rsa-sha256',
    authorizationHeaderName: 'Signature'
  })
  const named = options.algorithm === undefined ? 'rsa-sha256' : options.algorithm
  headers.signature = (headers.signature ?? '').replace('algorithm="rsa-sha256",', named === null ? '' : `algorithm="${named}",`)
  headers.host = request.host
  return headers
}

function rfc9421(request: Unsigned, options: SignOptions): Record<string, string> {
  const headers: Record<string, string> = {
    host: request.host,
    'content-type': 'application/activity+json',
    date: new Date(request.now).toUTCString()
  }
  const digest = options.digest === undefined ? `sha-256=:${sha256(request.body)}:` : options.digest
  if (digest !== null) headers['content-digest'] = digest
  const signedHost = options.signedHost ?? request.host
  const values: Record<string, string> = {
    '@method': 'POST',
    '@target-uri': `https://${signedHost}${options.signedPath ?? request.path}`,
    '@authority': signedHost,
    '@path': options.signedPath ?? request.path,
    ...headers
  }
  const components = options.components ?? ['@method', '@target-uri', 'content-digest']
  const created = options.created === undefined ? Math.floor(request.now / 1000) : options.created
  const params = [
    `(${components.map((name) => `"${name}"`).join(' ')})`,
    ...(created === null ? [] : [`created=${created}`]),
    ...(options.expires === undefined ? [] : [`expires=${options.expires}`]),
    `keyid="${options.keyId ?? request.keyId}"`,
    ...(options.algorithm === null ? [] : [`alg="${options.algorithm ?? 'rsa-v1_5-sha256'}"`])
  ].join(';')
  const base = [...components.map((name) => `"${name}": ${values[name]}`), `"@signature-params": ${params}`].join('\n')
  const signature = sign('sha256', Buffer.from(base), options.privatePem ?? request.privatePem).toString('base64')
  return { ...headers, 'signature-input': `sig1=${params}`, signature: `sig1=:${signature}:` }
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64')
}
