import assert from 'node:assert/strict'
import { test } from 'node:test'
import { follows } from '#db/schema/follows.ts'
import { deliveries } from '#db/schema/peers.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import { askFollowsAgain } from '#server/follows/ask-again.ts'
import { schedules } from '#server/schedules.ts'
import { markWritten, writeActivity, writeDeliveries } from '#server/peers/write-activity.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'
import { startWorld } from '#test/federation/attack-world.ts'

const dayMs = 24 * 60 * 60_000

test('asking again is one of the schedules', () => {
  assert.ok(schedules.some(({ run }) => run === askFollowsAgain))
})

test('a request that nobody answers is made again after 1, 3, 7, 30 and 30 days, under one id, and then no more', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const far = await remote(t, instance, 'far.test')
  const ben = await far.actor('ben', { manuallyApprovesFollowers: true })
  await instance.ctx.fediverse.resolve(ben.uri)
  const account = await findAccountByUri(instance.ctx.db, ben.uri)
  await alice.submit(`/accounts/${account?.id}/follow`)
  await instance.runJobs()
  const asked = () => far.received.filter(({ activity }) => activity.type === 'Follow').map(({ activity }) => activity.id)
  const days: number[] = []
  for (let day = 1; day <= 120; day += 1) {
    instance.clock.advance(dayMs + 60_000)
    const before = asked().length
    await askFollowsAgain(instance.ctx)
    await instance.runJobs()
    if (asked().length > before) days.push(day)
  }
  assert.deepEqual(days, [1, 4, 11, 41, 71])
  assert.equal(new Set(asked()).size, 1)
})

test('a request whose delivery was given up goes out anew', async (t) => {
  const world = await startWorld(t)
  const { alice, b, instance, servers } = world
  await world.knowing(b)
  const ben = (await world.accountAt(b.uri))!
  await alice.submit(`/accounts/${ben.id}/follow`)
  // Its server was away for so long that the delivery was given up.
  await instance.runJobs()
  const sent = servers.b.received.length
  const [follow] = await instance.ctx.db.select().from(follows)
  await instance.ctx.transact(async (tx) => {
    const { id } = await writeActivity(tx, { uri: follow!.uri, actorId: alice.account.id, body: '{}', objectUri: follow!.uri })
    await writeDeliveries(tx, id, undefined, [{ url: `${b.uri}/inbox`, host: 'b.test', lane: 'direct' }])
    await markWritten(tx, id, null)
    await tx.update(deliveries).set({ deadAt: tx.now })
  })
  instance.clock.advance(dayMs + 60_000)
  await askFollowsAgain(instance.ctx)
  await instance.runJobs()
  assert.equal(servers.b.received.length, sent + 1)
  assert.equal(servers.b.received.at(-1)?.activity.id, follow?.uri)
})

test('an actor that comes back with other keys is told once more who follows; one that only added a key is not', async (t) => {
  const world = await startWorld(t)
  const { alice, b, instance, servers } = world
  await world.knowing(b)
  const ben = (await world.accountAt(b.uri))!
  await alice.submit(`/accounts/${ben.id}/follow`)
  await instance.runJobs()
  const [follow] = await instance.ctx.db.select().from(follows)
  await b.send(b.activity('Accept', follow?.uri))
  await instance.runJobs()
  const asked = () => servers.b.received.filter(({ activity }) => activity.type === 'Follow').map(({ activity }) => activity.id)
  await instance.ctx.fediverse.refreshAccount(ben.id)
  await instance.runJobs()
  assert.equal(asked().length, 1)
  await b.rotateKeys()
  await instance.ctx.fediverse.refreshAccount(ben.id)
  await instance.runJobs()
  assert.deepEqual(asked(), [follow?.uri, follow?.uri])
  await instance.ctx.fediverse.refreshAccount(ben.id)
  await instance.runJobs()
  assert.equal(asked().length, 2)
})
