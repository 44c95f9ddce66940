import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { generateRsaKeyPair } from '#server/platform/key-pair.ts'
import { exchange } from '#test/flows/processes.ts'
import { activityStreams, everybody } from '#test/helpers/remote.ts'
import { signedHeaders } from '#test/helpers/sign-request.ts'
import { listen } from '#test/helpers/listen.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests reach into whatever came.
export type Json = Record<string, any>

export interface FarActor {
  readonly uri: string
  /** Signs now and posts to the shared inbox; the status, or undefined when there was no answer. */
  send(activity: Json): Promise<number | undefined>
  follow(uri: string): Json
  note(key: string, text: string, to: string): Json
  like(uri: string): Json
  boost(uri: string): Json
}

/** Another server, reached over real sockets as `http://<name>.localhost:<port>` and living in the process of the test. */
export interface FarPeer {
  readonly origin: string
  readonly host: string
  /** Activities that its inbox was sent, in order of arrival. */
  readonly received: Json[]
  /** The same of one inbox, by its path. */
  receivedAt(path: string): Json[]
  /** What its inbox answers; 202 at first. */
  answer: (activity: Json, response: ServerResponse) => void
  actor(name: string): FarActor
}

/** `target` is where its actors send to: an instance on 127.0.0.1 under that host name. */
export async function startFarPeer(t: TestContext, name: string, target: { host: string; port: number }): Promise<FarPeer> {
  const received: Json[] = []
  const paths: (string | undefined)[] = []
  const documents = new Map<string, Json>()
  const keys = await generateRsaKeyPair()
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.method === 'POST') {
      const activity = JSON.parse(Buffer.concat(chunks).toString()) as Json
      received.push(activity)
      paths.push(request.url)
      return peer.answer(activity, response)
    }
    const found = documents.get(request.url ?? '')
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/activity+json' }).end(JSON.stringify(found ?? {}))
  }
  const server = createServer((request, response) => void take(request, response))
  const host = `${name}.localhost:${await listen(t, server)}`
  const origin = `http://${host}`

  const peer: FarPeer = {
    origin,
    host,
    received,
    receivedAt: (path) => received.filter((_, at) => paths[at] === path),
    answer: (_activity, response) => void response.writeHead(202).end(),
    actor(actorName) {
      const uri = `${origin}/users/${actorName}`
      const keyId = `${uri}#main-key`
      documents.set(`/users/${actorName}`, {
        '@context': [activityStreams, 'https://w3id.org/security/v1'],
        id: uri,
        type: 'Person',
        preferredUsername: actorName,
        inbox: `${uri}/inbox`,
        outbox: `${uri}/outbox`,
        followers: `${uri}/followers`,
        endpoints: { sharedInbox: `${origin}/inbox` },
        publicKey: { id: keyId, owner: uri, publicKeyPem: keys.publicPem }
      })
      // An activity keeps its id however often it is sent.
      const act = (type: string, key: string, object: unknown, more: Json = {}) => ({
        '@context': activityStreams,
        id: `${origin}/activities/${type}-${encodeURIComponent(key)}`,
        type,
        actor: uri,
        object,
        ...more
      })
      return {
        uri,
        async send(activity) {
          const body = Buffer.from(JSON.stringify(activity))
          const headers = signedHeaders({ host: target.host, path: '/inbox', body, keyId, privatePem: keys.privatePem, now: Date.now() })
          try {
            return (await exchange(target.port, { method: 'POST', path: '/inbox', headers, body: body.toString() })).status
          } catch {
            return undefined
          }
        },
        follow: (followed) => act('Follow', followed, followed),
        like: (post) => act('Like', post, post),
        boost: (post) => act('Announce', post, post, { to: [everybody], cc: [`${uri}/followers`], published: new Date().toISOString() }),
        note: (key, text, to) =>
          act(
            'Create',
            key,
            {
              id: `${origin}/notes/${encodeURIComponent(key)}`,
              type: 'Note',
              attributedTo: uri,
              content: `<p>${text}</p>`,
              published: new Date().toISOString(),
              to: [everybody],
              cc: [to],
              tag: [{ type: 'Mention', href: to, name: '@olga' }]
            },
            { to: [everybody], cc: [to] }
          )
      }
    }
  }
  return peer
}
