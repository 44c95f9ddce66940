import type { FastifyReply, FastifyRequest } from 'fastify'
import { keptAnswers } from '#server/federation/serve/kept-answers.ts'
import { keyIdOf } from '#server/federation/serve/key-id-of.ts'
import { activityContentType } from '#server/federation/vocabulary/context.ts'
import { etagOf, hasEtag } from '#server/platform/etags.ts'

/** Who may have an answer besides whoever asked: everybody, or nobody. */
export type Sharing = 'public' | 'private'

/** Marks of the database from before a request was looked at. */
const markOf = new WeakMap<FastifyRequest, string>()

/** Notes that nothing was read for a request yet: what is answered to it may be kept for as long as this mark holds. */
export function noteMark(request: FastifyRequest, mark: string): void {
  markOf.set(request, mark)
}

export function documentHeaders(sharing: Sharing) {
  return {
    vary: 'Accept, Signature, Signature-Input',
    'cache-control': sharing === 'public' ? 'public, no-cache' : 'private, no-store',
    'access-control-allow-origin': '*'
  }
}

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
  reply.headers({ ...documentHeaders(sharing), etag })
  if (status === 200 && sharing === 'public') keep(request, body, etag)
  if (status === 200 && hasEtag(request.headers['if-none-match'], etag)) return reply.code(304).send()
  return reply.code(status).header('content-type', activityContentType).send(body)
}

/** The same document is asked for again and again: the next time it is answered as it stands, unless something was committed (quick-door.ts). */
function keep(request: FastifyRequest, body: string, etag: string): void {
  const mark = markOf.get(request)
  if (mark === undefined) return
  const route = request.routeOptions.url ?? ''
  keptAnswers(request.server.ctx).keep(request.raw.url ?? '', { mark, route, etag, body, keyId: keyIdOf(request.headers) })
}
