import { createPublicKey } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createFederation, MemoryKvStore } from '@fedify/fedify'
import { getDocumentLoader } from '@fedify/fedify/runtime'
import { Create, Like } from '@fedify/fedify/vocab'
import createFastify from 'fastify'
import { generateRsaKeyPair } from '#server/platform/key-pair.ts'
import { bareCommit, bareDoor, clientAlone, crypto } from '#test/bench/floors.ts'
import { ask } from '#test/bench/client.ts'
import { goal, measure, show, warmUps } from '#test/bench/harness.ts'
import { hostile } from '#test/bench/inbox-hostile.ts'
import { startBenchInstance } from '#test/bench/instance.ts'
import { createTestClock } from '#test/helpers/clock.ts'
import { createPerson } from '#test/helpers/people.ts'
import { signedHeaders } from '#test/helpers/sign-request.ts'

const perRepeat = 200
/** So many come at once where it says so. */
export const crowd = 32
const rounds = 5 + warmUps
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
    const door = await bareDoor()
    const fresh = Array.from({ length: perRepeat * rounds }, (_, index) => sign(activityOf(index + freshFrom)))
    for (const [how, atOnce, requests] of [
      ['one by one', 1, signed],
      [`${crowd} at once`, crowd, fresh]
    ] as const) {
      const commit = bareCommit()
      const of = { count: perRepeat, atOnce }
      const results = await measure([
        { ...of, name: 'floor: parse, digest, verify', run: async (index) => crypto(requests[index] as Signed, key) },
        {
          ...of,
          name: `Skerry, ${name}, all its effects`,
          run: (index) => {
            clock.advance(paceMs)
            return toSkerry(bench, requests[index] as Signed)
          }
        },
        { ...of, name: `Fedify, ${name}, a listener that does nothing`, run: (index) => fedify(requests[index] as Signed) },
        { ...of, name: 'the test client alone', run: (index) => clientAlone(requests[index] as Signed) },
        { ...of, name: 'a Fastify that does nothing, by the same client', run: (index) => door(requests[index] as Signed) },
        // Who comes alone cannot share one; many at once share it.
        { ...of, atOnce: 1, name: 'one row in a durable commit of its own', run: () => commit.run() }
      ])
      commit.close()
      show(`Inbox, ${name} of a known actor, ${how}`, results)
      const [floor, ours, theirs, client, way, row] = results.map(({ cpuMs }) => cpuMs) as [number, number, number, number, number, number]
      const bare = floor + way + row / atOnce
      goal(`inbox CPU of a ${name}, ${how}, to the crypto floor`, (ours - client) / floor, 10)
      goal(`inbox CPU of a ${name}, ${how}, to a bare Fedify handler's`, (ours - client) / (theirs - client), 0.2)
      console.log(`  With what the test client takes: ${(ours / floor).toFixed(2)} x the floor, ${(ours / theirs).toFixed(2)} of Fedify's`)
      console.log(`  ${(ours / bare).toFixed(2)} x the floor with a Fastify that does nothing and its share of a durable commit`)
    }
  }
  const key = createPublicKey(keys.publicPem)
  await hostile(bench, {
    good: (index) => sign(createOf(index)),
    signed: (body) => signBody(body),
    // A key that is kept, as everywhere: to parse one costs half as much again as the floor.
    floor: (signed) => crypto(signed, key),
    door: await bareDoor(),
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

export type Bench = Awaited<ReturnType<typeof startBenchInstance>>

export async function toSkerry({ app }: Bench, signed: Signed): Promise<void> {
  const status = await ask(app.routing, signed)
  if (status !== 202) throw new Error(`The inbox answered ${status}.`)
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
    const status = await ask(app.routing, { headers: { ...headers, accept: '*/*' }, body })
    if (status !== 202) throw new Error(`Fedify answered ${status}.`)
  }
}
