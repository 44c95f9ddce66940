import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { generateRsaKeyPair, type KeyPair } from '#server/platform/key-pair.ts'
import type { SteerConnection } from '#server/platform/http-connector.ts'
import { actorTypes, type CorpusDocument, first, idOf, identified, type Json, typeOf } from '#test/corpus/documents.ts'

/** A server that is every host of a corpus: it serves the documents under their ids and, for all of them, one key that the run signs with. */
export interface CorpusPeer {
  readonly keys: KeyPair
  keyIdOf(actor: string): string
  /** Every name but the instance's own leads here. */
  steer(ownHost: string): SteerConnection
  close(): Promise<void>
}

export async function startCorpusPeer(documents: readonly CorpusDocument[]): Promise<CorpusPeer> {
  const keys = await generateRsaKeyPair()
  const known = collect(documents)
  const keyIdOf = (actor: string) => `${actor.replace(/#.*$/, '')}#corpus-key`

  function actorAt(url: string): Json {
    const found = known.get(url)
    const base = found && actorTypes.has(typeOf(found)) ? found : {}
    return {
      '@context': ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1'],
      ...madeUpActor(url),
      ...base,
      id: url,
      publicKey: { id: keyIdOf(url), owner: url, publicKeyPem: keys.publicPem }
    }
  }

  const server = createServer((request, response) => {
    const host = request.headers.host ?? ''
    const path = request.url ?? '/'
    const plain = `http://${host}${path}`
    const url = known.has(plain) || claimed.has(plain) ? plain : `https://${host}${path}`
    if (request.method === 'POST') return void response.writeHead(202).end()
    if (path.startsWith('/.well-known/webfinger')) return webFinger(response, url, actors, actorAt)
    const found = known.get(url)
    if (found && !actorTypes.has(typeOf(found))) return send(response, found)
    // Whoever is claimed to act has an actor document; anything else that the corpus does not hold is not there.
    return found || claimed.has(url) ? send(response, actorAt(url)) : void response.writeHead(404).end()
  })
  const claimed = new Set(
    documents
      .flatMap(({ json }) => [idOf(json.actor), idOf(json.attributedTo), ...identified(json).map((each) => idOf(each.attributedTo))])
      .filter((id) => id !== undefined)
  )
  const actors = [
    ...new Set([...claimed, ...[...known.values()].filter((each) => actorTypes.has(typeOf(each))).map((each) => each.id as string)])
  ]
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    keys,
    keyIdOf,
    steer: (ownHost) => (host) => (host === ownHost ? undefined : { host: '127.0.0.1', port }),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

/** Documents by id: those that stand alone before those that are embedded in others. */
function collect(documents: readonly CorpusDocument[]): Map<string, Json> {
  const known = new Map<string, Json>()
  for (const { json } of documents) {
    const id = idOf(json)
    if (id !== undefined && typeOf(json) !== '') known.set(id, json)
  }
  for (const { json } of documents)
    for (const each of identified(json)) if (!known.has(each.id as string)) known.set(each.id as string, each)
  return known
}

function madeUpActor(url: string): Json {
  const name = (new URL(url).pathname.split('/').filter(Boolean).at(-1) ?? 'actor').replace(/[^\w.-]/g, '') || 'actor'
  return { type: 'Person', preferredUsername: name, inbox: `${url}/inbox`, outbox: `${url}/outbox`, followers: `${url}/followers` }
}

function webFinger(response: ServerResponse, url: string, actors: string[], actorAt: (url: string) => Json): void {
  const resource = new URL(url).searchParams.get('resource') ?? ''
  const [, name, host] = /^acct:([^@]+)@(.+)$/.exec(resource) ?? []
  const self = actors.find((id) => new URL(id).host === host && first(actorAt(id).preferredUsername) === name)
  if (self === undefined) return void response.writeHead(404).end()
  const links = [{ rel: 'self', type: 'application/activity+json', href: self }]
  response.writeHead(200, { 'content-type': 'application/jrd+json' }).end(JSON.stringify({ subject: resource, links }))
}

function send(response: ServerResponse, document: Json): void {
  response.writeHead(200, { 'content-type': 'application/activity+json' }).end(JSON.stringify(document))
}
