import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { loadNote } from '#server/federation/outbound/load-note.ts'
import { getOpenAccount, type NameRequest } from '#server/federation/serve/actor-routes.ts'
import { answerDocument } from '#server/federation/serve/answer.ts'
import { listedMax } from '#server/federation/follower-sync/follower-parts.ts'
import { forPeers } from '#server/federation/serve/for-peers.ts'
import type { Viewers } from '#server/federation/serve/viewers.ts'
import { followersOf, followersSynchronizationOf, followingOf, outboxOf } from '#server/federation/vocabulary/addresses.ts'
import { joinContexts, withoutContext } from '#server/federation/vocabulary/join-contexts.ts'
import { toAnnounce, toCreate } from '#server/federation/vocabulary/to-activity.ts'
import { toCollection, toCollectionPage } from '#server/federation/vocabulary/to-collection.ts'
import { findFollowersAt } from '#server/peers/follower-parts.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { hidesFollows } from '#server/peers/federation-choices.ts'
import { findFollowUris } from '#server/peers/outgoing-actors.ts'
import { countOutbox, findOutboxIds, findOutgoing } from '#server/peers/outgoing-posts.ts'
import { readId } from '#server/platform/ids.ts'

type PageQuery = { page?: string; before?: string; after?: string }

const activitiesPerPage = 20
const peoplePerPage = 50

/** Outbox, followers and following of our accounts. */
export function collectionRoutes(app: FastifyInstance, ctx: Context, viewers: Viewers): void {
  app.get('/@:name/outbox', forPeers, async (request: NameRequest, reply) => {
    const account = await getOpenAccount(ctx, viewers, request)
    const { page, before } = request.query as PageQuery
    const collection = { uri: outboxOf(account.uri), totalItems: await countOutbox(ctx.db, account.id), isOrdered: true }
    if (page === undefined) return answerDocument(request, reply, toCollection(collection), 'public')
    const start = readId(before) ?? Number.MAX_SAFE_INTEGER
    const ids = await findOutboxIds(ctx.db, account.id, start, activitiesPerPage)
    const found = await Promise.all(ids.map((id) => toOutboxItem(ctx, id)))
    const items = found.filter((item) => item !== undefined)
    const document = toCollectionPage({
      ...collection,
      query: before === undefined ? 'page=1' : `page=1&before=${start}`,
      nextQuery: ids.length === activitiesPerPage ? `page=1&before=${ids.at(-1)}` : undefined,
      items: items.map(withoutContext),
      context: joinContexts(items)
    })
    return answerDocument(request, reply, document, 'public')
  })

  // A server that signs reads who of its own people follow, so that both sides agree (FEP-8fcf).
  app.get('/@:name/followers-synchronization', forPeers, async (request: NameRequest, reply) => {
    const account = await getOpenAccount(ctx, viewers, request)
    const viewer = await viewers.findViewer(request)
    const host = viewer && hostOf(viewer.uri)
    if (host === undefined) throw new Refusal('unauthenticated', 'errors.signatureRequired')
    const uris = await findFollowersAt(ctx.db, account.id, host, listedMax)
    const collection = { uri: followersSynchronizationOf(account.uri), totalItems: uris.length, isOrdered: true }
    return answerDocument(request, reply, { ...toCollection(collection, false), orderedItems: uris }, 'private')
  })

  for (const side of ['followers', 'following'] as const) {
    app.get(`/@:name/${side}`, forPeers, async (request: NameRequest, reply) => {
      const account = await getOpenAccount(ctx, viewers, request)
      const { page, after } = request.query as PageQuery
      const isFollowers = side === 'followers'
      const collection = {
        uri: isFollowers ? followersOf(account.uri) : followingOf(account.uri),
        totalItems: isFollowers ? account.followersCount : account.followingCount,
        isOrdered: true
      }
      // Who keeps their follows to themselves tells how many there are.
      const isListed = !(await hidesFollows(ctx.db, account.id))
      if (page === undefined) return answerDocument(request, reply, toCollection(collection, isListed), 'public')
      if (!isListed) throw new Refusal('missing', 'errors.missing')
      const start = readId(after) ?? 0
      const people = await findFollowUris(ctx.db, account.id, side, start, peoplePerPage)
      const document = toCollectionPage({
        ...collection,
        query: start === 0 ? 'page=1' : `page=1&after=${start}`,
        nextQuery: people.length === peoplePerPage ? `page=1&after=${people.at(-1)?.id}` : undefined,
        items: people.map((person) => person.uri)
      })
      return answerDocument(request, reply, document, 'public')
    })
  }
}

/** A post as its Create, a boost as its Announce. */
async function toOutboxItem(ctx: Context, id: number): Promise<Record<string, unknown> | undefined> {
  const row = await findOutgoing(ctx.db, id)
  if (!row) return undefined
  const { uri, createdAt, visibility, boostOfId } = row.post
  if (boostOfId === null) return { ...toCreate((await loadNote(ctx, row)).note) }
  if (row.originalUri === null || row.originalAuthorUri === null) return undefined
  const { originalUri: objectUri, originalAuthorUri: objectAuthorUri } = row
  return { ...toAnnounce({ uri, createdAt, visibility, actorUri: row.authorUri, objectUri, objectAuthorUri }) }
}
