import type { FastifyReply, FastifyRequest } from 'fastify'
import { activityContentType } from '#server/federation/vocabulary/context.ts'
import { etagOf, hasEtag } from '#server/platform/etags.ts'

/** Who may have an answer besides whoever asked: everybody, or nobody. */
export type Sharing = 'public' | 'private'

/**
 * Sends an ActivityPub document with an ETag, and 304 to whoever has it already. Public ones may be kept by caches that ask again
 * each time, so that what is deleted or blocked is gone at once; an answer meant for its signer is kept by nobody.
 */
export function answerDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  document: object,
  sharing: Sharing,
  status = 200
): FastifyReply {
  const body = JSON.stringify(document)
  const etag = etagOf(body)
  reply.headers({
    vary: 'Accept, Signature, Signature-Input',
    'cache-control': sharing === 'public' ? 'public, no-cache' : 'private, no-store',
    'access-control-allow-origin': '*',
    etag
  })
  if (status === 200 && hasEtag(request.headers['if-none-match'], etag)) return reply.code(304).send()
  return reply.code(status).header('content-type', activityContentType).send(body)
}
