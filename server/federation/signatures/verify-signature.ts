import { verify } from 'node:crypto'
import { type CavageClaim, isReading, type RequestHead, type SignatureClaim } from '#server/federation/signatures/claim.ts'
import { type KeyKind, keyObjectOf } from '#server/federation/signatures/public-keys.ts'

export interface PublicKey {
  kind: KeyKind
  /** SPKI PEM. */
  publicPem: string
}

/** Whether a claim was signed by this key. The body has already been held against the claim's digest. */
export async function isSignedBy(claim: SignatureClaim, key: PublicKey, head: RequestHead, body: Buffer): Promise<boolean> {
  return claim.kind === 'cavage' ? isCavageSignedBy(claim, key) : isMessageSignedBy(claim.keyId, claim.algorithm, key, head, body)
}

function isCavageSignedBy(claim: CavageClaim, key: PublicKey): boolean {
  if (!claim.keyKinds.includes(key.kind)) return false
  const hash = key.kind === 'rsa' ? 'sha256' : null
  const isOf = (text: string) => verify(hash, Buffer.from(text), keyObjectOf(key.publicPem), claim.signature)
  return isOf(claim.signingString()) || claim.otherStrings().some(isOf)
}

/** Fedify builds the signature base of RFC 9421 and checks it; it is handed our key, and whatever it would load is refused. */
async function isMessageSignedBy(
  keyId: string,
  algorithm: string | undefined,
  key: PublicKey,
  head: RequestHead,
  body: Buffer
): Promise<boolean> {
  if (algorithm !== undefined && (algorithm === 'ed25519') !== (key.kind === 'ed25519')) return false
  const { CryptographicKey, verifyRequestDetailed } = await loadFedify()
  const object = keyObjectOf(key.publicPem)
  // Node types a CryptoKey apart from the one of the standard library; they are one class.
  const cryptoKey = object.toCryptoKey(key.kind === 'rsa' ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } : { name: 'Ed25519' }, true, [
    'verify'
  ])
  const ours = new CryptographicKey({ id: new URL(keyId), publicKey: cryptoKey as CryptoKey })
  const result = await verifyRequestDetailed(toRequest(head, body), {
    spec: 'rfc9421',
    timeWindow: false,
    keyCache: { get: async () => ours, set: async () => undefined },
    documentLoader: loadNothing,
    contextLoader: loadNothing
  })
  return result.verified
}

/** Half a second of processor time at start-up, for the few who sign in this way: it is loaded when the first of them comes. */
async function loadFedify() {
  const [{ CryptographicKey }, { verifyRequestDetailed }] = await Promise.all([
    import('@fedify/fedify/vocab'),
    import('@fedify/fedify/sig')
  ])
  return { CryptographicKey, verifyRequestDetailed }
}

async function loadNothing(url: string): Promise<never> {
  throw new Error(`A signature check loads nothing, and so not ${url}.`)
}

function toRequest(head: RequestHead, body: Buffer): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(head.headers)) {
    if (value !== undefined && !name.startsWith(':')) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return new Request(head.origin + head.target, {
    method: head.method,
    headers,
    ...(isReading(head.method) ? {} : { body: new Uint8Array(body) })
  })
}
