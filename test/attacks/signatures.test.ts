// database: none but the one that is there
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { notifications } from '#db/schema/notifications.ts'
import type { RemoteActor, SendOptions } from '#test/helpers/remote.ts'
import { sha256 } from '#test/helpers/sign-request.ts'
import { attacksInTurn } from '#test/attacks/case.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'

const hourMs = 3_600_000
const covers = ['(request-target)', 'host', 'date', 'digest']
const without = (name: string) => ({ headers: covers.filter((each) => each !== name) })
const at = (world: World, ms: number) => new Date(world.instance.clock.now() + ms)
const seconds = (world: World, ms: number) => Math.floor((world.instance.clock.now() + ms) / 1000)
const malformed =
  (signature: string): (() => SendOptions) =>
  () => ({ extra: { signature } })

/** What must not get in: each is a public note by ana of a.test, sent with one thing wrong. */
const refused: [string, string, (world: World) => SendOptions][] = [
  ['SIG-01', 'no signature at all', () => ({ extra: { signature: undefined } })],
  ['SIG-02', 'only the date is covered', () => ({ headers: ['date'] })],
  ['SIG-03', 'the digest is not covered', () => without('digest')],
  ['SIG-03', 'the body was changed after signing', () => ({ body: '{"type":"Create","actor":"https://a.test/users/ana","object":{}}' })],
  ['SIG-04', 'the request target is not covered', () => without('(request-target)')],
  ['SIG-04', 'it was signed for another inbox', () => ({ signedPath: '/@alice/inbox' })],
  ['SIG-05', 'the host is not covered', () => without('host')],
  ['SIG-05', 'it was signed for another host', () => ({ signedHost: 'other.test' })],
  ['SIG-07', 'the date is 13 hours old', (world) => ({ date: at(world, -13 * hourMs) })],
  ['SIG-07', 'the date is 13 hours ahead', (world) => ({ date: at(world, 13 * hourMs) })],
  ['SIG-07', 'there is no date', () => ({ date: null, ...without('date') })],
  ['SIG-07', 'the date is no date', () => ({ date: 'yesterday' })],
  ['SIG-19', 'the algorithm is none', () => ({ algorithm: 'none' })],
  ['SIG-19', 'the algorithm is rsa-sha1', () => ({ algorithm: 'rsa-sha1' })],
  ['SIG-21', 'the SHA-256 is wrong and an MD5 stands beside it', () => ({ digest: `SHA-256=${sha256(Buffer.from('other'))},MD5=abc` })],
  [
    'SIG-21',
    'there are two SHA-256, the right one first',
    (world) => ({ digest: `SHA-256=${sha256(bodyOf(world))},SHA-256=${sha256(Buffer.from('two'))}` })
  ],
  ['SIG-25', 'RFC 9421 without the digest covered', () => ({ kind: 'rfc9421', components: ['@method', '@target-uri'] })],
  ['SIG-25', 'RFC 9421 without created', () => ({ kind: 'rfc9421', created: null })],
  ['SIG-25', 'RFC 9421 created 25 hours ago', (world) => ({ kind: 'rfc9421', created: seconds(world, -25 * hourMs) })],
  ['SIG-25', 'RFC 9421 that has expired', (world) => ({ kind: 'rfc9421', expires: seconds(world, -60_000) })],
  [
    'SIG-25',
    'RFC 9421 with the authority of another host',
    () => ({ kind: 'rfc9421', components: ['@method', '@authority', '@path', 'content-digest'], signedHost: 'other.test' })
  ],
  ['SIG-25', 'RFC 9421 for the target of another host', () => ({ kind: 'rfc9421', signedHost: 'other.test' })],
  ['SIG-25', 'RFC 9421 with the wrong digest', () => ({ kind: 'rfc9421', digest: `sha-256=:${sha256(Buffer.from('other'))}:` })],
  ['SIG-27', 'an empty list of headers', malformed('keyId="https://a.test/users/ana#main-key",headers="",signature="AAAA"')],
  [
    'SIG-27',
    'an empty signature',
    malformed('keyId="https://a.test/users/ana#main-key",headers="(request-target) host date digest",signature=""')
  ],
  ['SIG-27', 'an empty keyId', malformed('keyId="",headers="(request-target) host date digest",signature="AAAA"')],
  ['SIG-27', 'a relative keyId', malformed('keyId="/users/ana#main-key",headers="(request-target) host date digest",signature="AAAA"')],
  [
    'SIG-27',
    'the same parameter twice',
    malformed('keyId="https://a.test/k",keyId="https://b.test/k",headers="(request-target) host date digest",signature="AAAA"')
  ],
  ['SIG-27', 'no parameters', malformed('nonsense')],
  [
    'SIG-27',
    'a header of 9 kB',
    malformed(`keyId="https://a.test/${'a'.repeat(9000)}",headers="(request-target) host date digest",signature="AAAA"`)
  ],
  ['SIG-28', 'a keyId at a private address', () => ({ keyId: 'http://127.0.0.3:8080/latest/meta-data' })],
  ['SIG-28', 'a keyId that is a file', () => ({ keyId: 'file:///etc/passwd' })],
  ['SIG-28', 'a keyId that is data', () => ({ keyId: 'data:application/json,{}' })]
]

