import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { fetchActor } from '#server/federation/fetch-actor.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import type { NormalActivity } from '#server/federation/normal-form/types.ts'
import { isRecord, type Json } from '#server/federation/normal-form/values.ts'
import { isProvenBy, type ProofClaim, readProof } from '#server/federation/proofs/check-proof.ts'
import { findKeys } from '#server/peers/signing-keys.ts'
import { FetchBudget } from '#server/platform/fetch-budget.ts'
import { hostOf } from '#server/platform/host-names.ts'

/** An actor that lists no key of that name is read again at most this often. */
const refetchMs = 3 * 60_000
const refetchedMax = 5_000
const fetchesMax = 12

/** What may be believed however often and in whatever order it comes. A Like or Follow could be passed on again after it was taken back. */
const provable = new Set(['Create', 'Update', 'Delete'])

export interface Provers {
  /**
   * The actor of an activity that somebody else passed on, when it carries that actor's own proof (FEP-8b32): as if the actor had signed the request.
   * `document` is the activity as it came. Undefined when nothing is proven.
   */
  find(document: Json, activity: NormalActivity, signer: Account): Promise<Account | undefined>
}

export function createProvers(ctx: Context): Provers {
  const refetched = new LRUCache<string, true>({ max: refetchedMax, ttl: refetchMs, perf: { now: () => ctx.clock.now() } })

  /** The key must stand in the actor's own document, which we read from its own origin; who else names it does not matter. */
  async function isOf(account: Account | undefined, document: Json, proof: ProofClaim): Promise<boolean | 'unknown'> {
    if (!account) return 'unknown'
    const key = (await findKeys(ctx.db, account.id)).find(({ uri, kind }) => uri === proof.verificationMethod && kind === 'ed25519')
    return key ? isProvenBy(document, proof, key.publicPem) : 'unknown'
  }

  async function reread(uri: string, signer: Account): Promise<Account | undefined> {
    if (refetched.has(uri) || !(await mayCauseFetch(ctx, signer))) return undefined
    refetched.set(uri, true)
    try {
      return await fetchActor(ctx, uri, { budget: new FetchBudget(fetchesMax) })
    } catch (error) {
      if (error instanceof FetchFault) return undefined
      throw error
    }
  }

  return {
    async find(document, activity, signer) {
      const proof = provable.has(activity.type) ? readProof(document, ctx.clock.now()) : undefined
      const host = hostOf(activity.actor)
      if (!proof || hostOf(proof.verificationMethod) !== host) return undefined
      if (activity.id === undefined || hostOf(activity.id) !== host) return undefined
      const known = await findAccountByUri(ctx.db, activity.actor)
      const verdict = await isOf(known, document, proof)
      if (verdict !== 'unknown') return verdict ? known : undefined
      // An actor nobody here met has nothing here that could be deleted.
      const read = known === undefined && activity.type === 'Delete' ? undefined : await reread(activity.actor, signer)
      return read?.uri === activity.actor && (await isOf(read, document, proof)) === true ? read : undefined
    }
  }
}

/** What a copy of an activity repeats, whoever passes it on: its proof's value, for this actor and id alone. Undefined when it carries none. */
export function proofHashOf(document: Json, { actor, id }: NormalActivity): string | undefined {
  const [proof] = [document.proof].flat()
  if (!isRecord(proof) || typeof proof.proofValue !== 'string') return undefined
  const hash = createHash('sha256')
    .update(JSON.stringify([actor, id, proof.proofValue]))
    .digest('hex')
  return `proof ${hash}`
}
