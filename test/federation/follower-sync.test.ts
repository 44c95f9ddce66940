import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { follows } from '#db/schema/follows.ts'
import { auditEntries } from '#db/schema/moderation.ts'
import { noteRestore } from '#server/backup/last-restore.ts'
import { digestOf } from '#server/federation/follower-sync/digest.ts'
import { readSyncHeader } from '#server/federation/follower-sync/header.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { write } from '#test/federation/acts.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { reader } from '#test/federation/sign-get.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'
import { whoIs } from '#test/helpers/who-is.ts'

const day = 24 * 60 * 60_000
const asPeer = { accept: 'application/activity+json' }

async function settle(...instances: Instance[]) {
  for (let round = 0; round < 4; round += 1) for (const instance of instances) await instance.runJobs()
}

const audits = (instance: Instance) => instance.ctx.db.select().from(auditEntries)

test('the digest is the XOR of the SHA-256 of each id, and headers are read strictly', () => {
  const ids = ['https://a.test/users/1', 'https://a.test/users/2']
  const hashes = ids.map((id) => createHash('sha256').update(id).digest())
  const expected = Buffer.from(hashes[0]!.map((byte, at) => byte ^ hashes[1]![at]!))
  assert.equal(digestOf(ids).toString('hex'), expected.toString('hex'))
  assert.equal(digestOf([...ids].reverse()).toString('hex'), expected.toString('hex'))
  const digest = expected.toString('hex')
  const url = 'https://a.test/sync'
  assert.deepEqual(readSyncHeader(`collectionId="${ids[0]}", digest="${digest}",url="${url}"`), { collectionId: ids[0], url, digest })
  for (const bad of [
    '',
    'digest="aa"',
    `collectionId="x", url="y", digest="${digest.slice(1)}"`,
    `url="y", url="z", collectionId="x", digest="${digest}"`,
    `collectionId="x" url="y" digest="${digest}"`,
    `collectionId="x", url="y", digest="${digest}", "`
  ]) {
    assert.equal(readSyncHeader(bad), undefined, bad)
  }
})

test('a post for followers tells each server the digest of its own part, which only that server may read', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  const far = await startPeer(t, instance, 'far.test')
  const ben = await reader(instance, near, 'ben')
  const cleo = await reader(instance, near, 'cleo')
  const eve = await reader(instance, far, 'eve')
  for (const one of [ben, cleo]) await near.follows(one.account, alice)
  await write(instance, 'alice', 'among us', 'followers')
  await write(instance, 'alice', '@eve@far.test you alone', 'direct')
  await instance.runJobs()
  const claim = readSyncHeader(near.posts[0]?.headers['collection-synchronization'])
  assert.equal(claim?.collectionId, 'https://skerry.test/@alice/followers')
  assert.equal(claim?.digest, digestOf([ben.account.uri, cleo.account.uri]).toString('hex'))
  assert.match(String(near.posts[0]?.headers.signature), /collection-synchronization/)
  assert.equal(far.posts.length, 1)
  assert.equal(far.posts[0]?.headers['collection-synchronization'], undefined)

  const path = new URL(claim?.url ?? '').pathname
  assert.deepEqual((await ben.get(path)).json().orderedItems, [ben.account.uri, cleo.account.uri])
  assert.equal((await ben.get(path)).headers['cache-control'], 'private, no-store')
  assert.deepEqual((await eve.get(path)).json().orderedItems, [])
  assert.equal((await instance.guest().get(path, asPeer)).statusCode, 401)
})

test('two servers whose lists differ agree again: what one does not know ends, what the other does not know is undone', async (t) => {
  const red = await startInstance(t, { origin: 'https://red.test' })
  const blue = await startInstance(t, { origin: 'https://blue.test', network: red.network })
  const [ana, cleo] = [await whoIs(red, 'ana'), await whoIs(red, 'cleo')]
  const dora = await whoIs(red, 'dora')
  const ben = await whoIs(blue, 'ben')
  const found = await red.ctx.fediverse.resolve('@ben@blue.test')
  const benAtRed = found.kind === 'account' ? found.accountId : 0
  for (const who of [ana, cleo, dora]) await followAccount(red.ctx, who, { accountId: benAtRed })
  await settle(red, blue)
  const atRed = () => red.ctx.db.select().from(follows)
  const atBlue = () => blue.ctx.db.select().from(follows)
  assert.equal((await atRed()).length, 3)
  assert.equal((await atBlue()).length, 3)

  // Nothing differs, and so nothing is asked.
  await write(blue, 'ben', 'one', 'followers')
  await settle(blue, red)
  assert.equal((await audits(red)).length, 0)

  // Red forgets cleo's follow, blue forgets dora's, as if each had lost a message.
  const dorasUri = (await atRed()).find((row) => row.followerId === dora.account.id)!.uri
  await red.ctx.transact((tx) => tx.delete(follows).where(eq(follows.followerId, cleo.account.id)))
  await blue.ctx.transact((tx) => tx.delete(follows).where(eq(follows.uri, dorasUri)))
  red.clock.advance(11 * 60_000)
  blue.clock.advance(11 * 60_000)
  await write(blue, 'ben', 'two', 'followers')
  await settle(blue, red, blue)
  assert.deepEqual(
    (await atRed()).map((row) => row.followerId),
    [ana.account.id]
  )
  assert.equal((await atBlue()).length, 1)
  const [entry] = await audits(red)
  assert.equal(entry?.act, 'follows-settled')
  assert.deepEqual(entry?.details, { ended: 1, accepted: 0, undone: 1 })
  assert.equal(ben.account.domain, null)
  assert.deepEqual(
    [...red.logged, ...blue.logged].filter((line) => Number(line.level) >= 50),
    []
  )
})

