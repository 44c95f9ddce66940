import { createServer, type IncomingHttpHeaders, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { generateRsaKeyPair, type KeyPair } from '#server/platform/key-pair.ts'
import type { Instance } from '#test/helpers/instance.ts'
import type { Network } from '#test/helpers/network.ts'
import { signedHeaders, type SignOptions } from '#test/helpers/sign-request.ts'
import { listenAs } from '#test/helpers/listen.ts'

export const activityStreams = 'https://www.w3.org/ns/activitystreams'
export const everybody = `${activityStreams}#Public`

type Json = Record<string, unknown>

/** What a remote answers at a path: a document as ActivityPub, or any answer at all. */
export type Served =
  | Json
  | { status?: number; type?: string; headers?: Record<string, string>; body?: string }
  | ((response: ServerResponse) => void)

export interface SendOptions extends SignOptions {
  /** Path of the inbox; `/inbox` when absent. */
  to?: string
  /** Sent in place of what was signed. */
  body?: Buffer | string
  /** Added to, or (as undefined) taken from, the headers. */
  extra?: Record<string, string | undefined>
}

export interface InboxResponse {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** A signed POST that can be sent more than once. */
export interface SignedPost {
  path: string
  headers: Record<string, string>
  body: Buffer
}

export interface RemoteActor {
  readonly uri: string
  readonly handle: string
  /** What its server serves; change it as you like. */
  document: Json
  keyId: string
  keys: KeyPair
  /** A Note by this actor, public unless `fields` say otherwise, served under its id. */
  note(content: string, fields?: Json): Json & { id: string }
  /** An activity of this actor, with an id of its own unless `fields` say otherwise. */
  activity(type: string, object: unknown, fields?: Json): Json & { id: string }
  sign(activity: Json, options?: SendOptions): SignedPost
  /** Signs and posts to the instance. */
  send(activity: Json, options?: SendOptions): Promise<InboxResponse>
  /** New keys, under the same id unless another is given. */
  rotateKeys(keyId?: string): Promise<void>
}

export interface Remote {
  readonly host: string
  readonly origin: string
  /** What was asked of it, in order: `GET /users/ana`. */
  readonly requests: string[]
  /** Activities that its inboxes were sent, in order. */
  readonly received: { path: string; headers: IncomingHttpHeaders; activity: Json }[]
  /** Served by path with query; actors and their notes are here too. */
  readonly documents: Map<string, Served>
  actor(name: string, fields?: Json): Promise<RemoteActor>
  post(signed: SignedPost): Promise<InboxResponse>
}

/** Keys cost 100 ms and more, and so are made once a test process; the actors of one network never share any. */
const pool: Promise<KeyPair>[] = []
const takenOf = new WeakMap<Network, number>()

function takeKeys(network: Network): Promise<KeyPair> {
  const at = takenOf.get(network) ?? 0
  takenOf.set(network, at + 1)
  return (pool[at] ??= generateRsaKeyPair())
}

/** A server of another kind that follows a script: it serves its actors and notes, answers WebFinger, takes what its inboxes are sent, and signs with http-signature. */
export async function remote(t: TestContext, instance: Instance, host: string): Promise<Remote> {
  const { network } = instance
  const origin = `https://${host}`
  const requests: string[] = []
  const received: Remote['received'] = []
  const documents: Remote['documents'] = new Map()
  const actors = new Map<string, RemoteActor>()

  const server = createServer((request, response) => void answer(request, response))
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request)
    const path = request.url ?? ''
    requests.push(`${request.method} ${path}`)
    if (request.method === 'POST') {
      received.push({ path, headers: request.headers, activity: JSON.parse(body.toString()) })
      response.writeHead(202).end()
      return
    }
    serve(response, documents.get(path) ?? webFinger(path) ?? actorAt(path) ?? { status: 404 })
  }
  await listenAs(t, server, network, host)

  function webFinger(path: string): Json | undefined {
    const resource = /^\/\.well-known\/webfinger\?resource=(.*)$/.exec(path)?.[1]
    const actor = resource === undefined ? undefined : actors.get(decodeURIComponent(resource).replace(/^acct:/, ''))
    if (!actor) return undefined
    const links = [{ rel: 'self', type: 'application/activity+json', href: actor.uri }]
    return { type: 'application/jrd+json', status: 200, body: JSON.stringify({ subject: `acct:${actor.handle}`, links }) }
  }

  function actorAt(path: string): Json | undefined {
    return [...actors.values()].find((actor) => actor.uri === origin + path)?.document
  }

  const peer: Remote = {
    host,
    origin,
    requests,
    received,
    documents,
    async actor(name, fields) {
      const actor = createActor(instance, peer, name, await takeKeys(network), fields)
      actors.set(actor.handle, actor)
      return actor
    },
    post: (signed) => post(instance, signed)
  }
  return peer
}

