import { createPrivateKey } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Context } from '#server/context.ts'
import type { ProofKey } from '#server/federation/proofs/add-proof.ts'
import { findKeys } from '#server/peers/signing-keys.ts'
import { onePer } from '#server/platform/one-per.ts'

const keysMax = 1_000
const keysOf = onePer((_seal: Context['seal']) => new LRUCache<number, ProofKey>({ max: keysMax }))

/** The Ed25519 key of one of ours, unsealed once and kept; undefined for an account without one. */
export async function findProofKey(ctx: Pick<Context, 'db' | 'seal'>, accountId: number): Promise<ProofKey | undefined> {
  const keys = keysOf(ctx.seal)
  const kept = keys.get(accountId)
  if (kept) return kept
  const row = (await findKeys(ctx.db, accountId)).find((key) => key.kind === 'ed25519' && key.privateSealed !== null)
  if (!row?.privateSealed) return undefined
  const found = { keyId: row.uri, key: createPrivateKey(ctx.seal.unseal(row.privateSealed)) }
  keys.set(accountId, found)
  return found
}
