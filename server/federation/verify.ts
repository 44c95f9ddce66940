import { LRUCache } from 'lru-cache'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { fetchActor } from '#server/federation/fetch-actor.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { type KnownActor, StaleActor } from '#server/federation/gate/known-actors.ts'
import type { RequestHead, SignatureClaim } from '#server/federation/signatures/claim.ts'
import { isSignedBy } from '#server/federation/signatures/verify-signature.ts'
import { findKeyOwner } from '#server/peers/find-key-owner.ts'
import { findKeys, type KeyRow } from '#server/peers/signing-keys.ts'
import { FetchBudget } from '#server/platform/fetch-budget.ts'
import { hostOf } from '#server/platform/host-names.ts'

/** An actor whose key does not fit is read again at most this often: keys change rarely, forgeries come often. */
const refetchMs = 3 * 60_000
const refetchedMax = 10_000
/** Actor, its key documents, and WebFinger at two hosts, each with a redirect. */
const fetchesMax = 12

export interface SignedRequest {
  claim: SignatureClaim
  head: RequestHead
  body: Buffer
  /** The actor the body names. */
  actorUri: string
  /** That actor; undefined when we never met it. */
  known: KnownActor | undefined
  /** How long (ms) whoever sent this has to wait before it may cause an actor to be read, 0 for not at all; asked only when it comes to that. */
  waitToRead(): number
}

export type Verdict =
  /** The actor of the body signed it. */
  | { kind: 'signed'; account: Account }
  /** Somebody we know signed it, and it is not the actor of the body. */
  | { kind: 'forwarded'; signer: Account }
  /** It would make us read an actor, and its sender has caused enough of that. */
  | { kind: 'too-many'; waitMs: number }
  /** Our side cannot tell at this moment. */
  | { kind: 'unsure'; why: string }
  | { kind: 'refused'; why: string }
  /** No key fits, and the actor, whom we know, is not there any more: its server just answered 404 or 410. */
  | { kind: 'gone'; account: Account }

export type Verify = (request: SignedRequest) => Promise<Verdict>

/**
 * Decides who speaks (law 1 of the security rules): the actor is taken from the body, its account from our table or its own origin, and one of
 * its keys must have signed. keyId only says which to try first, and whose actor may have new keys. Throws StaleActor when a remembered actor's keys do not
 * fit: the table may know others.
 */
export function createVerify(ctx: Context): Verify {
  const refetched = new LRUCache<string, Promise<Account>>({ max: refetchedMax, ttl: refetchMs, perf: { now: () => ctx.clock.now() } })

  /** Everybody who asks while it is under way, or soon after, is given the same outcome. Being met for the first time is not yet being read again. */
  function fetchOnceInAWhile(uri: string, isKnown: boolean): Promise<Account> {
    const key = fetchKeyOf(uri, isKnown)
    let fetching = refetched.get(key)
    if (!fetching) refetched.set(key, (fetching = fetchActor(ctx, uri, { budget: new FetchBudget(fetchesMax), isForced: isKnown })))
    return fetching
  }

  return async (request) => {
    const { actorUri, claim, known } = request
    if (hostOf(actorUri) === ctx.config.host) return { kind: 'refused', why: 'The actor is one of ours.' }
    // The key of an actor is of its own server. Whoever names one elsewhere does not speak for this actor, and gives no reason to think that its keys have changed.
    if (hostOf(claim.keyId) !== hostOf(actorUri)) return forwardedOrRefused(ctx, request)
    if (known && (await isSignedByOne(known.keys, request))) return { kind: 'signed', account: known.account }
    if (known?.isKept) throw new StaleActor()
    // A forgery costs its author nothing and would cost the named actor's server a request: whoever sends many is put off. What is being read is read once.
    const waitMs = refetched.has(fetchKeyOf(actorUri, known !== undefined)) ? 0 : request.waitToRead()
    if (waitMs > 0)
      return known ? { kind: 'unsure', why: 'Too many signatures that no known key fits came from there.' } : { kind: 'too-many', waitMs }
    try {
      const account = await fetchOnceInAWhile(actorUri, known !== undefined)
      // A redirect, or an id that leads elsewhere, finds somebody else, who cannot speak under this address.
      if (account.uri !== actorUri) return { kind: 'refused', why: `${actorUri} is ${account.uri}.` }
      if (await isSignedByAccount(ctx, account, request)) return { kind: 'signed', account }
    } catch (error) {
      if (!(error instanceof FetchFault)) throw error
      if (error.isGone && known) return { kind: 'gone', account: known.account }
      return { kind: error.isTemporary ? 'unsure' : 'refused', why: `The actor could not be read: ${error.message}` }
    }
    return forwardedOrRefused(ctx, request)
  }
}

function fetchKeyOf(uri: string, isKnown: boolean): string {
  return `${isKnown ? 'again' : 'first'} ${uri}`
}

async function isSignedByAccount(ctx: Context, account: Account, request: SignedRequest): Promise<boolean> {
  return isSignedByOne(await findKeys(ctx.db, account.id), request)
}

async function isSignedByOne(keys: readonly KeyRow[], { claim, head, body }: SignedRequest): Promise<boolean> {
  for (const key of inOrder(keys, claim.keyId)) if (await isSignedBy(claim, key, head, body)) return true
  return false
}

/** The key that is named first; then the others, since some servers name the actor, or a key by an older address. */
function inOrder(keys: readonly KeyRow[], keyId: string): readonly KeyRow[] {
  if (keys.length === 1) return keys
  return [...keys.filter((key) => key.uri === keyId), ...keys.filter((key) => key.uri !== keyId)]
}

/** Who forwards is told apart from who forges by keys we already have; nothing is fetched for it. */
async function forwardedOrRefused(ctx: Context, request: SignedRequest): Promise<Verdict> {
  const signer = await findKeyOwner(ctx.db, request.claim.keyId)
  if (signer && signer.uri !== request.actorUri && signer.domain !== null && (await isSignedByAccount(ctx, signer, request))) {
    return { kind: 'forwarded', signer }
  }
  return { kind: 'refused', why: 'No key of the actor fits the signature.' }
}
