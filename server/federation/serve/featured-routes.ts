import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { loadNote } from '#server/federation/outbound/load-note.ts'
import { getOpenAccount, type NameRequest } from '#server/federation/serve/actor-routes.ts'
import { answerDocument } from '#server/federation/serve/answer.ts'
import { forPeers } from '#server/federation/serve/for-peers.ts'
import type { Viewers } from '#server/federation/serve/viewers.ts'
import { featuredOf } from '#server/federation/vocabulary/addresses.ts'
import { joinContexts, withoutContext } from '#server/federation/vocabulary/join-contexts.ts'
import { findOutgoing } from '#server/peers/outgoing-posts.ts'
import { pinnedPosts } from '#server/posts/pins.ts'

/** What our people show first, the newest pin first: few, and so at once and whole. */
export function featuredRoutes(app: FastifyInstance, ctx: Context, viewers: Viewers): void {
  app.get('/@:name/featured', forPeers, async (request: NameRequest, reply) => {
    const account = await getOpenAccount(ctx, viewers, request)
    const items = await Promise.all((await pinnedPosts(ctx.db, undefined, account.id)).map(({ id }) => noteOf(ctx, id)))
    const notes = items.filter((item) => item !== undefined)
    const collection = {
      '@context': joinContexts(notes),
      id: featuredOf(account.uri),
      type: 'OrderedCollection',
      totalItems: notes.length,
      orderedItems: notes.map(withoutContext)
    }
    return answerDocument(request, reply, collection, 'public')
  })
}

async function noteOf(ctx: Context, id: number): Promise<Record<string, unknown> | undefined> {
  const row = await findOutgoing(ctx.db, id)
  return row && (await loadNote(ctx, row)).note
}
