import { hash } from 'node:crypto'

const digestBytes = 32

/** What two servers compare their lists of followers by (FEP-8fcf): the SHA-256 of every id, joined by XOR, so that their order plays no part. */
export function digestOf(uris: Iterable<string>): Buffer {
  const digest = Buffer.alloc(digestBytes)
  for (const uri of uris) addToDigest(digest, uri)
  return digest
}

/** Adds one id to a digest, or takes it away again. */
export function addToDigest(digest: Buffer, uri: string): void {
  const other = hash('sha256', uri, 'buffer')
  for (let at = 0; at < digestBytes; at += 1) digest[at] = (digest[at] ?? 0) ^ (other[at] ?? 0)
}
