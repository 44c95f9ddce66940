import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Context } from '#server/context.ts'
import { addProof, type ProofKey } from '#server/federation/proofs/add-proof.ts'
import { findProofKey } from '#server/federation/proofs/proof-key.ts'
import { publicAudience } from '#server/federation/vocabulary/context.ts'
import { hasProofsOff } from '#server/peers/federation-choices.ts'

type Document = Record<string, unknown>

/** Documents whose proof is remembered: they are asked for more often than they change. */
const provenMax = 1_000

const provenOf = new LRUCache<string, Document>({ max: provenMax })
/** Keys of two instances in one process may bear one name. */
const numberOf = new WeakMap<ProofKey, number>()
let numbered = 0

/**
 * An object or activity of one of ours with the proof of its author (FEP-8b32), when everybody may read it and its author has not switched proofs
 * off; else as it is. What is meant for some people must stay deniable and is never proven. `at`: when it was said, in ms since 1970.
 */
export async function prove<D extends Document>(ctx: Pick<Context, 'db' | 'seal'>, authorId: number, document: D, at: number): Promise<D> {
  if (!isForEverybody(document) || (await hasProofsOff(ctx.db, authorId))) return document
  const key = await findProofKey(ctx, authorId)
  return key && isBy(document, key) ? addOnce(document, key, at) : document
}

function isForEverybody({ to, cc }: Document): boolean {
  return [to, cc].flat().includes(publicAudience)
}

/** Nobody vouches for what somebody else said. */
function isBy({ actor, attributedTo }: Document, { keyId }: ProofKey): boolean {
  return keyId.startsWith(`${String(actor ?? attributedTo)}#`)
}

function addOnce<D extends Document>(document: D, key: ProofKey, at: number): D {
  let number = numberOf.get(key)
  if (number === undefined) numberOf.set(key, (number = ++numbered))
  const name = hash('sha256', `${number} ${at} ${JSON.stringify(document)}`, 'base64url')
  let proven = provenOf.get(name) as D | undefined
  if (!proven) provenOf.set(name, (proven = addProof(document, key, at)))
  return proven
}
