import { createHash, createPublicKey, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createFederation, MemoryKvStore } from '@fedify/fedify'
import { getDocumentLoader } from '@fedify/fedify/runtime'
import { Create, Like } from '@fedify/fedify/vocab'
import createFastify from 'fastify'
import { generateRsaKeyPair } from '#server/platform/key-pair.ts'
import { goal, measure, show } from '#test/bench/harness.ts'
import { hostile } from '#test/bench/inbox-hostile.ts'
import { startBenchInstance } from '#test/bench/instance.ts'
import { createTestClock } from '#test/helpers/clock.ts'
import { createPerson } from '#test/helpers/people.ts'
import { signedHeaders } from '#test/helpers/sign-request.ts'

const perRepeat = 200
/** So many come at once where it says so. */
const crowd = 32
const rounds = 6
/** Activities from this number on are for those that come at once. */
const freshFrom = perRepeat * rounds
/** So long apart, by the clock, one host's activities pass. */
const paceMs = 2_000
const everybody = 'https://www.w3.org/ns/activitystreams#Public'
const actorUri = 'https://far.test/users/ben'
const keyId = `${actorUri}#main-key`

export interface Signed {
  headers: Record<string, string>
  body: Buffer
}

/**
 * What an activity of a known actor costs from its bytes to its effect: against the crypto alone (JSON.parse, SHA-256, RSA verify with a kept
 * key) and against Fedify's own inbox with a listener that does nothing. Everything is signed beforehand.
 */
export async function inbox(): Promise<void> {
  const keys = await generateRsaKeyPair()
  const actor = {
    '@context': ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1'],
    id: actorUri,
    type: 'Person',
    preferredUsername: 'ben',
    inbox: `${actorUri}/inbox`,
    outbox: `${actorUri}/outbox`,
    followers: `${actorUri}/followers`,
    publicKey: { id: keyId, owner: actorUri, publicKeyPem: keys.publicPem }
  }
  const sign = (activity: object) => signBody(Buffer.from(JSON.stringify(activity)))
  const signBody = (body: Buffer): Signed => {
    return {
      body,
      headers: signedHeaders({ host: 'bench.test', path: '/inbox', body, keyId, privatePem: keys.privatePem, now: Date.now() })
    }
  }

  // Time passes quickly here, so that the limit of what one host may send in a while does not come into play.
  const clock = createTestClock()
  const bench = await startBenchInstance({ clock })
  const ana = await createPerson(bench.ctx, bench.app, 'ana', 'person')
  await know(bench, actor)
  const liked: string[] = []
  for (let index = 0; index < freshFrom + perRepeat * rounds; index++) liked.push(await publishFor(bench, ana.account.id, index))

  for (const [name, activityOf] of [
    ['Create', createOf],
    ['Like', (index: number) => likeOf(index, liked[index] ?? '')]
  ] as const) {
    const signed = Array.from({ length: perRepeat * rounds }, (_, index) => sign(activityOf(index)))
    const key = createPublicKey(keys.publicPem)
    const fedify = await bareFedify(actor)
    const results = await measure([
      { name: 'floor: parse, digest, verify', count: perRepeat, run: async (index) => crypto(signed[index] as Signed, key) },
      {
        name: `Skerry, ${name}, all its effects`,
        count: perRepeat,
        run: (index) => {
          clock.advance(paceMs)
          return toSkerry(bench, signed[index] as Signed)
        }
      },
      { name: `Fedify, ${name}, a listener that does nothing`, count: perRepeat, run: (index) => fedify(signed[index] as Signed) }
    ])
    show(`Inbox, ${name} of a known actor, one by one`, results)
    const fresh = Array.from({ length: perRepeat * rounds }, (_, index) => sign(activityOf(index + freshFrom)))
    const crowded = await measure([
      { name: 'floor: parse, digest, verify', count: perRepeat, atOnce: crowd, run: async (index) => crypto(fresh[index] as Signed, key) },
      {
        name: `Skerry, ${name}, all its effects`,
        count: perRepeat,
        atOnce: crowd,
        run: (index) => {
          clock.advance(paceMs)
          return toSkerry(bench, fresh[index] as Signed)
        }
      },
      {
        name: `Fedify, ${name}, a listener that does nothing`,
        count: perRepeat,
        atOnce: crowd,
        run: (index) => fedify(fresh[index] as Signed)
      }
    ])
    show(`Inbox, ${name} of a known actor, ${crowd} at once`, crowded)
    for (const [how, [floor, ours, theirs]] of [
      ['one by one', results],
      [`${crowd} at once`, crowded]
    ] as const) {
      goal(`inbox CPU of a ${name}, ${how}, to the crypto floor`, (ours?.cpuMs ?? Number.NaN) / (floor?.cpuMs ?? Number.NaN), 10)
      goal(`inbox CPU of a ${name}, ${how}, to a bare Fedify handler's`, (ours?.cpuMs ?? Number.NaN) / (theirs?.cpuMs ?? Number.NaN), 0.2)
    }
  }
  await hostile(bench, {
    good: (index) => sign(createOf(index)),
    signed: (body) => signBody(body),
    floor: (signed) => crypto(signed, createPublicKey(keys.publicPem)),
    pass: () => clock.advance(paceMs)
  })
  await bench.close()
}

