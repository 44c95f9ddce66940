import assert from 'node:assert/strict'
import { test } from 'node:test'
import { perHost, readRates } from '#server/federation/serve/read-rates.ts'
import { block, limitDomain, write } from '#test/federation/acts.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { reader, signedGet } from '#test/federation/sign-get.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

type Mode = 'off' | 'non-public' | 'required'

const asPeer = { accept: 'application/activity+json' }
const modes: Mode[] = ['off', 'non-public', 'required']

for (const mode of modes) {
  test(`authorised fetch "${mode}": who reads what`, async (t) => {
    const instance = await startInstance(t, { config: { federation: { authorizedFetch: mode } } })
    const alice = (await whoIs(instance, 'alice')).account
    const bob = (await whoIs(instance, 'bob')).account
    const near = await startPeer(t, instance, 'near.test')
    const bad = await startPeer(t, instance, 'bad.test')
    const follower = await reader(instance, near, 'ben')
    const stranger = await reader(instance, near, 'mallory')
    const blocked = await reader(instance, near, 'tom')
    const outlaw = await reader(instance, bad, 'eve')
    await near.follows(follower.account, alice)
    await block(instance, alice, blocked.account)
    await limitDomain(instance, 'bad.test')
    const open = new URL((await write(instance, 'alice', 'for all')).uri).pathname
    const among = new URL((await write(instance, 'alice', 'among us', 'followers')).uri).pathname
    const bobs = new URL((await write(instance, 'bob', 'hi', 'public')).uri).pathname
    const statuses = async (get: (path: string) => Promise<{ statusCode: number }>, paths: string[]) =>
      Promise.all(paths.map(async (path) => (await get(path)).statusCode))
    const unsigned = (path: string) => instance.guest().get(path, asPeer)
    const openPaths = [
      open,
      `${open}/replies`,
      `${open}/likes`,
      `${open}/shares`,
      `${open}/context`,
      '/@alice',
      '/@alice/outbox',
      '/@alice/followers'
    ]

    const forUnsigned = mode === 'required' ? 401 : 200
    assert.deepEqual(new Set(await statuses(unsigned, openPaths)), new Set([forUnsigned]))
    assert.deepEqual(new Set(await statuses(stranger.get, openPaths)), new Set([200]))
    assert.equal((await follower.get(among)).statusCode, mode === 'off' ? 404 : 200)
    assert.equal((await stranger.get(among)).statusCode, 404)
    assert.equal((await unsigned(among)).statusCode, mode === 'required' ? 401 : 404)
    // Whoever is kept out is kept out in every mode, as soon as they say who they are.
    const closedPaths = openPaths.filter((path) => path !== '/@alice')
    assert.deepEqual(new Set(await statuses(blocked.get, closedPaths)), new Set([404]))
    // But for the keys that prove the Block, which their server asks for in their name.
    assert.equal((await blocked.get('/@alice')).statusCode, 200)
    assert.equal((await blocked.get(bobs)).statusCode, 200)
    assert.deepEqual(new Set(await statuses(outlaw.get, openPaths)), new Set([403]))
    assert.equal((await outlaw.get(bobs)).statusCode, 403)
    // What others need to check a signature at all.
    assert.deepEqual(
      new Set(await statuses(unsigned, ['/@instance', '/.well-known/webfinger?resource=acct:alice@skerry.test', '/.well-known/nodeinfo'])),
      new Set([200])
    )
    assert.equal((await instance.guest().get(open)).statusCode, 200, 'pages are for browsers')
    assert.equal(bob.domain, null)
    if (mode !== 'required') return
    const refused = await unsigned(open)
    assert.match(refused.json().error, /signed requests only/)
    assert.match(String(refused.headers['www-authenticate']), /^Signature /)
    assert.equal(refused.headers['cache-control'], 'no-store')
    const forged = await instance.guest().get(open, {
      ...asPeer,
      signature:
        'keyId="https://near.test/users/ben#main-key",headers="(request-target) host date",signature="AAAA",algorithm="rsa-sha256"',
      date: new Date(instance.clock.now()).toUTCString()
    })
    assert.equal(forged.statusCode, 401)
  })
}

test('one address may ask for so much in a while, and is told when to come again', async (t) => {
  const instance = await startInstance(t)
  await whoIs(instance, 'alice')
  const ask = () => instance.app.inject({ url: '/@alice', headers: { host: 'skerry.test', ...asPeer }, remoteAddress: '203.0.113.7' })
  let answer = await ask()
  for (let count = 0; count < 4_000 && answer.statusCode === 200; count += 1) answer = await ask()
  assert.equal(answer.statusCode, 429)
  assert.ok(Number(answer.headers['retry-after']) >= 1)
  const other = await instance.app.inject({ url: '/@alice', headers: { host: 'skerry.test', ...asPeer }, remoteAddress: '203.0.113.8' })
  assert.equal(other.statusCode, 200)
  instance.clock.advance(1_000)
  assert.equal((await ask()).statusCode, 200)
})

test('a server that reads too much under its signature waits, from whatever address; who only says to be of it costs it nothing', async (t) => {
  const instance = await startInstance(t, { config: { federation: { authorizedFetch: 'required' } } })
  const post = new URL((await write(instance, 'alice', 'for all')).uri).pathname
  const near = await startPeer(t, instance, 'near.test')
  const far = await startPeer(t, instance, 'far.test')
  const [ben, cleo, forger] = [
    await reader(instance, near, 'ben'),
    await reader(instance, near, 'cleo'),
    await reader(instance, far, 'eve')
  ]
  const rates = readRates(instance.ctx)
  // Time stands, so that nothing comes back meanwhile.
  let now = instance.clock.now()
  t.mock.method(instance.clock, 'now', () => now)
  for (let count = 0; count < perHost.burst - 1; count += 1) rates.takeOfHost('near.test')
  const { signature, ...rest } = signedGet(
    instance,
    post,
    `${ben.account.uri}#main-key`,
    (await far.key(await far.account('mallory'))).privatePem
  )
  assert.equal((await instance.guest().get(post, { ...rest, signature: signature ?? '' })).statusCode, 401)
  assert.equal((await ben.get(post)).statusCode, 200)
  const refused = await cleo.get(post)
  assert.equal(refused.statusCode, 429)
  assert.ok(Number(refused.headers['retry-after']) >= 1)
  assert.equal((await forger.get(post)).statusCode, 200)
  now += 1_000
  assert.equal((await cleo.get(post)).statusCode, 200)
})
