import type { Reader } from '#db/reader.ts'
import { findOtherHolder } from '#server/accounts/find-by-uris.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import { receiveActor } from '#server/accounts/receive-actor.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { type BoundHandle, bindHandle } from '#server/federation/bind-handle.ts'
import { fetchDocument, type FetchedDocument, type FetchOptions } from '#server/federation/fetch-document.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { fetchKeys } from '#server/federation/fetch-keys.ts'
import { readActor } from '#server/federation/normal-form/read-actor.ts'
import { readTypes } from '#server/federation/normal-form/read-activity.ts'
import { type NormalActor, NormalFormFault } from '#server/federation/normal-form/types.ts'
import { toToldActor } from '#server/federation/told-actor.ts'

/** An account read longer ago than this is read again when it is needed. */
export const freshMs = 24 * 60 * 60_000

/** The account of an actor: as we have it when that is fresh enough, else read from its own origin. Throws FetchFault when neither works. */
export async function findOrFetchActor(ctx: Context, uri: string, options: FetchOptions): Promise<Account> {
  const known = await findAccountByUri(ctx.db, uri)
  if (known && (known.domain === null || known.deletedAt !== null || ctx.clock.now() - (known.fetchedAt ?? 0) < freshMs)) return known
  try {
    return await fetchActor(ctx, uri, options)
  } catch (error) {
    if (known && error instanceof FetchFault) return known
    throw error
  }
}

/**
 * Reads an actor from its own origin, with its keys and its handle, and writes its account: the one way in which a remote account and its keys come
 * to exist or are refreshed. Throws FetchFault.
 */
export async function fetchActor(ctx: Context, uri: string, options: FetchOptions): Promise<Account> {
  return storeActor(ctx, await fetchDocument(ctx, uri, options), options)
}

/** The same for a document that `fetchDocument` just gave. */
export async function storeActor(ctx: Context, document: FetchedDocument, options: FetchOptions): Promise<Account> {
  const actor = readFetched(document)
  const keys = [...actor.keys, ...(await fetchKeys(ctx, actor, options))]
  const known = await findAccountByUri(ctx.db, actor.id)
  const handle = known && known.name === actor.name && known.domain !== null ? boundAs(known) : await bindHandle(ctx, actor, options)
  if (await ctx.limits.isSuspended(handle.domain)) throw new FetchFault(`${handle.domain} is blocked here.`)
  await refuseTakenHandle(ctx.db, actor.id, handle)
  const told = toToldActor(actor, handle, keys)
  const account = await ctx.transact((tx) => receiveActor(tx, ctx.random, told))
  if (!account) throw new FetchFault(`${actor.id} was erased.`, { isGone: true })
  return account
}

function readFetched({ id, json }: FetchedDocument): NormalActor {
  if (readTypes(json).includes('Tombstone')) throw new FetchFault(`${id} is no more.`, { isGone: true })
  try {
    return readActor(json)
  } catch (error) {
    if (error instanceof NormalFormFault) throw new FetchFault(error.message, { cause: error })
    throw error
  }
}

function boundAs(known: Account): BoundHandle {
  return { name: known.name, domain: known.domain ?? '', isConfirmed: true }
}

/** A handle that somebody holds is given to another actor only when WebFinger says so. */
async function refuseTakenHandle(db: Reader, uri: string, handle: BoundHandle): Promise<void> {
  if (handle.isConfirmed) return
  const holder = await findOtherHolder(db, handle, uri)
  if (holder) throw new FetchFault(`@${handle.name}@${handle.domain} is ${holder}.`)
}
