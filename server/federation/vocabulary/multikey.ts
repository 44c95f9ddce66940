import { createPublicKey } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { toBase58 } from '#server/federation/base58.ts'

/** Multicodec prefix of an Ed25519 public key. */
const ed25519Codec = Buffer.from([0xed, 0x01])
/** An SPKI document of Ed25519 ends in the key's 32 bytes. */
const ed25519Bytes = 32
const keptMax = 1_000

/** Of the actors asked for most; reading a PEM costs more than the rest of an actor together. */
const kept = new LRUCache<string, string>({ max: keptMax })

/** `publicKeyMultibase` of an Ed25519 key given as SPKI PEM: `z`, then codec and key in base58 (FEP-521a). */
export function toMultibase(publicPem: string): string {
  const known = kept.get(publicPem)
  if (known !== undefined) return known
  const spki = createPublicKey(publicPem).export({ type: 'spki', format: 'der' })
  const multibase = `z${toBase58(Buffer.concat([ed25519Codec, spki.subarray(-ed25519Bytes)]))}`
  kept.set(publicPem, multibase)
  return multibase
}
