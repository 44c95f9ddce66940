import { type KeyObject, sign } from 'node:crypto'
import { toBase58 } from '#server/federation/base58.ts'
import { hashOfProof } from '#server/federation/proofs/hash-proof.ts'
import { proofTerms } from '#server/federation/vocabulary/context.ts'

/** An Ed25519 key of ours, under the id that the actor lists it by in `assertionMethod`. */
export interface ProofKey {
  keyId: string
  key: KeyObject
}

/**
 * A document with a proof of its author's (FEP-8b32, `eddsa-jcs-2022`), made at `at` (ms since 1970). The same document at the same time gives
 * the same proof. Whole seconds: some readers write the time anew before they check.
 */
export function addProof<D extends Record<string, unknown>>(document: D, { keyId, key }: ProofKey, at: number): D {
  const context = withProofTerms(document['@context'])
  const proven = { ...document, '@context': context }
  const proof = {
    '@context': context,
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-jcs-2022',
    verificationMethod: keyId,
    proofPurpose: 'assertionMethod',
    created: `${new Date(at).toISOString().slice(0, 19)}Z`
  }
  const signature = sign(null, hashOfProof(proven, proof), key)
  return { ...proven, proof: { ...proof, proofValue: `z${toBase58(signature)}` } }
}

/** The words of a proof stand with those that are spelled out in place already. */
function withProofTerms(context: unknown): unknown[] {
  const parts = [context].flat()
  const terms = parts.filter((part) => typeof part === 'object')
  return [...parts.filter((part) => typeof part === 'string'), Object.assign({}, ...terms, proofTerms)]
}
