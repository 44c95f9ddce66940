import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { type Context, createFederation, generateCryptoKeyPair, type InboxContext, MemoryKvStore } from '@fedify/fedify'
import {
  type Actor,
  Activity,
  Application,
  Endpoints,
  isActor,
  Note,
  type Object as AnyObject,
  Person,
  type Recipient
} from '@fedify/fedify/vocab'
import type { HttpMessageSignaturesSpec } from '@fedify/fedify/sig'
import { steerFetch } from '#test/federation/steered-fetch.ts'
import type { Instance } from '#test/helpers/instance.ts'
import { listenAs } from '#test/helpers/listen.ts'

/** A server made with Fedify itself, whose addresses and ids are as Hollo's are: what Fedify refuses is refused, and what it writes is what comes here. */
export interface Hollo {
  readonly host: string
  readonly origin: string
  /** `GET /@hong`, in order. */
  readonly requests: string[]
  /** What got through to its listeners, in order. */
  readonly received: Activity[]
  /** What it refused of what it was sent, and what it could not read when it had to. */
  readonly faults: string[]
  /** What accounts were before, by name. */
  readonly aliases: Map<string, URL[]>
  readonly context: Context<void>
  /** Looked at once an activity came in. */
  listen(listener: Listener): void
  account(name: string): HolloAccount
  /** Served under its id. */
  serve(object: AnyObject): Promise<void>
  /** As its instance actor. */
  read(uri: string | null): Promise<AnyObject>
  instant(ms: number): Promise<NonNullable<Note['published']>>
  of<T extends Activity>(type: abstract new (...values: never[]) => T): T[]
}

export type Listener = (context: InboxContext<void>, activity: Activity) => Promise<void>

export interface HolloAccount {
  readonly name: string
  readonly uri: URL
  readonly followers: URL
  /** Signed and delivered. */
  send(activity: Activity, to: Recipient): Promise<void>
}

