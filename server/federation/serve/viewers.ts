import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { createInboxRates } from '#server/federation/gate/inbox-rates.ts'
import { fetchActor, findOrFetchActor } from '#server/federation/fetch-actor.ts'
import { fetchDocument } from '#server/federation/fetch-document.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { readKey } from '#server/federation/normal-form/read-keys.ts'
import { readRates } from '#server/federation/serve/read-rates.ts'
import { type RequestHead, type SignatureClaim, SignatureFault } from '#server/federation/signatures/claim.ts'
import { parseClaim } from '#server/federation/signatures/parse-claim.ts'
import { isSignedBy } from '#server/federation/signatures/verify-signature.ts'
import { findKeyOwner } from '#server/peers/find-key-owner.ts'
import { isBlockBetween } from '#server/peers/outgoing-actors.ts'
import { findKeys } from '#server/peers/signing-keys.ts'
import { FetchBudget } from '#server/platform/fetch-budget.ts'
import { hostOf } from '#server/platform/host-names.ts'

/** An actor is read from its origin for a signature that nothing we have fits at most this often. */
const refetchMs = 3 * 60_000
const refetchedMax = 10_000
const fetchesMax = 12

/** Who asks for a document, as far as a signature tells. */
export interface Viewers {
  /**
   * Lets a request on, or refuses it: 'too-many' for more than an address may ask; whoever says to come from a suspended domain, or to be somebody who is
   * suspended or whom the account blocks or is blocked by (saying so needs no proof); and, where every request must be signed (federation.authorizedFetch),
   * 'unauthenticated' for whoever has not proven to be anybody. All others go on, signed or not: what everybody may read is answered to everybody.
   * Without an account it is for what shows whose an activity is: the server of somebody blocked may ask in their name, and believes no Block without.
   */
  admit(request: FastifyRequest, accountId?: number): Promise<void>
  /**
   * Who signed the request, proven by a key that the signer's own actor lists; undefined for anybody else, and for everybody where signatures are not
   * asked for (`off`). `mayFetch: false` knows only whom we have met. 'too-many' for more than the signer's server may ask.
   */
  findViewer(request: FastifyRequest, options?: { mayFetch?: boolean }): Promise<Account | undefined>
}

export function createViewers(ctx: Context): Viewers {
  const { authorizedFetch } = ctx.config.federation
  const rates = createInboxRates(ctx)
  const reading = readRates(ctx)
  const refetched = new LRUCache<string, true>({ max: refetchedMax, ttl: refetchMs, perf: { now: () => ctx.clock.now() } })
  const found = new WeakMap<FastifyRequest, Promise<Account | undefined>>()

  /** keyId leads to a document; its owner's own document must list the key (law 1 of the security rules). */
  async function readSigner(keyId: string, address: string): Promise<Account | undefined> {
    const url = keyId.split('#')[0] ?? ''
    // Any number of addresses can be made up: what one asker may have us fetch is bounded, as at the inbox.
    if (refetched.has(url) || rates.ofStranger(address) > 0) return undefined
    refetched.set(url, true)
    const options = { budget: new FetchBudget(fetchesMax) }
    try {
      const document = await fetchDocument(ctx, url, options)
      const owner = readKey(document.json).find((key) => key.id === keyId || key.id === url)?.owner
      return await (owner === undefined || owner === document.id
        ? fetchActor(ctx, document.id, options)
        : findOrFetchActor(ctx, owner, options))
    } catch (error) {
      if (error instanceof FetchFault) return undefined
      throw error
    }
  }

  async function find(request: FastifyRequest, mayFetch: boolean): Promise<Account | undefined> {
    const claim = authorizedFetch === 'off' ? undefined : readClaim(ctx, request)
    if (!claim || hostOf(claim.keyId) === ctx.config.host) return undefined
    const head = headOf(ctx, request)
    const known = await findKeyOwner(ctx.db, claim.keyId)
    const isKnown = known !== undefined && (await isSignedByAccount(ctx, known, claim, head))
    const signer = isKnown ? known : mayFetch ? await readSigner(claim.keyId, request.ip) : undefined
    if (!signer || signer.suspendedAt !== null || signer.deletedAt !== null) return undefined
    if (await ctx.limits.isSuspended(hostOf(signer.uri) ?? '')) return undefined
    if (signer !== known && !(await isSignedByAccount(ctx, signer, claim, head))) return undefined
    const waitMs = reading.takeOfHost(hostOf(signer.uri) ?? '')
    if (waitMs > 0) throw new Refusal('too-many', 'errors.tooMany', { retryAfterMs: waitMs })
    return signer
  }

  const viewers: Viewers = {
    async admit(request, accountId) {
      const waitMs = reading.take(request.ip)
      if (waitMs > 0) throw new Refusal('too-many', 'errors.tooMany', { retryAfterMs: waitMs })
      const claim = readClaim(ctx, request)
      if (claim) await refuseBlocked(ctx, claim, accountId)
      if (authorizedFetch !== 'required') return
      const viewer = claim && (await viewers.findViewer(request))
      if (!viewer) throw new Refusal('unauthenticated', claim ? 'errors.signatureUnknown' : 'errors.signatureRequired')
      if (accountId !== undefined && (await isBlockBetween(ctx.db, accountId, viewer.id))) throw new Refusal('missing', 'errors.missing')
    },
    findViewer(request, { mayFetch = true } = {}) {
      const known = found.get(request)
      if (known) return known
      const finding = find(request, mayFetch)
      if (mayFetch) found.set(request, finding)
      return finding
    }
  }
  return viewers
}

async function refuseBlocked(ctx: Context, claim: SignatureClaim, accountId: number | undefined): Promise<void> {
  const host = hostOf(claim.keyId)
  if (host !== undefined && (await ctx.limits.isSuspended(host))) throw new Refusal('forbidden', 'federation.blocked')
  const signer = (await findKeyOwner(ctx.db, claim.keyId)) ?? (await findAccountByUri(ctx.db, claim.keyId.split('#')[0] ?? ''))
  if (!signer) return
  const isBlocked = accountId !== undefined && (signer.suspendedAt !== null || (await isBlockBetween(ctx.db, accountId, signer.id)))
  if (isBlocked || signer.domainSeverity === 'suspend') throw new Refusal('missing', 'errors.missing')
}

async function isSignedByAccount(ctx: Context, account: Account, claim: SignatureClaim, head: RequestHead): Promise<boolean> {
  for (const key of await findKeys(ctx.db, account.id)) if (await isSignedBy(claim, key, head, Buffer.alloc(0))) return true
  return false
}

/** What a request's signature says of itself; undefined when there is none, or none that could be checked. */
function readClaim(ctx: Context, request: FastifyRequest): SignatureClaim | undefined {
  if (request.headers.signature === undefined) return undefined
  try {
    return parseClaim(headOf(ctx, request), ctx.clock.now())
  } catch (error) {
    if (error instanceof SignatureFault) return undefined
    throw error
  }
}

function headOf(ctx: Context, request: FastifyRequest): RequestHead {
  return { method: request.method, target: request.url, origin: ctx.config.origin, headers: request.headers }
}
