import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { answerDocument } from '#server/federation/serve/answer.ts'
import { forPeers } from '#server/federation/serve/for-peers.ts'
import { getServedPost, type PostRequest } from '#server/federation/serve/served-post.ts'
import type { Viewers } from '#server/federation/serve/viewers.ts'
import { toAuthorization } from '#server/federation/vocabulary/to-interaction.ts'
import { authorizationOf } from '#server/interactions/authorizations.ts'
import { findInteraction } from '#server/interactions/find-interaction.ts'
import { readId } from '#server/platform/ids.ts'

type AuthorizationRequest = FastifyRequest<{ Params: { name: string; id: string; authorization: string } }>

/**
 * `/@name/<id>/authorizations/<number>`: what one of ours agreed to, for everybody who may see the post it is about (FEP-044f, approval stamps). What was
 * taken back is gone; what was never given is not there.
 */
export function authorizationRoutes(app: FastifyInstance, ctx: Context, viewers: Viewers): void {
  app.get('/@:name/:id/authorizations/:authorization', forPeers, async (request: PostRequest, reply) => {
    const { row, sharing } = await getServedPost(ctx, viewers, request)
    const interactionId = readId((request as PostRequest & AuthorizationRequest).params.authorization)
    const found = interactionId === undefined ? undefined : await findInteraction(ctx.db, interactionId)
    if (!found || found.target.id !== row.post.id) throw new Refusal('missing', 'errors.missing')
    const { kind, state, objectUri } = found.row
    if (state === 'revoked') throw new Refusal('gone', 'errors.text410')
    if (state !== 'accepted') throw new Refusal('missing', 'errors.missing')
    const act = { kind, objectUri, targetUri: row.post.uri, targetAuthorUri: row.authorUri }
    return answerDocument(request, reply, toAuthorization(act, authorizationOf(row.post.uri, found.row.id)), sharing)
  })
}