test('for seven days after a restore a difference is told to the admins, and nothing is undone', async (t) => {
  const instance = await startInstance(t)
  const alice = await whoIs(instance, 'alice')
  const b = await remote(t, instance, 'b.test')
  const ben = await b.actor('ben')
  const found = await instance.ctx.fediverse.resolve(ben.uri)
  await followAccount(instance.ctx, alice, { accountId: found.kind === 'account' ? found.accountId : 0 })
  await instance.ctx.transact((tx) => tx.update(follows).set({ state: 'accepted', acceptedAt: tx.now - 1 }))
  const url = `${b.origin}/part`
  const empty = { '@context': 'https://www.w3.org/ns/activitystreams', id: url, type: 'OrderedCollection', orderedItems: [] }
  b.documents.set('/part', empty)
  const header = `collectionId="${ben.uri}/followers", url="${url}", digest="${'0'.repeat(64)}"`
  const send = async (words: string) => {
    await ben.send(ben.activity('Create', ben.note(words)), { extra: { 'collection-synchronization': header } })
    await instance.runJobs()
  }
  const count = () => instance.ctx.db.$count(follows)
  await instance.ctx.transact((tx) => noteRestore(tx))
  await send('one')
  assert.equal(await count(), 1)
  assert.deepEqual(
    (await audits(instance)).map((entry) => entry.act),
    ['follows-differ']
  )
  instance.clock.advance(8 * day)
  await send('two')
  assert.equal(await count(), 0)
  assert.deepEqual(
    (await audits(instance)).map((entry) => entry.act),
    ['follows-differ', 'follows-settled']
  )
})

test('a header about somebody else’s collection, with a list elsewhere, or with half a list undoes nothing', async (t) => {
  const instance = await startInstance(t)
  const alice = await whoIs(instance, 'alice')
  const [b, e] = [await remote(t, instance, 'b.test'), await remote(t, instance, 'e.test')]
  const [ben, eve] = [await b.actor('ben'), await e.actor('eve')]
  const found = await instance.ctx.fediverse.resolve(ben.uri)
  await followAccount(instance.ctx, alice, { accountId: found.kind === 'account' ? found.accountId : 0 })
  await instance.ctx.transact((tx) => tx.update(follows).set({ state: 'accepted', acceptedAt: tx.now - 1 }))
  const zeros = '0'.repeat(64)
  const context = 'https://www.w3.org/ns/activitystreams'
  e.documents.set('/part', { '@context': context, id: `${e.origin}/part`, type: 'OrderedCollection', orderedItems: [] })
  const half = {
    '@context': context,
    id: `${b.origin}/half`,
    type: 'OrderedCollection',
    first: { type: 'OrderedCollectionPage', orderedItems: [], next: `${b.origin}/lost` }
  }
  b.documents.set('/half', half)
  b.documents.set('/nothing', { '@context': context, id: `${b.origin}/nothing`, type: 'OrderedCollection', totalItems: 5 })
  b.documents.set('/away', { status: 302, headers: { location: `${e.origin}/part` } })
  const cases: [typeof ben, string][] = [
    [eve, `collectionId="${ben.uri}/followers", url="${e.origin}/part", digest="${zeros}"`],
    [eve, `collectionId="${ben.uri}/followers", url="${b.origin}/half", digest="${zeros}"`],
    [ben, `collectionId="${ben.uri}/followers", url="${e.origin}/part", digest="${zeros}"`],
    [ben, `collectionId="${ben.uri}/following", url="${b.origin}/half", digest="${zeros}"`],
    [ben, `collectionId="${ben.uri}/followers", url="${b.origin}/half", digest="${zeros}"`],
    [ben, `collectionId="${ben.uri}/followers", url="${b.origin}/nothing", digest="${zeros}"`],
    [ben, `collectionId="${ben.uri}/followers", url="${b.origin}/away", digest="${zeros}"`]
  ]
  for (const [actor, header] of cases) {
    await actor.send(actor.activity('Create', actor.note('hello')), { extra: { 'collection-synchronization': header } })
    instance.clock.advance(11 * 60_000)
    await instance.runJobs()
  }
  assert.equal(await instance.ctx.db.$count(follows), 1)
  assert.equal((await audits(instance)).length, 0)
})