attacksInTurn(
  'requests whose signature is not sound, by somebody nobody has met',
  refused.map(([id, sends, options]) => ({
    id,
    sends: `refused: ${sends}`,
    send: (world) => sendOne(world, options),
    answer: 401,
    // Its own actor may be read for it, and nobody else's.
    asksMax: 2,
    after: async (world) => assert.equal(await world.accountAt(world.b.uri), undefined)
  }))
)

test('SIG-01: an unsigned request causes no request of ours', async (t) => {
  const world = await startWorld(t)
  await world.a.send(world.a.activity('Create', world.a.note('marker')), { extra: { signature: undefined } })
  assert.deepEqual(world.fetches(), [])
})

/** What must get in, since servers in the wild send it. */
const accepted: [string, string, (world: World) => SendOptions][] = [
  ['SIG-08', 'a clock that is 50 minutes late', (world) => ({ date: at(world, -50 * 60_000) })],
  ['SIG-08', 'a clock that is 50 minutes ahead', (world) => ({ date: at(world, 50 * 60_000) })],
  ['SIG-21', 'a digest that spells sha-256 in lower case', (world) => ({ digest: `sha-256=${sha256(bodyOf(world))}` })],
  ['SIG-24', 'RFC 9421', () => ({ kind: 'rfc9421' })],
  ['SIG-24', 'RFC 9421 without the name of an algorithm', () => ({ kind: 'rfc9421', algorithm: null })],
  [
    'SIG-24',
    'RFC 9421 over authority and path',
    () => ({ kind: 'rfc9421', components: ['@method', '@authority', '@path', 'content-digest'] })
  ],
  ['interop', 'the algorithm hs2019', () => ({ algorithm: 'hs2019' })],
  ['interop', 'no name of an algorithm', () => ({ algorithm: null })],
  ['interop', 'a keyId without a fragment', () => ({ keyId: 'https://a.test/users/ana' })],
  [
    'interop',
    'an Authorization header beside it',
    () => ({ extra: { authorization: 'Signature keyId="https://e.test/k",signature="AAAA"' } })
  ],
  ['interop', 'more headers covered', () => ({ headers: [...covers, 'content-type'] })]
]

attacksInTurn(
  'requests that servers in the wild send',
  accepted.map(([id, sends, options]) => ({
    id,
    sends: `accepted once: ${sends}`,
    send: (world) => sendOne(world, options),
    answer: 202,
    leaves: { posts: 1 }
  }))
)

test('SIG-09: the same request three times has its effect once', async (t) => {
  const world = await startWorld(t)
  const mention = { tag: [{ type: 'Mention', href: world.alice.account.uri, name: '@alice' }], to: [world.alice.account.uri] }
  const signed = world.a.sign(world.a.activity('Create', world.a.note('marker', mention)))
  for (let turn = 0; turn < 3; turn += 1) assert.equal((await world.servers.a.post(signed)).status, 202)
  assert.equal((await world.saying('marker')).length, 1)
  assert.equal((await world.instance.ctx.db.select().from(notifications)).length, 1)
})

test('SIG-09: a Follow that was undone is not brought back by sending it again', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const follow = a.activity('Follow', world.alice.account.uri)
  const signed = a.sign(follow)
  await world.servers.a.post(signed)
  await a.send(a.activity('Undo', follow))
  assert.equal((await world.servers.a.post(signed)).status, 202)
  assert.equal((await world.accountAt(world.alice.account.uri))?.followersCount, 0)
})

test('SIG-11: what ben says is not believed with the key of ana', async (t) => {
  const world = await startWorld(t)
  await world.knowing(world.a, world.b)
  const answer = await world.a.send(world.b.activity('Create', world.b.note('marker')))
  assert.equal(answer.status, 401)
  assert.deepEqual(await world.saying('marker'), [])
})