export async function startHollo(
  t: TestContext,
  instance: Instance,
  host = 'hollo.test',
  firstKnock?: HttpMessageSignaturesSpec
): Promise<Hollo> {
  const origin = `https://${host}`
  const requests: string[] = []
  const received: Activity[] = []
  const faults: string[] = []
  const documents = new Map<string, unknown>()
  const listeners: Listener[] = []
  const names = new Set<string>()
  const aliases: Hollo['aliases'] = new Map()
  const keys = new Map<string, CryptoKeyPair[]>()
  steerFetch(t, instance.network)

  const federation = createFederation<void>({
    kv: new MemoryKvStore(),
    allowPrivateAddress: true,
    origin,
    ...(firstKnock ? { firstKnock } : {})
  })
  federation
    .setActorDispatcher('/@{identifier}', async (ctx, identifier) => {
      const isInstance = identifier === host
      if (!isInstance && !names.has(identifier)) return null
      const pairs = await ctx.getActorKeyPairs(identifier)
      const values = {
        id: ctx.getActorUri(identifier),
        preferredUsername: identifier,
        name: `${identifier} on Hollo`,
        url: new URL(`/@${identifier}`, origin),
        inbox: ctx.getInboxUri(identifier),
        endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
        followers: ctx.getFollowersUri(identifier),
        publicKey: pairs[0]?.cryptographicKey ?? null,
        assertionMethods: pairs.map(({ multikey }) => multikey)
      }
      if (isInstance) return new Application(values)
      const following = ctx.getFollowingUri(identifier)
      const featured = ctx.getFeaturedUri(identifier)
      return new Person({
        ...values,
        aliases: aliases.get(identifier) ?? [],
        following,
        featured,
        outbox: ctx.getOutboxUri(identifier),
        summary: '<p>here</p>',
        manuallyApprovesFollowers: false,
        published: await instant(instance.clock.now())
      })
    })
    .setKeyPairsDispatcher(async (_, identifier) => {
      const made = keys.get(identifier) ?? [await generateCryptoKeyPair('RSASSA-PKCS1-v1_5'), await generateCryptoKeyPair('Ed25519')]
      keys.set(identifier, made)
      return made
    })
  federation.setFollowersDispatcher('/@{identifier}/followers', () => ({ items: [] }))
  federation.setFollowingDispatcher('/@{identifier}/following', () => ({ items: [] }))
  federation.setFeaturedDispatcher('/@{identifier}/pinned', () => ({ items: [] }))
  federation.setOutboxDispatcher('/@{identifier}/outbox', () => ({ items: [] }))
  federation.setNodeInfoDispatcher('/nodeinfo/2.1', () => ({
    software: { name: 'hollo', version: '0.8.0' },
    protocols: ['activitypub'],
    usage: { users: { total: 1 }, localPosts: 0, localComments: 0 }
  }))
  federation
    .setInboxListeners('/@{identifier}/inbox', '/inbox')
    .setSharedKeyDispatcher(() => ({ identifier: host }))
    .on(Activity, async (ctx, activity) => {
      received.push(activity)
      for (const listener of listeners) await listener(ctx, activity)
    })
    .onError((_, error) => void faults.push(String(error.stack)))

  const server = createServer(
    (request, response) => void answer(request, response).catch((error) => response.writeHead(500).end(String(error)))
  )
  await listenAs(t, server, instance.network, host)

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = incoming.url ?? ''
    const method = incoming.method ?? 'GET'
    requests.push(`${method} ${path}`)
    const served = documents.get(path)
    if (method === 'GET' && served !== undefined) {
      response.writeHead(200, { 'content-type': 'application/activity+json' }).end(JSON.stringify(served))
      return
    }
    const body = await readAll(incoming)
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as [string, string])
    const request = new Request(origin + path, { method, headers, ...(method === 'POST' ? { body: new Uint8Array(body) } : {}) })
    const answered = await federation.fetch(request, { contextData: undefined })
    const text = Buffer.from(await answered.arrayBuffer())
    if (method === 'POST' && !answered.ok) faults.push(`${path}: ${answered.status} ${text.toString().slice(0, 200)}`)
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(text)
  }

  const context = federation.createContext(new URL(origin), undefined)
  const loaders = { documentLoader: context.documentLoader, contextLoader: context.contextLoader }
  async function instant(ms: number): Promise<NonNullable<Note['published']>> {
    const values = { '@context': 'https://www.w3.org/ns/activitystreams', type: 'Note', published: new Date(ms).toISOString() }
    const { published } = await Note.fromJsonLd(values, loaders)
    if (published === null) throw new Error('no time')
    return published
  }

  return {
    host,
    origin,
    requests,
    received,
    faults,
    aliases,
    context,
    listen: (listener) => void listeners.push(listener),
    account(name) {
      names.add(name)
      return {
        name,
        uri: context.getActorUri(name),
        followers: context.getFollowersUri(name),
        send: (activity, to) =>
          context.sendActivity({ identifier: name }, to, activity, { preferSharedInbox: true, excludeBaseUris: [new URL(origin)] })
      }
    },
    async serve(object) {
      if (object.id) documents.set(object.id.pathname, await object.toJsonLd(loaders))
    },
    async read(uri) {
      const documentLoader = await context.getDocumentLoader({ identifier: host })
      const object = await context.lookupObject(String(uri), { documentLoader })
      if (object === null) throw new Error(`Fedify finds nothing at ${uri}`)
      return object
    },
    instant,
    of: <T extends Activity>(type: abstract new (...values: never[]) => T) =>
      received.filter((activity): activity is T => activity instanceof type)
  }
}

export async function actorOf(hollo: Hollo, uri: string | null): Promise<Actor> {
  const object = await hollo.read(uri)
  if (!isActor(object)) throw new Error(`${uri} is no actor`)
  return object
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}
