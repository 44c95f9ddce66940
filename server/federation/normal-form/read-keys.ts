import { fromBase58 } from '#server/federation/base58.ts'
import { readEd25519, readPublicKey } from '#server/federation/signatures/public-keys.ts'
import type { NormalKey } from '#server/federation/normal-form/types.ts'
import { idOf, isRecord, type Json, listOf, textOf, urlOf } from '#server/federation/normal-form/values.ts'

/** Of each kind: a signature that fits none is tried with all of them. */
const keysMax = 4
const ed25519Codec = 0xed01

/**
 * The keys an actor lists: `publicKey` (one or a list, whole or by address; RSA or Ed25519 in SPKI or PKCS#1 PEM) and
 * `assertionMethod` (Multikey, FEP-521a). Keys we cannot read are left out.
 */
export function readKeys(json: Json): { keys: NormalKey[]; keyUrls: string[] } {
  const listed = listOf(json.publicKey).slice(0, keysMax)
  const methods = listOf(json.assertionMethod).slice(0, keysMax)
  return {
    keys: [...listed.flatMap(readKey), ...methods.flatMap(readMultikey)],
    keyUrls: listed.flatMap((key) => (typeof key === 'string' ? (urlOf(key) ?? []) : []))
  }
}

/** One key with its PEM, as it stands in an actor or in a document of its own; nothing when it cannot be read. */
export function readKey(json: unknown): NormalKey[] {
  const id = isRecord(json) ? urlOf(json.id) : undefined
  if (!isRecord(json) || id === undefined) return []
  const key = readPublicKey(textOf(json.publicKeyPem))
  return key === undefined ? [] : [{ id, owner: idOf(json.owner), ...key }]
}

function readMultikey(json: unknown): NormalKey[] {
  const id = isRecord(json) ? urlOf(json.id) : undefined
  if (!isRecord(json) || id === undefined) return []
  const bytes = fromMultibase(textOf(json.publicKeyMultibase))
  if (bytes === undefined || bytes.length < 2 || bytes.readUInt16BE(0) !== ed25519Codec) return []
  const key = readEd25519(bytes.subarray(2))
  return key === undefined ? [] : [{ id, owner: idOf(json.controller), ...key }]
}

/** Base58 with its prefix `z`. */
function fromMultibase(text: string): Buffer | undefined {
  return text.startsWith('z') ? fromBase58(text.slice(1)) : undefined
}
