import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import httpSignature from 'http-signature'
import { faultsOfActivity } from '#test/federation/gotosocial-inbox-rules.ts'
import { createReader, type Reader } from '#test/federation/gotosocial-reader.ts'
import { everybody, type GoToSocialAccount, goFed, openAccount } from '#test/federation/gotosocial-account.ts'
import { isActivityType, type Json } from '#test/federation/gotosocial-rules.ts'
import type { Instance } from '#test/helpers/instance.ts'
import { generateRsaKeyPair } from '#server/platform/key-pair.ts'
import { listenAs } from '#test/helpers/listen.ts'

export { everybody }

/** A server that serves, asks and refuses as GoToSocial does: nothing without a signature, no shared inbox, keys at addresses of their own. */
export interface GoToSocial {
  readonly host: string
  readonly origin: string
  /** `GET /users/zork`, in order. */
  readonly requests: string[]
  /** What its inboxes took, in order. */
  readonly received: { path: string; activity: Json }[]
  /** Whatever it would have refused or passed over in silence, of what it was sent, asked by, or fetched. */
  readonly faults: string[]
  /** Served to whoever signs, by path with query. */
  readonly documents: Map<string, Json>
  /** Signs what the server asks for itself. */
  readonly instanceAccount: GoToSocialAccount
  account(name: string, fields?: Json): Promise<GoToSocialAccount>
  /** Fetches and checks as GoToSocial does, signed by one of its accounts. */
  read(uri: string, as: GoToSocialAccount, kind?: 'post' | 'actor'): Promise<Json | undefined>
  /** Of one kind, in order. */
  of(type: string): Json[]
}

