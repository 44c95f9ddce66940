import { createPublicKey, type KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'

const keptMax = 5_000
/** Smaller ones can be broken, larger ones only cost us time. */
const rsaBitsMin = 2_048
const rsaBitsMax = 8_192
/** Nearly all keys say 65,537. One of a thousand bits would have each signature, right or wrong, take us a hundred times as long. */
const rsaExponentMax = 2n ** 32n

export type KeyKind = 'rsa' | 'ed25519'

/** Parsing a PEM at each request would cost three times the verification itself. */
const kept = new LRUCache<string, KeyObject>({ max: keptMax })

/** The key behind a PEM that `readPublicKey` gave. */
export function keyObjectOf(publicPem: string): KeyObject {
  const known = kept.get(publicPem)
  if (known) return known
  const key = createPublicKey(publicPem)
  kept.set(publicPem, key)
  return key
}

/** Reads a public key in SPKI or PKCS#1 PEM and gives it as SPKI PEM; undefined unless it is RSA of 2,048 to 8,192 bits with a usual exponent, or Ed25519. */
export function readPublicKey(pem: string): { kind: KeyKind; publicPem: string } | undefined {
  // A private key or certificate would be taken too, and turned into its public half.
  if (!/^\s*-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(pem)) return undefined
  try {
    return describe(createPublicKey(pem.trim()))
  } catch {
    return undefined
  }
}

/** Reads the 32 bytes of an Ed25519 key. */
export function readEd25519(bytes: Buffer): { kind: KeyKind; publicPem: string } | undefined {
  if (bytes.length !== 32) return undefined
  return describe(createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' }))
}

function describe(key: KeyObject): { kind: KeyKind; publicPem: string } | undefined {
  const { modulusLength: bits = 0, publicExponent: exponent = 0n } = key.asymmetricKeyDetails ?? {}
  const kind = key.asymmetricKeyType
  const isSoundRsa = kind === 'rsa' && bits >= rsaBitsMin && bits <= rsaBitsMax && exponent <= rsaExponentMax
  if (kind !== 'ed25519' && !isSoundRsa) return undefined
  return { kind, publicPem: key.export({ type: 'spki', format: 'pem' }).toString() }
}
