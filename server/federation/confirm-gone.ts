import type { Context } from '#server/context.ts'
import { fetchDocument, type FetchOptions } from '#server/federation/fetch-document.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { readTypes } from '#server/federation/normal-form/read-activity.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { receiveUnboost } from '#server/posts/receive-boost.ts'
import { receivePostDelete } from '#server/posts/receive-post-delete.ts'

/**
 * Somebody other than its author says that a post is gone: its own server is asked, and only when it answers 404, 410 or a Tombstone it is deleted
 * here. Whatever else it answers changes nothing. Throws FetchFault when it cannot tell now.
 */
export async function confirmDelete(ctx: Context, uri: string, options: FetchOptions): Promise<void> {
  const known = await findPostByUri(ctx.db, uri)
  if (!known || known.isLocal || known.deletedAt !== null || (await stateOf(ctx, uri, options)) === 'there') return
  await ctx.transact((tx) => receivePostDelete(tx, { uri, authorId: known.authorId }))
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
