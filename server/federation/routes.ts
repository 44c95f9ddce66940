import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findLocalAccount } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import { createInboxGate, type InboxAnswer } from '#server/federation/gate.ts'
import { type RequestHead, SignatureFault } from '#server/federation/signatures/claim.ts'
import { parseClaim } from '#server/federation/signatures/parse-claim.ts'
import { mediaTypeOf } from '#server/platform/content-types.ts'

/** Largest activity taken. */
export const activityBytesMax = 1_000_000

const mediaTypes = ['application/activity+json', 'application/ld+json', 'application/json']

/**
 * The inboxes, as a plugin of their own. Each request is answered out of the first hook that is the plugin's: what the app does for pages after it (who
 * visits, how often, with which form) plays no part here, and would cost a peer as much as the rest of the way in. Bodies stay the exact bytes that were
 * signed, and whatever the headers alone can refuse is refused before the body is read. The address that was signed is our configured origin with
 * the path, whatever a proxy says. Host has been checked by the app.
 */
export async function federationRoutes(app: FastifyInstance, ctx: Context): Promise<void> {
  const receive = createInboxGate(ctx)

  app.addHook('onRequest', (request, reply) => {
    take(request).then(
      (said) => (said.why === undefined ? answerShortly(reply, said.status) : reply.send(answer(reply, said))),
      (error: unknown) => reply.send(error)
    )
  })
  // The answers are too short to be packed.
  const options = { config: { access: 'peer' as const }, compress: false as const, decompress: false as const }
  app.post('/inbox', options, goneAstray)
  app.post('/@:name/inbox', options, goneAstray)

  async function take(request: FastifyRequest): Promise<Answer> {
    const refusal = refuseByHead(request)
    if (refusal) return refusal
    const head = { method: request.method, target: request.raw.url ?? '', origin: ctx.config.origin, headers: request.headers }
    const claim = readClaim(head)
    if ('status' in claim) return claim
    const body = await readBytes(request.raw)
    if (body === undefined) return tooLarge
    const { name } = request.params as { name?: string }
    if (name === undefined) return receive({ claim, head, body, owner: undefined, address: request.ip })
    const owner = await findLocalAccount(ctx.db, name)
    if (!owner || owner.deletedAt !== null) return { status: owner ? 410 : 404, why: 'Nobody has this inbox.' }
    return receive({ claim, head, body, owner, address: request.ip })
  }

  function readClaim(head: RequestHead) {
    try {
      return parseClaim(head, ctx.clock.now())
    } catch (error) {
      if (!(error instanceof SignatureFault)) throw error
      return { status: 401 as const, why: error.message }
    }
  }
}

function goneAstray(): never {
  throw new Error('A request went past the hook that answers the inboxes.')
}

type Answer = Omit<InboxAnswer, 'status'> & { status: InboxAnswer['status'] | 404 | 410 | 413 | 415 }

const tooLarge: Answer = { status: 413, why: `An activity may have ${activityBytesMax} bytes.` }

function refuseByHead({ headers }: FastifyRequest): Answer | undefined {
  if (Number(headers['content-length'] ?? 0) > activityBytesMax) return tooLarge
  const type = headers['content-type'] ?? ''
  if (!mediaTypes.includes(type) && !mediaTypes.includes(mediaTypeOf(type)))
    return { status: 415, why: `The content type must be ${mediaTypes[0]}.` }
  return undefined
}

/** The bytes of a body; undefined as soon as there are more than an activity may have. Whoever leaves before the end made the mistake (400). */
function readBytes(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= activityBytesMax) return void chunks.push(chunk)
      request.removeAllListeners('data').pause()
      resolve(undefined)
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', (error) => reject(Object.assign(error, { statusCode: 400 })))
  })
}

/**
 * Nearly every answer is a status and nothing else. It is written past what Fastify does for pages, and without the headers that tell a browser what
 * it may do with a text: there is none, and they would be most of what is sent.
 */
function answerShortly(reply: FastifyReply, status: number): void {
  reply.hijack()
  reply.raw.writeHead(status, { 'x-request-id': reply.request.id, 'cache-control': 'no-store', 'content-length': '0' }).end()
}

/**
 * Sets what an answer says beside its text, and gives that text. Machines read the status, their operators the sentence. A refusal before the body was
 * read ends the connection, or the rest would still be sent.
 */
function answer(reply: FastifyReply, { status, why = '', retryAfterMs }: Answer): string {
  if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))))
  if (status === 413) reply.header('connection', 'close')
  reply.code(status).header('cache-control', 'no-store').type('text/plain; charset=utf-8')
  return `${why}\n`
}
