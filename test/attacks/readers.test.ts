import assert from 'node:assert/strict'
import { test } from 'node:test'
import { follows } from '#db/schema/follows.ts'
import { loadConfig } from '#server/config.ts'
import { limitDomain, write } from '#test/federation/acts.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { reader } from '#test/federation/sign-get.ts'
import { textOf } from '#test/helpers/html.ts'

const asPeer = { accept: 'application/activity+json' }

test('SIG-29: a blocked server reads nothing, whatever it signs; everybody else reads what is public, in every form alike', async (t) => {
  const world = await startWorld(t)
  const { instance } = world
  const bad = await startPeer(t, instance, 'bad.test')
  const below = await startPeer(t, instance, 'deep.below.bad.test')
  const outlaws = [await reader(instance, bad, 'eve'), await reader(instance, below, 'eve')]
  const ben = await reader(instance, await startPeer(t, instance, 'good.test'), 'ben')
  await limitDomain(instance, 'bad.test')
  const post = await write(instance, 'alice', 'for all')
  const paths = ['/@alice', '/@alice/outbox', '/@alice/outbox?page=true', '/@alice/followers', new URL(post.uri).pathname]
  for (const path of paths) {
    for (const outlaw of outlaws) assert.equal((await outlaw.get(path)).statusCode, 403, path)
    assert.equal((await ben.get(path)).statusCode, 200, path)
    assert.equal((await instance.guest().get(path, asPeer)).statusCode, 200, path)
  }
  assert.deepEqual([...bad.gets, ...below.gets], [])
})

test('BLK-09: where only some are spoken with, nobody else is heard, answered or asked', async (t) => {
  const { federation } = await loadConfig({ env: { ORIGIN: 'https://skerry.test', FEDERATE_ONLY_WITH: 'A.Test.,friends.test' } })
  assert.deepEqual(federation, { authorizedFetch: 'required', onlyWith: ['a.test', 'friends.test'] })
  const world = await startWorld(t, { config: { federation } })
  const { instance, a, e, alice } = world
  const [friend, stranger] = [
    await reader(instance, await startPeer(t, instance, 'social.friends.test'), 'ben'),
    await reader(instance, await startPeer(t, instance, 'stranger.test'), 'eve')
  ]
  const post = await write(instance, 'alice', 'for friends @eve@e.test')
  for (const path of ['/@alice', '/@alice/outbox', new URL(post.uri).pathname]) {
    assert.equal((await friend.get(path)).statusCode, 200, path)
    assert.equal((await stranger.get(path)).statusCode, 403, path)
    assert.equal((await instance.guest().get(path, asPeer)).statusCode, 401, path)
  }
  for (const type of ['Follow', 'Like', 'Announce', 'Delete', 'Flag']) assert.equal((await e.send(e.activity(type, post.uri))).status, 403)
  assert.equal((await e.send(e.activity('Create', e.note('marker')))).status, 403)
  await alice.get(`/search?q=${encodeURIComponent(e.uri)}`)
  await alice.get('/search?q=@eve@e.test')
  assert.equal((await a.send(a.activity('Announce', e.note('marker').id))).status, 202)
  assert.equal((await a.send(a.activity('Create', a.note('genuine')))).status, 202)
  await instance.runJobs()
  assert.equal((await world.saying('genuine')).length, 1)
  assert.deepEqual(await world.saying('marker'), [])
  assert.deepEqual(world.servers.e.requests, [])
})

test('OWN-20: a follow that waits is accepted by nobody but whom it is for, in whatever shape', async (t) => {
  const world = await startWorld(t)
  const { a, b, e, instance, alice } = world
  b.document.manuallyApprovesFollowers = true
  await world.knowing(a, b, e)
  const ben = await world.accountAt(b.uri)
  await alice.submit(`/accounts/${ben?.id}/follow`)
  await instance.runJobs()
  const [follow] = await instance.ctx.db.select().from(follows)
  const mallory = await world.servers.b.actor('mallory')
  for (const who of [a, e, mallory]) {
    const whole = { type: 'Follow', id: follow?.uri, actor: alice.account.uri, object: b.uri }
    for (const object of [follow?.uri, whole, { ...whole, object: who.uri }, { ...whole, id: undefined }]) {
      const answer = await who.send(who.activity('Accept', object))
      assert.ok([202, 400, 403].includes(answer.status), answer.text)
    }
    await who.send(who.activity('Reject', follow?.uri))
  }
  assert.equal((await instance.ctx.db.select().from(follows))[0]?.state, 'pending')
  assert.match(textOf(await alice.page('/@ben@b.test')), /request/i)
  await b.send(b.activity('Accept', follow?.uri))
  assert.equal((await instance.ctx.db.select().from(follows))[0]?.state, 'accepted')
})

test('OWN-22: whoever asked to follow a locked person is no follower yet, reads nothing more, and is sent nothing', async (t) => {
  const world = await startWorld(t)
  const { instance, alice } = world
  await alice.submit('/settings/profile', { displayName: 'alice', isLocked: 'on' })
  const peer = await startPeer(t, instance, 'good.test')
  const ben = await reader(instance, peer, 'ben')
  await world.a.send(world.a.activity('Follow', alice.account.uri))
  await instance.ctx.transact((tx) =>
    tx.insert(follows).values({
      id: tx.newId(),
      followerId: ben.account.id,
      followedId: alice.account.id,
      state: 'pending',
      uri: `${ben.account.uri}#f`,
      createdAt: tx.now
    })
  )
  const among = await write(instance, 'alice', 'marker', 'followers')
  await instance.runJobs()
  assert.equal((await ben.get(new URL(among.uri).pathname)).statusCode, 404)
  assert.deepEqual(peer.posts, [])
  assert.deepEqual(
    world.servers.a.received.map(({ activity }) => activity.type),
    []
  )
  assert.equal((await world.accountAt(alice.account.uri))?.followersCount, 0)
})
