import type { Tx } from '#db/reader.ts'
import type { InteractionKind } from '#db/schema/quotes.ts'
import type { Context } from '#server/context.ts'
import { requireOwn } from '#server/federation/inbox/create.ts'
import { accept, type Inbound, InboxFault, isOnHostOf, requireOwnHost, soleObjectId, type Verb } from '#server/federation/inbox/inbound.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import { readObject } from '#server/federation/normal-form/read-object.ts'
import { idOf } from '#server/federation/normal-form/values.ts'
import { isPost, toToldPost } from '#server/federation/told-post.ts'
import { receiveRequest } from '#server/interactions/receive-request.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { findPost, findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import { receiveBoost } from '#server/posts/receive-boost.ts'
import { receiveFavourite } from '#server/posts/receive-favourite.ts'
import type { CleanPost } from '#server/posts/received-post.ts'
import { receivePost } from '#server/posts/receive-post.ts'

/** QuoteRequest (FEP-044f): may the post `instrument` quote the post `object` of ours? Answered by policy, or by its author. */
export const quoteRequest: Verb = (ctx, inbound) => requestWithPost(ctx, inbound, 'quote')

/** ReplyRequest (GoToSocial): may the post `instrument` answer the post `object` of ours? */
export const replyRequest: Verb = (ctx, inbound) => requestWithPost(ctx, inbound, 'reply')

/** LikeRequest (GoToSocial): may the Like `instrument` be done? */
export const likeRequest: Verb = async (ctx, inbound) => {
  const uri = instrumentOf(inbound, 'Like')
  const { id: requestUri } = inbound.activity
  return onPost(ctx, inbound, async (tx, post) => {
    await receiveFavourite(tx, { uri, accountId: inbound.actor.id, postId: post.id, ...(requestUri === undefined ? {} : { requestUri }) })
  })
}

/** AnnounceRequest (GoToSocial): may the Announce `instrument` be done? */
export const announceRequest: Verb = async (ctx, inbound) => {
  const uri = instrumentOf(inbound, 'Announce')
  const { id: requestUri } = inbound.activity
  return onPost(ctx, inbound, async (tx, post) => {
    await receiveBoost(tx, { uri, boosterId: inbound.actor.id, postId: post.id, ...(requestUri === undefined ? {} : { requestUri }) })
  })
}

/**
 * The post that asks may come along, or is fetched later: neither changes the answer, which names the two ids. What comes along is taken as a Create's would be, and
 * must quote, or answer, what it says it wants to.
 */
async function requestWithPost(ctx: Context, inbound: Inbound, kind: Extract<InteractionKind, 'quote' | 'reply'>): Promise<void> {
  const { instrument, id: requestUri } = inbound.activity
  const objectUri = instrument?.id
  if (objectUri === undefined) throw new InboxFault(400, `${inbound.activity.type} needs an instrument with an http(s) URL as its id.`)
  requireOwnHost(inbound, objectUri, 'The instrument')
  const targetUri = soleObjectId(inbound)
  const told = await toldInstrument(ctx, inbound, kind, targetUri)
  const mayFetch = told === undefined && !(await findPostByUri(ctx.db, objectUri)) && (await mayCauseFetch(ctx, inbound.actor))
  return onPost(ctx, inbound, async (tx, post) => {
    const act = { kind, accountId: inbound.actor.id, objectUri, ...(requestUri === undefined ? {} : { requestUri }) }
    // Answered first, so that the post that comes along finds what was decided.
    await receiveRequest(tx, post, act, async () => {
      if (told) return receivePost(tx, ctx.random, told)
      // Its server asks the author of ours, and so lets them read what they are asked about.
      const asked = { uri: objectUri, readerId: post.authorId }
      if (mayFetch) await enqueue(tx, fetchJob('fetch-post', objectUri, asked))
      return undefined
    })
  })
}

async function toldInstrument(ctx: Context, inbound: Inbound, kind: 'quote' | 'reply', targetUri: string): Promise<CleanPost | undefined> {
  const embedded = inbound.activity.instrument?.embedded
  if (embedded === undefined) return undefined
  const object = requireOwn(inbound, readObject(embedded))
  const named = kind === 'quote' ? object.quote?.uri : object.inReplyTo
  if (!isPost(object) || named !== targetUri) throw new InboxFault(400, 'The instrument is about another post.')
  return toToldPost(ctx.db, object, inbound.actor)
}

/** Only of posts of ours that the actor may see; of any other nobody learns whether it is there. */
async function onPost(ctx: Context, inbound: Inbound, change: (tx: Tx, post: PostRow) => Promise<unknown>): Promise<void> {
  const targetUri = soleObjectId(inbound)
  if (inbound.activity.id !== undefined && !isOnHostOf(inbound, inbound.activity.id))
    throw new InboxFault(403, "The request must be of the actor's own server.")
  return accept(ctx, inbound, async (tx) => {
    const named = await findPostByUri(tx, targetUri)
    const post = named && (await findPost(tx, inbound.actor.id, named.id))
    if (post?.isLocal && post.boostOfId === null) await change(tx, post)
  })
}

/** The id of a Like or Announce of the actor's own. */
function instrumentOf(inbound: Inbound, type: 'Like' | 'Announce'): string {
  const { instrument } = inbound.activity
  const uri = instrument?.id
  if (uri === undefined) throw new InboxFault(400, `${inbound.activity.type} needs an instrument with an http(s) URL as its id.`)
  requireOwnHost(inbound, uri, 'The instrument')
  const { embedded } = instrument ?? {}
  const isOther =
    embedded !== undefined &&
    (embedded.type !== type || idOf(embedded.actor) !== inbound.actor.uri || idOf(embedded.object) !== soleObjectId(inbound))
  if (isOther) throw new InboxFault(400, `The instrument must be the ${type} that is asked for.`)
  return uri
}
