import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { findOrFetchActor } from '#server/federation/fetch-actor.ts'
import { fetchDocument, type FetchedDocument, type FetchOptions } from '#server/federation/fetch-document.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { checksOfFetched, enqueueChecks } from '#server/federation/inbox/plan-checks.ts'
import { readObject } from '#server/federation/normal-form/read-object.ts'
import { NormalFormFault, type NormalObject } from '#server/federation/normal-form/types.ts'
import { idOf } from '#server/federation/normal-form/values.ts'
import { isPost, toToldPost } from '#server/federation/told-post.ts'
import { judge } from '#server/moderation/rules/judge.ts'
import { onBehalfOf, onBehalfOfAnswers } from '#server/peers/on-behalf.ts'
import { waitForTurn } from '#server/peers/taken-back.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import { receivePost } from '#server/posts/receive-post.ts'
import { receivePostEdit } from '#server/posts/receive-post-edit.ts'

/** How far up a thread one step climbs. */
const ancestorsMax = 10

/** The post at an address: the one we have, else read from its own origin and written. Throws FetchFault. */
export async function fetchPost(ctx: Context, url: string, options: FetchOptions): Promise<PostRow> {
  const known = await findPostByUri(ctx.db, url)
  if (known) return known
  const document = await fetchDocument(ctx, url, options)
  // What an address of a Create leads to is the post inside.
  const inner = document.json.type === 'Create' ? idOf(document.json.object) : undefined
  return storePost(ctx, inner === undefined ? document : await fetchDocument(ctx, inner, options), options)
}

/** The same for a document that `fetchDocument` just gave. */
export async function storePost(ctx: Context, document: FetchedDocument, options: FetchOptions): Promise<PostRow> {
  const { object, author } = await readPost(ctx, document, options)
  const told = await toToldPost(ctx.db, object, author, options.saidBy?.authorId === author.id ? options.saidBy : undefined)
  const check = checksOfFetched(told, options)
  const post = await ctx.transact(async (tx) => {
    await waitForTurn(tx, author.id)
    const received = await receivePost(tx, ctx.random, told, { isOld: options.isOld })
    if (received && received.authorId === author.id) await check(tx, received)
    return received
  })
  if (!post || post.authorId !== author.id) throw new FetchFault(`${object.id} was deleted, or is somebody else's.`)
  return post
}

/** Reads a post we have from its origin again and takes over what changed. Throws FetchFault. */
export async function refetchPost(ctx: Context, uri: string, options: FetchOptions): Promise<void> {
  const known = await findPostByUri(ctx.db, uri)
  const asking = { ...options, onBehalf: known && (await onBehalfOf(ctx.db, known, uri)) }
  const { object, author } = await readPost(ctx, await fetchDocument(ctx, uri, asking), options)
  const told = await toToldPost(ctx.db, object, author)
  await ctx.transact(async (tx) => {
    await waitForTurn(tx, author.id)
    const post = await receivePostEdit(tx, ctx.random, told, object.updatedAt)
    if (post) await enqueueChecks(told)(tx, post)
  })
}

/**
 * Climbs from a post's parent upwards and writes what is not known here, ten at most and within the budget, until a root, a post we have, or one
 * that cannot be read. Replies find their parents as these are written.
 */
export async function fetchAncestors(ctx: Context, parentUri: string, options: FetchOptions): Promise<void> {
  let uri: string | null = parentUri
  for (let step = 0; step < ancestorsMax && uri !== null && options.budget.left > 0; step += 1) {
    if (await findPostByUri(ctx.db, uri)) return
    const onBehalf = await onBehalfOfAnswers(ctx.db, uri)
    const post: PostRow = await fetchPost(ctx, uri, { ...options, onBehalf })
    uri = post.replyToUri
  }
}

/** What is in the document, and its author, who must be of the same origin. */
async function readPost(
  ctx: Context,
  document: FetchedDocument,
  options: FetchOptions
): Promise<{ object: NormalObject & { id: string }; author: Account }> {
  const object = read(document)
  const authorUri = object.attributedTo.find((uri) => hostOf(uri) === hostOf(document.id))
  if (authorUri === undefined) throw new FetchFault(`${document.id} names no author of its own server.`)
  // Who somebody is, is asked by the instance: profiles are for everybody.
  const author = await findOrFetchActor(ctx, authorUri, { ...options, onBehalf: undefined })
  if ((await judge(ctx, { kind: 'post', author })) === 'drop') throw new FetchFault(`The author of ${document.id} is blocked here.`)
  return { object: { ...object, id: document.id }, author }
}

function read({ id, json }: FetchedDocument): NormalObject {
  try {
    const object = readObject(json)
    if (isPost(object)) return object
    throw new FetchFault(`${id} is no post but a ${object.type}.`)
  } catch (error) {
    if (error instanceof NormalFormFault) throw new FetchFault(error.message, { cause: error })
    throw error
  }
}
