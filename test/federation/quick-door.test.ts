import assert from 'node:assert/strict'
import { get, type IncomingMessage } from 'node:http'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { eq } from 'drizzle-orm'
import { posts } from '#db/schema/posts.ts'
import { createContext } from '#server/context.ts'
import { suspendAccount } from '#server/moderation/suspend-account.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { favouritePost } from '#server/posts/favourite-post.ts'
import { wiring } from '#server/wiring.ts'
import { block, limitDomain, write } from '#test/federation/acts.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { signedGet } from '#test/federation/sign-get.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: a test reaches into whatever came.
  json(): any
  /** Whether it was answered before the router, which alone says this of packing in every answer. */
  isKept: boolean
}

/** Over a real connection: the door stands before the router, where requests that are injected do not pass. */
function ask(instance: Instance, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const options = { host: '127.0.0.1', port: instance.network.portOf(instance.config.host), path }
  return new Promise((resolve, reject) => {
    const request = get(
      { ...options, headers: { host: instance.config.host, accept: 'application/activity+json', ...headers } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const body = Buffer.concat(chunks)
          const isKept = /Accept-Encoding$/.test(String(response.headers.vary))
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body, json: () => JSON.parse(body.toString()), isKept })
        })
      }
    )
    request.on('error', reject)
  })
}

/**
 * Asks until what was rendered is answered again. On PostgreSQL whatever anybody commits on the same server, other tests included, has documents
 * rendered anew.
 */
async function untilKept(get: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await get()
    if (answer.isKept || tries === 200) return answer
  }
}

async function startReading(t: TestContext) {
  const instance = await startInstance(t)
  const alice = await whoIs(instance, 'alice')
  const post = await write(instance, 'alice', 'first words')
  await instance.runJobs()
  const path = new URL(post.uri).pathname
  /** What is answered when it was asked for before. */
  const twice = async (address = path, headers = {}) => {
    await ask(instance, address, headers)
    return ask(instance, address, headers)
  }
  return { instance, alice, post, path, twice }
}

test('what was rendered is answered again word for word, with the same headers, packed as asked, and 304 to whoever has it', async (t) => {
  const { instance, twice, path } = await startReading(t)
  for (const address of [path, '/@alice', '/@alice/outbox', '/@alice/outbox?page=1', `${path}/replies`, `${path}/context`]) {
    const first = await ask(instance, address)
    const again = await untilKept(() => ask(instance, address))
    assert.deepEqual([first.isKept, again.isKept], [false, true], address)
    assert.equal(again.status, 200)
    assert.deepEqual(again.body, first.body)
    const compared = [
      'content-type',
      'cache-control',
      'etag',
      'content-security-policy',
      'access-control-allow-origin',
      'strict-transport-security',
      'content-length',
      'x-content-type-options'
    ]
    for (const name of compared) assert.equal(again.headers[name], first.headers[name], name)
    assert.notEqual(again.headers['x-request-id'], first.headers['x-request-id'])
    const unchanged = await untilKept(() => ask(instance, address, { 'if-none-match': String(first.headers.etag) }))
    assert.deepEqual([unchanged.status, unchanged.isKept, unchanged.body.length], [304, true, 0])
  }
  const plain = await twice('/@alice')
  const packed = await twice('/@alice', { 'accept-encoding': 'gzip, br' })
  assert.equal(packed.headers['content-encoding'], 'br')
  assert.deepEqual(await promisify(brotliDecompress)(packed.body), plain.body)
  assert.match((await ask(instance, '/@alice', { accept: 'text/html' })).body.toString(), /<html/)
  assert.equal((await ask(instance, '/@alice', { host: 'elsewhere.test' })).status, 421)
})

test('an edit, a favourite, a deletion and a suspension show at once', async (t) => {
  const { instance, alice, post, path, twice } = await startReading(t)
  assert.match((await twice()).json().content, /first words/)
  await editPost(instance.ctx, alice, { postId: post.id, text: 'second words', language: 'en' })
  assert.match((await ask(instance, path)).json().content, /second words/)
  assert.equal((await twice()).json().likes.totalItems, 0)
  await favouritePost(instance.ctx, await whoIs(instance, 'bob'), { postId: post.id })
  assert.equal((await ask(instance, path)).json().likes.totalItems, 1)
  assert.equal((await twice('/@alice/outbox')).json().totalItems, 1)
  await deletePost(instance.ctx, alice, { postId: post.id })
  assert.equal((await ask(instance, path)).status, 410)
  assert.equal((await ask(instance, '/@alice/outbox')).json().totalItems, 0)
  assert.equal((await twice('/@alice')).json().suspended, false)
  await suspendAccount(instance.ctx, { kind: 'operator' }, { accountId: alice.account.id, reason: '' })
  assert.equal((await ask(instance, '/@alice')).json().suspended, true)
  assert.equal((await ask(instance, '/@alice/outbox')).status, 404)
})

test('what another process commits shows at once', async (t) => {
  const { instance, post, path, twice } = await startReading(t)
  assert.match((await twice()).json().content, /first words/)
  const other = await createContext(instance.config, wiring, { clock: instance.clock, isMigrated: true })
  t.after(() => other[Symbol.asyncDispose]())
  await other.transact((tx) => tx.update(posts).set({ html: '<p>from afar</p>' }).where(eq(posts.id, post.id)))
  assert.match((await ask(instance, path)).json().content, /from afar/)
})

test('whoever signs is let on by the usual way first, and is kept out at once when blocked or suspended', async (t) => {
  const { instance, alice, path } = await startReading(t)
  const near = await startPeer(t, instance, 'near.test')
  const signed = async (name: string) => {
    const account = await near.account(name, { host: 'near.test' })
    const { privatePem } = await near.key(account)
    const { accept: _, ...headers } = signedGet(instance, path, `${account.uri}#main-key`, privatePem)
    return { account, get: () => ask(instance, path, headers) }
  }
  const [ben, tom] = [await signed('ben'), await signed('tom')]
  await block(instance, alice.account, tom.account)
  for (let count = 0; count < 2; count += 1) await ask(instance, path)
  assert.equal((await tom.get()).status, 404)
  assert.equal((await ben.get()).isKept, false)
  assert.equal((await untilKept(ben.get)).isKept, true)
  assert.equal((await tom.get()).status, 404)
  await block(instance, alice.account, ben.account)
  assert.equal((await ben.get()).status, 404)
  await limitDomain(instance, 'near.test')
  assert.equal((await ben.get()).status, 403)
  assert.equal((await ask(instance, path)).status, 200)
})