function createActor(instance: Instance, peer: Remote, name: string, keys: KeyPair, fields: Json = {}): RemoteActor {
  const uri = `${peer.origin}/users/${name}`
  let count = 0
  const actor: RemoteActor = {
    uri,
    handle: `${name}@${peer.host}`,
    keyId: `${uri}#main-key`,
    keys,
    document: {
      '@context': [activityStreams, 'https://w3id.org/security/v1'],
      id: uri,
      type: 'Person',
      preferredUsername: name,
      name: `${name} of ${peer.host}`,
      inbox: `${uri}/inbox`,
      outbox: `${uri}/outbox`,
      followers: `${uri}/followers`,
      following: `${uri}/following`,
      url: `${peer.origin}/@${name}`,
      endpoints: { sharedInbox: `${peer.origin}/inbox` },
      publicKey: { id: `${uri}#main-key`, owner: uri, publicKeyPem: keys.publicPem },
      ...fields
    },
    note(content, more = {}) {
      const path = `/notes/${name}-${++count}`
      const note = {
        '@context': activityStreams,
        id: peer.origin + path,
        type: 'Note',
        attributedTo: uri,
        content: `<p>${content}</p>`,
        published: new Date(instance.clock.now()).toISOString(),
        to: [everybody],
        cc: [`${uri}/followers`],
        ...more
      }
      peer.documents.set(new URL(note.id).pathname, note)
      return note
    },
    activity(type, object, more = {}) {
      const addressed = typeof object === 'object' && object !== null ? { to: (object as Json).to, cc: (object as Json).cc } : {}
      return {
        '@context': activityStreams,
        id: `${peer.origin}/activities/${name}-${++count}`,
        type,
        actor: uri,
        object,
        ...addressed,
        ...more
      }
    },
    sign(activity, { to = '/inbox', body, extra = {}, ...options } = {}) {
      const signed = Buffer.from(JSON.stringify(activity))
      const request = {
        host: instance.config.host,
        path: to,
        body: signed,
        keyId: actor.keyId,
        privatePem: actor.keys.privatePem,
        now: instance.clock.now()
      }
      const headers: Record<string, string | undefined> = { ...signedHeaders(request, options), ...extra }
      const kept = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
      return { path: to, headers: Object.fromEntries(kept), body: Buffer.from(body ?? signed) }
    },
    send: (activity, options) => peer.post(actor.sign(activity, options)),
    async rotateKeys(keyId = actor.keyId) {
      actor.keys = await takeKeys(instance.network)
      actor.keyId = keyId
      actor.document.publicKey = { id: keyId, owner: uri, publicKeyPem: actor.keys.publicPem }
    }
  }
  return actor
}

function serve(response: ServerResponse, served: Served): void {
  if (typeof served === 'function') {
    served(response)
    return
  }
  const isAnswer = ['status', 'type', 'headers', 'body'].some((key) => key in served) && !('id' in served) && !('@context' in served)
  if (!isAnswer) {
    response.writeHead(200, { 'content-type': 'application/activity+json' }).end(JSON.stringify(served))
    return
  }
  const {
    status = 200,
    type = 'application/activity+json',
    headers = {},
    body = ''
  } = served as { status?: number; type?: string; headers?: Record<string, string>; body?: string }
  response.writeHead(status, { 'content-type': type, ...headers }).end(body)
}

/** Over a real socket, as a peer's request comes. */
function post(instance: Instance, { path, headers, body }: SignedPost): Promise<InboxResponse> {
  const port = instance.network.portOf(instance.config.host)
  return new Promise((resolve, reject) => {
    const sending = httpRequest(
      { host: '127.0.0.1', port, path, method: 'POST', headers: { 'content-length': body.length, ...headers } },
      (response) => {
        const { statusCode = 0 } = response
        readAll(response).then((bytes) => resolve({ status: statusCode, headers: response.headers, text: bytes.toString() }), reject)
      }
    )
    sending.on('error', reject)
    sending.end(body)
  })
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
