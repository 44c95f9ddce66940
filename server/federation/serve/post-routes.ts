import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { loadNote } from '#server/federation/outbound/load-note.ts'
import { answerDocument } from '#server/federation/serve/answer.ts'
import type { Viewers } from '#server/federation/serve/viewers.ts'
import { likesOf, repliesOf, sharesOf } from '#server/federation/vocabulary/addresses.ts'
import { toAnnounce } from '#server/federation/vocabulary/to-activity.ts'
import { toCollection, toCollectionPage } from '#server/federation/vocabulary/to-collection.ts'
import { toTombstone } from '#server/federation/vocabulary/to-note.ts'
import { findOutgoing, findReplyUris, type OutgoingRow } from '#server/peers/outgoing-posts.ts'
import { readId } from '#server/platform/ids.ts'
import { isVisible } from '#server/posts/find-post.ts'
import { maySee } from '#server/posts/visibility.ts'

export type PostRequest = FastifyRequest<{ Params: { name: string; id: string }; Querystring: { page?: string; after?: string } }>

const forPeers = { constraints: { accept: 'activity' }, config: { access: 'peer' } } as const
const repliesPerPage = 40

/** `/@name/<id>`: the Note, or the Announce when the row is a boost, and the collections that hang on a post. */
export function postRoutes(app: FastifyInstance, ctx: Context, viewers: Viewers): void {
  app.get('/@:name/:id', forPeers, async (request: PostRequest, reply) => {
    const row = await findRow(ctx, request)
    if (row.post.deletedAt !== null) return answerDeleted(request, reply, row)
    await viewers.refuseBlocked(request, row.post.authorId)
    if (isOpen(row)) {
      if (!(await isForEverybody(ctx, row))) throw new Refusal('missing', 'errors.missing')
      return answerDocument(request, reply, await toDocument(ctx, row), 'public')
    }
    const viewer = await viewers.findViewer(request)
    if (!viewer || !(await isVisible(ctx.db, viewer.id, row.post.id))) throw new Refusal('missing', 'errors.missing')
    return answerDocument(request, reply, await toDocument(ctx, row), 'private')
  })

  app.get('/@:name/:id/replies', forPeers, async (request: PostRequest, reply) => {
    const row = await getOpenPost(ctx, viewers, request)
    const uri = repliesOf(row.post.uri)
    const collection = { uri, totalItems: row.post.repliesCount, isOrdered: false }
    if (request.query.page === undefined) return answerDocument(request, reply, toCollection(collection), 'public')
    const after = readId(request.query.after) ?? 0
    const replies = await findReplyUris(ctx.db, row.post.id, after, repliesPerPage)
    const page = {
      ...collection,
      query: after === 0 ? 'page=1' : `page=1&after=${after}`,
      nextQuery: replies.length === repliesPerPage ? `page=1&after=${replies.at(-1)?.id}` : undefined,
      items: replies.map((reply) => reply.uri)
    }
    return answerDocument(request, reply, toCollectionPage(page), 'public')
  })

  // Who liked and boosted stays between them and the author: the numbers alone are public.
  app.get('/@:name/:id/likes', forPeers, async (request: PostRequest, reply) => {
    const { post } = await getOpenPost(ctx, viewers, request)
    return answerDocument(
      request,
      reply,
      toCollection({ uri: likesOf(post.uri), totalItems: post.favouritesCount, isOrdered: false }, false),
      'public'
    )
  })

  app.get('/@:name/:id/shares', forPeers, async (request: PostRequest, reply) => {
    const { post } = await getOpenPost(ctx, viewers, request)
    return answerDocument(
      request,
      reply,
      toCollection({ uri: sharesOf(post.uri), totalItems: post.boostsCount, isOrdered: false }, false),
      'public'
    )
  })
}

/** The object behind a row: a Note, or an Announce. */
async function toDocument(ctx: Context, row: OutgoingRow): Promise<object> {
  if (row.post.boostOfId === null) return (await loadNote(ctx, row)).note
  const { uri, createdAt, visibility } = row.post
  return toAnnounce({
    uri,
    createdAt,
    visibility,
    actorUri: row.authorUri,
    objectUri: row.originalUri ?? '',
    objectAuthorUri: row.originalAuthorUri ?? ''
  })
}

/** Of our own posts, the one at this very address. */
async function findRow(ctx: Context, { params: { name, id } }: PostRequest): Promise<OutgoingRow> {
  const postId = readId(id)
  const row = postId === undefined ? undefined : await findOutgoing(ctx.db, postId)
  if (!row || row.authorName !== name) throw new Refusal('missing', 'errors.missing')
  return row
}

/** A tombstone for what everybody could see once; whoever could never see it learns nothing. */
function answerDeleted(request: FastifyRequest, reply: FastifyReply, { post }: OutgoingRow): FastifyReply {
  const { visibility, uri, deletedAt } = post
  if (visibility !== 'public' && visibility !== 'unlisted') throw new Refusal('missing', 'errors.missing')
  return answerDocument(request, reply, toTombstone({ uri, deletedAt: deletedAt ?? 0 }), 'public', 410)
}

async function getOpenPost(ctx: Context, viewers: Viewers, request: PostRequest): Promise<OutgoingRow> {
  const row = await findRow(ctx, request)
  await viewers.refuseBlocked(request, row.post.authorId)
  if (!isOpen(row) || row.post.boostOfId !== null || !(await isForEverybody(ctx, row))) throw new Refusal('missing', 'errors.missing')
  return row
}

/** The one rule of visibility, on the row at hand; a boost needs a look at what it boosts. */
async function isForEverybody(ctx: Context, { post, authorSuspendedAt, authorDeletedAt }: OutgoingRow): Promise<boolean> {
  if (post.boostOfId !== null) return isVisible(ctx.db, undefined, post.id)
  const { authorId, visibility, deletedAt } = post
  return maySee(undefined, {
    authorId,
    visibility,
    isDeleted: deletedAt !== null,
    isAuthorHidden: authorSuspendedAt !== null || authorDeletedAt !== null,
    audience: []
  })
}

function isOpen({ post }: OutgoingRow): boolean {
  return post.visibility === 'public' || post.visibility === 'unlisted'
}
