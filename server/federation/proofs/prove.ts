import type { Context } from '#server/context.ts'
import { addProof } from '#server/federation/proofs/add-proof.ts'
import { findProofKey } from '#server/federation/proofs/proof-key.ts'
import { publicAudience } from '#server/federation/vocabulary/context.ts'
import { hasProofsOff } from '#server/peers/federation-choices.ts'

/**
 * An object or activity of one of ours with the proof of its author (FEP-8b32), when everybody may read it and its author has not switched proofs
 * off; else as it is. What is meant for some people must stay deniable and is never proven. `at`: when it was said, in ms since 1970.
 */
export async function prove<D extends Record<string, unknown>>(
  ctx: Pick<Context, 'db' | 'seal'>,
  authorId: number,
  document: D,
  at: number
): Promise<D> {
  if (!isForEverybody(document) || (await hasProofsOff(ctx.db, authorId))) return document
  const key = await findProofKey(ctx, authorId)
  return key ? addProof(document, key, at) : document
}

function isForEverybody({ to, cc }: Record<string, unknown>): boolean {
  return [to, cc].flat().includes(publicAudience)
}
