import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { answerDocument, type Sharing } from '#server/federation/serve/answer.ts'
import { forPeers } from '#server/federation/serve/for-peers.ts'
import { getServedPost, type PostRequest, type ServedPost } from '#server/federation/serve/served-post.ts'
import type { Viewers } from '#server/federation/serve/viewers.ts'
import { contextOf, likesOf, repliesOf, sharesOf } from '#server/federation/vocabulary/addresses.ts'
import { toCollection, toCollectionPage } from '#server/federation/vocabulary/to-collection.ts'
import { countConversation, type Conversation, findConversation } from '#server/peers/conversations.ts'
import { readId } from '#server/platform/ids.ts'

const postsPerPage = 50

/** The collections that hang on a post, each for whoever may see the post, and with nothing in it that the asker may not see. */
export function postCollectionRoutes(app: FastifyInstance, ctx: Context, viewers: Viewers): void {
  app.get('/@:name/:id/replies', forPeers, async (request: PostRequest, reply) => {
    const served = await getPost(ctx, viewers, request)
    const { id, uri } = served.row.post
    return answerPosts(ctx, viewers, request, reply, served, { of: { repliesTo: id }, uri: repliesOf(uri), isOrdered: false })
  })

  // The whole conversation, oldest first, where it began here (FEP-7888, FEP-f228); who began it answers for what is in it.
  app.get('/@:name/:id/context', forPeers, async (request: PostRequest, reply) => {
    const served = await getPost(ctx, viewers, request)
    const { id, uri, threadId } = served.row.post
    if (threadId !== id) throw new Refusal('missing', 'errors.missing')
    const owner = { attributedTo: served.row.authorUri }
    return answerPosts(ctx, viewers, request, reply, served, { of: { threadId: id }, uri: contextOf(uri), isOrdered: true, owner })
  })

  // Who liked and boosted stays between them and the author: the numbers alone are told.
  for (const [name, addressOf, count] of [
    ['likes', likesOf, 'favouritesCount'],
    ['shares', sharesOf, 'boostsCount']
  ] as const) {
    app.get(`/@:name/:id/${name}`, forPeers, async (request: PostRequest, reply) => {
      const { row, sharing } = await getPost(ctx, viewers, request)
      const collection = { uri: addressOf(row.post.uri), totalItems: row.post[count], isOrdered: false }
      return answerDocument(request, reply, toCollection(collection, false), sharing)
    })
  }
}

async function getPost(ctx: Context, viewers: Viewers, request: PostRequest): Promise<ServedPost> {
  const served = await getServedPost(ctx, viewers, request)
  if (served.row.post.boostOfId !== null) throw new Refusal('missing', 'errors.missing')
  return served
}

interface Listing {
  of: Conversation
  uri: string
  isOrdered: boolean
  owner?: Record<string, unknown>
}

/** Ids of the posts that this asker may see, fifty a page. Who is not known here yet sees what everybody sees. */
async function answerPosts(
  ctx: Context,
  viewers: Viewers,
  request: PostRequest,
  reply: FastifyReply,
  served: ServedPost,
  { of, uri, isOrdered, owner = {} }: Listing
): Promise<FastifyReply> {
  const viewer = served.viewer ?? (await viewers.findViewer(request, { mayFetch: false }))
  const sharing: Sharing = viewer ? 'private' : served.sharing
  const collection = { uri, totalItems: await countConversation(ctx.db, of, viewer?.id), isOrdered }
  if (request.query.page === undefined) return answerDocument(request, reply, { ...toCollection(collection), ...owner }, sharing)
  const after = readId(request.query.after) ?? 0
  const posts = await findConversation(ctx.db, of, viewer?.id, after, postsPerPage)
  const page = toCollectionPage({
    ...collection,
    query: after === 0 ? 'page=1' : `page=1&after=${after}`,
    nextQuery: posts.length === postsPerPage ? `page=1&after=${posts.at(-1)?.id}` : undefined,
    items: posts.map((post) => post.uri)
  })
  return answerDocument(request, reply, { ...page, ...owner }, sharing)
}
