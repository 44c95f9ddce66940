import { hash, timingSafeEqual } from 'node:crypto'
import { SignatureFault } from '#server/federation/signatures/claim.ts'

type Digest = { algorithm: 'sha256' | 'sha512'; value: Buffer }

const sha256Bytes = 32
const sha512Bytes = 64
const base64 = /^[A-Za-z0-9+/]+={0,2}$/

/** What a request without a body must hash to. */
export const digestOfNothing: Digest = { algorithm: 'sha256', value: hash('sha256', '', 'buffer') }

/**
 * Reads a `Digest` header (RFC 3230): the SHA-256 in it counts, in any case of letters, whatever else is listed. Throws
 * SignatureFault when there is none, or two.
 */
export function readDigest(header: string): Digest {
  const found = header
    .split(',')
    .map((part) => /^\s*sha-256=(.*?)\s*$/i.exec(part)?.[1])
    .filter((value) => value !== undefined)
  if (found.length !== 1) throw new SignatureFault('The Digest header must hold one SHA-256.')
  return { algorithm: 'sha256', value: decode(found[0] ?? '', sha256Bytes) }
}

/** Reads a `Content-Digest` header (RFC 9530): `sha-256=:…:`, else `sha-512=:…:`. */
export function readContentDigest(header: string): Digest {
  const members = header.split(',').map((part) => /^\s*([a-z0-9-]+)=:([^:]*):\s*$/.exec(part))
  for (const [name, algorithm, bytes] of [
    ['sha-256', 'sha256', sha256Bytes],
    ['sha-512', 'sha512', sha512Bytes]
  ] as const) {
    const found = members.filter((member) => member?.[1] === name)
    if (found.length > 1) break
    if (found.length === 1) return { algorithm, value: decode(found[0]?.[2] ?? '', bytes) }
  }
  throw new SignatureFault('The Content-Digest header must hold one sha-256 or sha-512.')
}

/** Whether a body is the one the digest was made of. */
export function isDigestOf(digest: Digest, body: Buffer): boolean {
  return timingSafeEqual(hash(digest.algorithm, body, 'buffer'), digest.value)
}

function decode(value: string, bytes: number): Buffer {
  const decoded = base64.test(value) ? Buffer.from(value, 'base64') : undefined
  if (decoded?.length !== bytes) throw new SignatureFault('The digest is malformed.')
  return decoded
}
