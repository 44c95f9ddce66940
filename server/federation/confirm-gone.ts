import { findAccount } from '#server/accounts/find-account.ts'
import { receiveActorDelete } from '#server/accounts/receive-actor-delete.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { fetchDocument, type FetchOptions } from '#server/federation/fetch-document.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { readTypes } from '#server/federation/normal-form/read-activity.ts'
import { servesNodeInfo } from '#server/federation/read-nodeinfo.ts'
import { enqueue, type NewJob } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import { receiveUnboost } from '#server/posts/receive-boost.ts'
import { receivePostDelete } from '#server/posts/receive-post-delete.ts'
import { isForAnybody } from '#server/posts/visibility.ts'

/** An actor that is not there is looked for again after so long: a server that is being repaired answers 404 for everybody. */
const againMs = 60 * 60_000

/**
 * Somebody other than its author says that a post is gone: its own server is asked, and only when it answers 404, 410 or a Tombstone it is deleted
 * here. Whatever else it answers changes nothing. Throws FetchFault when it cannot tell now.
 */
export async function confirmDelete(ctx: Context, uri: string, options: FetchOptions): Promise<void> {
  const known = await findPostByUri(ctx.db, uri)
  if (!known || known.isLocal || known.deletedAt !== null || !isProofOfEnd(await stateOf(ctx, uri, options), known)) return
  await ctx.transact((tx) => receivePostDelete(tx, { uri, authorId: known.authorId }))
}

/** Of what is not for everybody most servers say 404 to us, whose instance it is not for either: only what says that it was there proves that it is gone. */
export function isProofOfEnd(state: 'there' | 'missing' | 'buried', post: Pick<PostRow, 'visibility' | 'isLocalOnly'>): boolean {
  return state === 'buried' || (state === 'missing' && isForAnybody(post))
}

/**
 * Somebody whose keys nobody can check any more is said to be gone. 410 or a Tombstone is believed; what is merely not there is so again an hour later, while
 * its server is seen to serve, or the account stays. Throws FetchFault when it cannot tell now.
 */
export async function confirmActorGone(
  ctx: Context,
  { accountId, isAgain = false }: { accountId: number; isAgain?: boolean },
  options: FetchOptions
): Promise<void> {
  const account = await findAccount(ctx.db, accountId)
  if (!account || account.domain === null || account.deletedAt !== null) return
  const state = await stateOf(ctx, account.uri, options)
  if (state === 'there') return
  if (state === 'missing' && !isAgain) {
    await ctx.transact((tx) => enqueue(tx, askAboutActor(account, { isAgain: true, runAt: tx.now + againMs })))
    return
  }
  if (state === 'missing' && !(await servesNodeInfo(ctx, hostOf(account.uri) ?? '', options.budget))) return
  await ctx.transact((tx) => receiveActorDelete(tx, accountId))
}

/** The job that asks the server of an account whether it is gone. */
export function askAboutActor(
  { id, uri }: Pick<Account, 'id' | 'uri'>,
  { isAgain = false, runAt }: { isAgain?: boolean; runAt?: number } = {}
): NewJob {
  const job = fetchJob('confirm-actor-gone', `${isAgain ? 'again ' : ''}${id}`, { accountId: id, uri, isAgain })
  return runAt === undefined ? job : { ...job, runAt }
}

/**
 * The same for a boost that is said to be taken back. Its server must say that it was there: many serve no Announce at all, so that 404 proves
 * nothing.
 */
export async function confirmUndo(ctx: Context, uri: string, options: FetchOptions): Promise<void> {
  const known = await findPostByUri(ctx.db, uri)
  if (!known || known.isLocal || known.boostOfId === null || (await stateOf(ctx, uri, options)) !== 'buried') return
  await ctx.transact((tx) => receiveUnboost(tx, { boosterId: known.authorId, uri }))
}

async function stateOf(ctx: Context, uri: string, options: FetchOptions): Promise<'there' | 'missing' | 'buried'> {
  try {
    const { id, json } = await fetchDocument(ctx, uri, { ...options, isForced: true })
    return id === uri && readTypes(json).includes('Tombstone') ? 'buried' : 'there'
  } catch (error) {
    if (!(error instanceof FetchFault) || !error.isGone) throw error
    return error.isBuried ? 'buried' : 'missing'
  }
}
