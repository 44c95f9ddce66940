import { verify } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { fromBase58 } from '#server/federation/base58.ts'
import { isRecord, type Json } from '#server/federation/normal-form/values.ts'
import { hashOfProof } from '#server/federation/proofs/hash-proof.ts'
import { keyObjectOf } from '#server/federation/signatures/public-keys.ts'

const signatureBytes = 64
const valueCharactersMax = 120
/** What is passed on may have waited for as long as deliveries are kept; clocks may be ahead by half an hour. */
export const proofAgeMsMax = 8 * 24 * 60 * 60_000
export const proofAheadMsMax = 30 * 60_000

/** A proof as it stands in a document, well formed and of the kind we check; nothing of it is believed yet. */
export interface ProofClaim {
  /** Id of the key. */
  verificationMethod: string
  proofValue: string
  signature: Buffer
  /** The proof without its value. */
  options: Json
}

/**
 * The proof of a document's own (FEP-8b32): one DataIntegrityProof with `eddsa-jcs-2022`, for assertion, made at a believable time. A proof inside an
 * embedded object says nothing of what is around it. Undefined when there is none, or none that could be believed; `now` in ms since 1970.
 */
export function readProof(document: Json, now: number): ProofClaim | undefined {
  const [proof, ...others] = [document.proof].flat()
  // Without a context the words of the document mean nothing that could have been signed.
  if (!isRecord(proof) || others.length > 0 || document['@context'] === undefined) return undefined
  const { proofValue, ...options } = proof
  const { type, cryptosuite, proofPurpose, verificationMethod, created, expires } = options
  if (type !== 'DataIntegrityProof' || cryptosuite !== 'eddsa-jcs-2022' || proofPurpose !== 'assertionMethod') return undefined
  if (typeof verificationMethod !== 'string' || typeof proofValue !== 'string' || proofValue.length > valueCharactersMax) return undefined
  const madeAt = typeof created === 'string' ? Date.parse(created) : Number.NaN
  if (!(madeAt <= now + proofAheadMsMax && madeAt >= now - proofAgeMsMax)) return undefined
  if (expires !== undefined && !(typeof expires === 'string' && Date.parse(expires) > now)) return undefined
  // A longer context than the one that was signed could give the words another meaning.
  if (options['@context'] !== undefined && !isDeepStrictEqual(options['@context'], document['@context'])) return undefined
  const signature = proofValue.startsWith('z') ? fromBase58(proofValue.slice(1)) : undefined
  return signature?.length === signatureBytes ? { verificationMethod, proofValue, signature, options } : undefined
}

/** Whether a document's proof was made with an Ed25519 key. Whose key it is has to be known already. */
export function isProvenBy(document: Json, { options, signature }: ProofClaim, publicPem: string): boolean {
  const key = keyObjectOf(publicPem)
  // Some sign the proof with the document's context in it and leave it out of what they send.
  const variants = options['@context'] === undefined ? [{ ...options, '@context': document['@context'] }, options] : [options]
  return variants.some((variant) => verify(null, hashOfProof(document, variant), key, signature))
}
