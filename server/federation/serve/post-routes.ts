import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { loadNote } from '#server/federation/outbound/load-note.ts'
import { prove } from '#server/federation/proofs/prove.ts'
import { answerDocument } from '#server/federation/serve/answer.ts'
import { forPeers } from '#server/federation/serve/for-peers.ts'
import { answerTombstone, getServedPost, type PostRequest } from '#server/federation/serve/served-post.ts'
import type { Viewers } from '#server/federation/serve/viewers.ts'
import { toAnnounce } from '#server/federation/vocabulary/to-activity.ts'
import type { OutgoingRow } from '#server/peers/outgoing-posts.ts'

/** `/@name/<id>`: the Note, or the Announce when the row is a boost; a tombstone for whoever could see what was deleted. */
export function postRoutes(app: FastifyInstance, ctx: Context, viewers: Viewers): void {
  app.get('/@:name/:id', forPeers, async (request: PostRequest, reply) => {
    try {
      const { row, sharing } = await getServedPost(ctx, viewers, request)
      return answerDocument(request, reply, await toDocument(ctx, row), sharing)
    } catch (error) {
      if (error instanceof Refusal && error.kind === 'gone') return answerTombstone(ctx, request, reply)
      throw error
    }
  })
}

async function toDocument(ctx: Context, row: OutgoingRow): Promise<Record<string, unknown>> {
  const { uri, authorId, createdAt, editedAt, visibility, boostOfId } = row.post
  if (boostOfId === null) {
    const { note } = await loadNote(ctx, row)
    return prove(ctx, authorId, note, editedAt ?? createdAt)
  }
  const { authorUri: actorUri, originalUri: objectUri, originalAuthorUri: objectAuthorUri } = row
  if (objectUri === null || objectAuthorUri === null) throw new Refusal('missing', 'errors.missing')
  return toAnnounce({ uri, actorUri, objectUri, objectAuthorUri, createdAt, visibility })
}