function createOf(index: number) {
  const id = `https://far.test/notes/${index}`
  const content = `<p>Post number ${index} with <a href="https://far.test/tags/tide" class="mention hashtag" rel="tag">#<span>tide</span></a></p>`
  const tag = [{ type: 'Hashtag', name: '#tide', href: 'https://far.test/tags/tide' }]
  const addressed = { to: [everybody], cc: [`${actorUri}/followers`] }
  const object = { id, type: 'Note', attributedTo: actorUri, content, published: new Date().toISOString(), tag, ...addressed }
  return {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: `${id}/activity`,
    type: 'Create',
    actor: actorUri,
    object,
    ...addressed
  }
}

function likeOf(index: number, object: string) {
  return {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: `https://far.test/likes/${index}`,
    type: 'Like',
    actor: actorUri,
    object
  }
}

async function crypto({ headers, body }: Signed, key: ReturnType<typeof createPublicKey>): Promise<void> {
  JSON.parse(body.toString())
  if (`SHA-256=${createHash('sha256').update(body).digest('base64')}` !== headers.digest) throw new Error('digest')
  const text = ['(request-target): post /inbox', `host: ${headers.host}`, `date: ${headers.date}`, `digest: ${headers.digest}`].join('\n')
  const signature = Buffer.from(/signature="([^"]+)"/.exec(headers.signature ?? headers.Signature ?? '')?.[1] ?? '', 'base64')
  if (!verify('sha256', Buffer.from(text), key, signature)) throw new Error('signature')
}

export type Bench = Awaited<ReturnType<typeof startBenchInstance>>

export async function toSkerry({ app }: Bench, { headers, body }: Signed): Promise<void> {
  const answer = await app.inject({ method: 'POST', url: '/inbox', headers, payload: body })
  if (answer.statusCode !== 202) throw new Error(`The inbox answered ${answer.statusCode}: ${answer.body}`)
}

/** The actor becomes known the way all do: the instance reads its document from its own server. */
export async function know(bench: Bench, actor: { id: string }): Promise<void> {
  const { host } = new URL(actor.id)
  const server = createServer((request, response) => {
    const isWebFinger = request.url?.startsWith('/.well-known/webfinger')
    const self = { rel: 'self', type: 'application/activity+json', href: actor.id }
    response.setHeader('content-type', isWebFinger ? 'application/jrd+json' : 'application/activity+json')
    response.end(JSON.stringify(isWebFinger ? { subject: `acct:ben@${host}`, links: [self] } : actor))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  bench.network.add(host, (server.address() as AddressInfo).port)
  const found = await bench.ctx.fediverse.resolve(actor.id)
  server.closeAllConnections()
  server.close()
  if (found.kind !== 'account') throw new Error('The actor could not be read.')
}

async function publishFor(bench: Bench, accountId: number, index: number): Promise<string> {
  const { posts } = await import('#db/schema/posts.ts')
  return bench.ctx.transact(async (tx) => {
    const id = tx.newId()
    const uri = `https://bench.test/@ana/${id}`
    const html = `<p>${index}</p>`
    await tx
      .insert(posts)
      .values({ id, uri, authorId: accountId, threadId: id, html, visibility: 'public', isLocal: true, createdAt: tx.now })
    return uri
  })
}

/** Behind the same kind of door as ours: a Fastify plugin that keeps the body's bytes, and nothing more. */
async function bareFedify(actor: object): Promise<(signed: Signed) => Promise<void>> {
  const load = async (url: string) => ({ contextUrl: null, documentUrl: url, document: actor })
  const federation = createFederation<void>({
    kv: new MemoryKvStore(),
    documentLoaderFactory: () => load,
    contextLoaderFactory: () => getDocumentLoader(),
    authenticatedDocumentLoaderFactory: () => load
  })
  federation
    .setInboxListeners('/users/{identifier}/inbox', '/inbox')
    .on(Create, () => {})
    .on(Like, () => {})
  federation.setActorDispatcher('/users/{identifier}', () => null)
  const app = createFastify()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/inbox', async (request, reply) => {
    const headers = request.headers as Record<string, string>
    const asked = new Request('https://bench.test/inbox', { method: 'POST', headers, body: new Uint8Array(request.body as Buffer) })
    const answer = await federation.fetch(asked, { contextData: undefined })
    return reply.code(answer.status).send(await answer.text())
  })
  await app.ready()
  return async ({ headers, body }) => {
    const answer = await app.inject({ method: 'POST', url: '/inbox', headers: { ...headers, accept: '*/*' }, payload: body })
    if (answer.statusCode !== 202) throw new Error(`Fedify answered ${answer.statusCode}: ${answer.body}`)
  }
}
