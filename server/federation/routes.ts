import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findLocalAccount } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import { createInboxGate, type InboxAnswer } from '#server/federation/gate.ts'
import { type RequestHead, type SignatureClaim, SignatureFault } from '#server/federation/signatures/claim.ts'
import { parseClaim } from '#server/federation/signatures/parse-claim.ts'
import { mediaTypeOf } from '#server/platform/content-types.ts'

/** Largest activity taken. */
export const activityBytesMax = 1_000_000

const mediaTypes = ['application/activity+json', 'application/ld+json', 'application/json']
const claimOf = new WeakMap<FastifyRequest, SignatureClaim>()

/**
 * The inboxes, as a plugin of their own: bodies stay the exact bytes that were signed, and whatever the headers alone can refuse is refused before
 * the body is read. The address that was signed is our configured origin with the path, whatever a proxy says. Host has been checked by the app.
 */
export async function federationRoutes(app: FastifyInstance, ctx: Context): Promise<void> {
  const receive = createInboxGate(ctx)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: activityBytesMax }, (_request, body, done) => done(null, body))

  const headOf = (request: FastifyRequest): RequestHead => ({
    method: request.method,
    target: request.raw.url ?? '',
    origin: ctx.config.origin,
    headers: request.headers
  })

  app.addHook('onRequest', (request, reply, done) => {
    const refusal = refuseByHead(request)
    if (refusal) return void reply.send(answer(reply, refusal))
    try {
      claimOf.set(request, parseClaim(headOf(request), ctx.clock.now()))
    } catch (error) {
      if (!(error instanceof SignatureFault)) throw error
      return void reply.send(answer(reply, { status: 401, why: error.message }))
    }
    done()
  })

  // The bytes that were signed are the bytes that are read, and the answers are too short to be packed.
  const options = { config: { access: 'peer' as const }, bodyLimit: activityBytesMax, compress: false as const, decompress: false as const }

  app.post('/inbox', options, async (request, reply) => handle(request, reply, undefined))

  app.post<{ Params: { name: string } }>('/@:name/inbox', options, async (request, reply) => {
    const owner = await findLocalAccount(ctx.db, request.params.name)
    if (!owner || owner.deletedAt !== null) return answer(reply, { status: owner ? 410 : 404, why: 'Nobody has this inbox.' })
    return handle(request, reply, owner)
  })

  async function handle(request: FastifyRequest, reply: FastifyReply, owner: Awaited<ReturnType<typeof findLocalAccount>>) {
    const claim = claimOf.get(request)
    if (!claim) throw new Error('A request came to an inbox without its signature having been read.')
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    return answer(reply, await receive({ claim, head: headOf(request), body, owner, address: request.ip }))
  }
}

type Answer = Omit<InboxAnswer, 'status'> & { status: InboxAnswer['status'] | 404 | 410 | 413 | 415 }

function refuseByHead({ headers }: FastifyRequest): Answer | undefined {
  if (Number(headers['content-length'] ?? 0) > activityBytesMax)
    return { status: 413, why: `An activity may have ${activityBytesMax} bytes.` }
  if (!mediaTypes.includes(mediaTypeOf(headers['content-type'] ?? '')))
    return { status: 415, why: `The content type must be ${mediaTypes[0]}.` }
  return undefined
}

/**
 * Sets what an answer says beside its text, and gives that text. Machines read the status, their operators the sentence. A refusal before the body was
 * read ends the connection, or the rest would still be sent.
 */
function answer(reply: FastifyReply, { status, why, retryAfterMs }: Answer): string {
  if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))))
  if (status === 413) reply.header('connection', 'close')
  reply.code(status).header('cache-control', 'no-store').type('text/plain; charset=utf-8')
  return why === undefined ? '' : `${why}\n`
}