test('SIG-12: a key that calls ben its owner is not his unless his actor lists it', async (t) => {
  const world = await startWorld(t)
  const { e, b } = world
  world.servers.e.documents.set('/key', {
    '@context': 'https://w3id.org/security/v1',
    id: 'https://e.test/key',
    type: 'CryptographicKey',
    owner: b.uri,
    publicKeyPem: e.keys.publicPem
  })
  const answer = await e.send(b.activity('Create', b.note('marker')), { keyId: 'https://e.test/key' })
  assert.equal(answer.status, 401)
  assert.deepEqual(await world.saying('marker'), [])
})

test('SIG-15: new keys under the same id are read once, and the old ones are believed no more', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  assert.equal((await a.send(a.activity('Create', a.note('first')))).status, 202)
  const old = a.keys
  await a.rotateKeys()
  const before = world.fetches().length
  assert.equal((await a.send(a.activity('Create', a.note('second')))).status, 202)
  assert.equal(world.fetches().length - before, 1)
  assert.equal((await a.send(a.activity('Create', a.note('third')), { privatePem: old.privatePem })).status, 401)
  assert.equal(world.fetches().length - before, 1)
})

test('SIG-16: an actor whose server has no such document is asked for twice at most, however often it is named', async (t) => {
  const world = await startWorld(t)
  const { e } = world
  world.servers.e.documents.set('/users/eve', { status: 404 })
  for (let turn = 0; turn < 20; turn += 1) assert.equal((await e.send(e.activity('Create', e.note(`marker ${turn}`)))).status, 401)
  assert.ok(world.fetches().filter((url) => url === e.uri).length <= 2)
})

test('SIG-19: an HMAC made with the public key as its secret is no signature', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const signed = a.sign(createOf(world))
  const text = [
    `(request-target): post /inbox`,
    `host: ${signed.headers.host}`,
    `date: ${signed.headers.date}`,
    `digest: ${signed.headers.digest}`
  ].join('\n')
  const mac = createHmac('sha256', a.keys.publicPem).update(text).digest('base64')
  for (const algorithm of ['hmac-sha256', 'hs2019']) {
    const signature = `keyId="${a.keyId}",algorithm="${algorithm}",headers="${covers.join(' ')}",signature="${mac}"`
    assert.equal((await world.servers.a.post({ ...signed, headers: { ...signed.headers, signature } })).status, 401)
  }
})

test('SIG-25: two signatures are not one', async (t) => {
  const world = await startWorld(t)
  const signed = world.a.sign(createOf(world), { kind: 'rfc9421' })
  const headers = {
    ...signed.headers,
    'signature-input': `${signed.headers['signature-input']}, sig2=("@method");created=1;keyid="https://e.test/k"`,
    signature: `${signed.headers.signature}, sig2=:AAAA:`
  }
  assert.equal((await world.servers.a.post({ ...signed, headers })).status, 401)
})

test('SIG-28: nothing is fetched from where a keyId points', async (t) => {
  const world = await startWorld(t)
  await world.a.send(createOf(world), { keyId: 'https://e.test/users/eve#main-key' })
  assert.deepEqual(
    world.fetches().filter((url) => url.startsWith('https://e.test')),
    []
  )
})

test('SIG-31: the delete of somebody never seen is answered and forgotten without a request', async (t) => {
  const world = await startWorld(t)
  const answer = await world.e.send(world.e.activity('Delete', world.e.uri))
  assert.equal(answer.status, 202)
  assert.deepEqual(world.fetches(), [])
})

const keyShapes: [string, (a: RemoteActor) => void][] = [
  ['publicKey is a list', (a) => void (a.document.publicKey = [a.document.publicKey])],
  ['publicKey is an address, read from there', (a) => void (a.document.publicKey = 'https://a.test/users/ana/key')]
]

for (const [what, change] of keyShapes) {
  test(`interop: accepted: ${what}`, async (t) => {
    const world = await startWorld(t)
    const { a } = world
    const keyUrl = 'https://a.test/users/ana/key'
    world.servers.a.documents.set('/users/ana/key', {
      '@context': 'https://w3id.org/security/v1',
      id: keyUrl,
      owner: a.uri,
      publicKeyPem: a.keys.publicPem
    })
    change(a)
    const answer = await a.send(createOf(world), { keyId: typeof a.document.publicKey === 'string' ? keyUrl : a.keyId })
    assert.equal(answer.status, 202, answer.text)
  })
}

const created = new WeakMap<World, Record<string, unknown>>()

/** ana's note, the same one until `sendOne` sends another. */
function createOf(world: World): Record<string, unknown> {
  const known = created.get(world) ?? world.a.activity('Create', world.a.note('marker'))
  created.set(world, known)
  return known
}

function sendOne(world: World, options: (world: World) => SendOptions) {
  created.delete(world)
  return world.a.send(createOf(world), options(world))
}

function bodyOf(world: World): Buffer {
  return Buffer.from(JSON.stringify(createOf(world)))
}