export async function startGoToSocial(t: TestContext, instance: Instance, host = 'gts.test'): Promise<GoToSocial> {
  const { network } = instance
  const origin = `https://${host}`
  const requests: string[] = []
  const received: GoToSocial['received'] = []
  const faults: string[] = []
  const documents: GoToSocial['documents'] = new Map()
  const accounts = new Map<string, GoToSocialAccount>()
  const server = createServer((request, response) => void answer(request, response).catch((error) => fail(response, error)))
  await listenAs(t, server, network, host)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    requests.push(`${request.method} ${path}`)
    const body = await readAll(request)
    const finger = /^\/\.well-known\/webfinger\?resource=acct(?::|%3A)(.*)$/.exec(path)?.[1]
    if (finger !== undefined) return answerFinger(response, decodeURIComponent(finger))
    const named = [...accounts.values()].find(({ uri }) => path === new URL(uri).pathname || path.startsWith(`${new URL(uri).pathname}/`))
    if (named && path === `${new URL(named.uri).pathname}/main-key`) return send(response, stubOf(named))
    if (!named && !documents.has(path)) return send(response, { error: 'Not Found' }, 404)
    const { signer, refusal } = await findSigner(request.method ?? '', path, request.headers, named ?? instanceAccount)
    if (signer === undefined) {
      if (request.headers.signature !== undefined) faults.push(`${request.method} ${path}: ${refusal}`)
      return send(response, { error: 'Unauthorized' }, 401)
    }
    if (request.method === 'POST' && named) return take(response, named, path, signer, request.headers, body)
    const document = path === new URL(named?.uri ?? origin).pathname ? named?.document : documents.get(path)
    return document && isFor(document, signer) ? send(response, goFed(document)) : send(response, { error: 'Not Found' }, 404)
  }

  /** What is not for everybody is for people: no instance actor follows, or is addressed. */
  function isFor(document: Json, signer: string): boolean {
    const audience = [document.to, document.cc].flat()
    return document.attributedTo === undefined || audience.includes(everybody) || !signer.endsWith('/@instance')
  }

  async function take(
    response: ServerResponse,
    owner: GoToSocialAccount,
    path: string,
    requester: string,
    headers: IncomingHttpHeaders,
    body: Buffer
  ) {
    if (!isActivityType(headers['content-type'])) {
      faults.push(`POST ${path}: the content type ${headers['content-type']}`)
      return send(response, { error: 'Not Acceptable' }, 406)
    }
    if (headers.digest !== `SHA-256=${createHash('sha256').update(body).digest('base64')}`) faults.push(`POST ${path}: its digest is wrong`)
    const activity: Json = JSON.parse(body.toString())
    if (path !== `${new URL(owner.uri).pathname}/inbox`) faults.push(`POST ${path}: that is no inbox`)
    faults.push(...faultsOfActivity(activity, { receiver: owner.uri, requester, followed: owner.followed }))
    received.push({ path, activity })
    return send(response, { status: 'Accepted' }, 202)
  }

  /** Id of the actor whose key signed, who is read and looked up first when not known: else why not. */
  async function findSigner(
    method: string,
    path: string,
    headers: IncomingHttpHeaders,
    asked: GoToSocialAccount
  ): Promise<{ signer?: string; refusal?: string }> {
    if (headers['user-agent'] === undefined) return { refusal: 'no User-Agent' }
    if (headers.signature === undefined) return { refusal: 'unsigned' }
    const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    if (Math.abs(Date.parse(flat.date ?? '') - instance.clock.now()) > 300_000) return { refusal: 'another time' }
    let parsed: ReturnType<typeof httpSignature.parseRequest>
    try {
      parsed = httpSignature.parseRequest({ method, url: path, headers: flat }, { authorizationHeaderName: 'signature', clockSkew: 86_400 })
    } catch (error) {
      return { refusal: String(error) }
    }
    const key = await reader.key(parsed.keyId, asked)
    if (!key) return { refusal: `no key at ${parsed.keyId}` }
    return httpSignature.verifySignature(parsed, key.pem) ? { signer: key.owner } : { refusal: 'its signature is false' }
  }

  function answerFinger(response: ServerResponse, handle: string) {
    const account = [...accounts.values()].find((one) => one.handle === handle.replace(/^@/, ''))
    if (!account) return send(response, { error: 'Not Found' }, 404)
    const links = [
      { rel: 'http://webfinger.net/rel/profile-page', type: 'text/html', href: account.document.url },
      { rel: 'self', type: 'application/activity+json', href: account.uri }
    ]
    return send(
      response,
      { subject: `acct:${account.handle}`, aliases: [account.uri, account.document.url], links },
      200,
      'application/jrd+json'
    )
  }

  async function openNamed(name: string, uri: string, fields: Json = {}): Promise<GoToSocialAccount> {
    const account = openAccount(instance, peer, { name, uri, keys: await generateRsaKeyPair(), fields })
    accounts.set(uri, account)
    return account
  }

  const peer: GoToSocial = {
    host,
    origin,
    requests,
    received,
    faults,
    documents,
    get instanceAccount() {
      return instanceAccount
    },
    account: (name, fields) => openNamed(name, `${origin}/users/${name}`, fields),
    read: (uri, as, kind) => reader.read(uri, as, kind),
    of: (type) => received.map(({ activity }) => activity).filter((activity) => activity.type === type)
  }
  const instanceAccount = await openNamed(host, `${origin}/users/${host}`, { type: 'Application', name: host })
  const reader: Reader = createReader(instance, faults, () => instanceAccount)
  return peer
}

/** What stands at the address of a key: hardly more than the key, and open to everybody. */
function stubOf({ uri, document }: GoToSocialAccount): Json {
  return {
    '@context': ['https://w3id.org/security/v1', 'https://www.w3.org/ns/activitystreams'],
    id: uri,
    preferredUsername: document.preferredUsername,
    publicKey: document.publicKey,
    type: document.type
  }
}

function send(response: ServerResponse, body: unknown, status = 200, type = 'application/activity+json; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, vary: 'Accept' }).end(JSON.stringify(body))
}

function fail(response: ServerResponse, error: unknown): void {
  response.writeHead(500).end(String(error))
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
