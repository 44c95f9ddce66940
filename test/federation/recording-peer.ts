import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import type { Account } from '#server/accounts/who.ts'
import { generateRsaKeyPair, type KeyPair } from '#server/platform/key-pair.ts'
import type { Instance } from '#test/helpers/instance.ts'
import { listenAs } from '#test/helpers/listen.ts'

export interface Received {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into whatever came.
  json: Record<string, any>
}

export type Answer = { status: number; headers?: Record<string, string>; body?: string } | 'hang' | 'reset'

/** A server that writes down what it is sent and answers as it is told; it knows nothing of how this instance is built. */
export interface RecordingPeer {
  readonly host: string
  readonly origin: string
  /** Every POST, in order of arrival. */
  readonly posts: Received[]
  readonly gets: Received[]
  /** POSTs under way at once, at most so far. */
  readonly activeMax: number
  /** What POSTs are answered from now on; 202 at first. */
  answer: (request: Received) => Answer | Promise<Answer>
  /** Documents it serves, by path with query. */
  readonly documents: Map<string, { type: string; body: unknown }>
  /** An account of this peer as this instance knows it. */
  account(name: string, changes?: Partial<Account>): Promise<Account>
  follows(account: Account, followed: Account): Promise<void>
  /** Gives an account a key of its own, known to the instance. */
  key(account: Account): Promise<KeyPair>
}

export async function startPeer(t: TestContext, instance: Instance, host: string): Promise<RecordingPeer> {
  const { ctx, network } = instance
  const origin = `https://${host}`
  const posts: Received[] = []
  const gets: Received[] = []
  const documents: RecordingPeer['documents'] = new Map()
  let active = 0
  let activeMax = 0
  async function take(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const received: Received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body,
      json: body.length > 0 ? JSON.parse(body.toString()) : {}
    }
    if (request.method === 'GET') {
      gets.push(received)
      const document = documents.get(received.path)
      if (document) response.writeHead(200, { 'content-type': document.type }).end(JSON.stringify(document.body))
      else response.writeHead(404).end()
      return
    }
    active += 1
    activeMax = Math.max(activeMax, active)
    const answer = await peer.answer(received)
    active -= 1
    posts.push(received)
    if (answer === 'reset') request.socket.destroy()
    else if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end(answer.body ?? '')
  }
  const server = createServer((request, response) => void take(request, response))
  await listenAs(t, server, network, host)

  const peer: RecordingPeer = {
    host,
    origin,
    posts,
    gets,
    documents,
    get activeMax() {
      return activeMax
    },
    answer: () => ({ status: 202 }),
    async account(name, changes = {}) {
      const uri = `${origin}/users/${name}`
      return ctx.transact(async (tx) => {
        const [row] = await tx
          .insert(accounts)
          .values({
            id: tx.newId(),
            name,
            nameKey: name.toLowerCase(),
            domain: host,
            uri,
            url: `${origin}/@${name}`,
            inboxUrl: `${uri}/inbox`,
            sharedInboxUrl: `${origin}/inbox`,
            followersUrl: `${uri}/followers`,
            createdAt: tx.now,
            fetchedAt: tx.now,
            ...changes
          })
          .returning()
        return row as Account
      })
    },
    async follows(account, followed) {
      await ctx.transact(async (tx) => {
        const id = tx.newId()
        await tx.insert(follows).values({
          id,
          followerId: account.id,
          followedId: followed.id,
          state: 'accepted',
          uri: `${account.uri}#follow-${id}`,
          createdAt: tx.now,
          acceptedAt: tx.now
        })
      })
    },
    async key(account) {
      const pair = await generateRsaKeyPair()
      await ctx.transact(async (tx) => {
        await tx.insert(accountKeys).values({
          id: tx.newId(),
          accountId: account.id,
          uri: `${account.uri}#main-key`,
          kind: 'rsa',
          publicPem: pair.publicPem,
          createdAt: tx.now
        })
      })
      return pair
    }
  }
  return peer
}
