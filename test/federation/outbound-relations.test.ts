import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { deliveries } from '#db/schema/peers.ts'
import { record } from '#server/facts.ts'
import { blockAccount, unblockAccount } from '#server/follows/block-account.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { receiveFollow } from '#server/follows/receive-follow.ts'
import { unfollowAccount } from '#server/follows/unfollow-account.ts'
import { limitDomain } from '#server/moderation/limit-domain.ts'
import { suspendAccount } from '#server/moderation/suspend-account.ts'
import { write } from '#test/federation/acts.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

test('a follow goes out as Follow with the id it is kept under, and its end as Undo of that very Follow', async (t) => {
  const instance = await startInstance(t)
  const near = await startPeer(t, instance, 'near.test')
  const ben = await near.account('ben')
  const who = await whoIs(instance, 'alice')
  const follow = await followAccount(instance.ctx, who, { accountId: ben.id })
  await instance.runJobs()
  await unfollowAccount(instance.ctx, who, { accountId: ben.id })
  await instance.runJobs()
  await followAccount(instance.ctx, who, { accountId: ben.id })
  await instance.runJobs()
  assert.deepEqual(
    near.posts.map((one) => [one.path, one.json.type]),
    [
      ['/users/ben/inbox', 'Follow'],
      ['/users/ben/inbox', 'Undo'],
      ['/users/ben/inbox', 'Follow']
    ]
  )
  const [first, undo, again] = near.posts.map((one) => one.json)
  assert.deepEqual([first?.id, first?.actor, first?.object], [follow.uri, 'https://skerry.test/@alice', ben.uri])
  assert.equal(undo?.object.id, follow.uri)
  assert.equal(undo?.object.object, ben.uri)
  assert.notEqual(again?.id, first?.id)
})

test('following, unfollowing and following before anything went out ends as one follow', async (t) => {
  const instance = await startInstance(t)
  const near = await startPeer(t, instance, 'near.test')
  const ben = await near.account('ben')
  const who = await whoIs(instance, 'alice')
  await followAccount(instance.ctx, who, { accountId: ben.id })
  await unfollowAccount(instance.ctx, who, { accountId: ben.id })
  const last = await followAccount(instance.ctx, who, { accountId: ben.id })
  await instance.runJobs()
  assert.deepEqual(
    near.posts.map((one) => [one.json.type, one.json.id]),
    [['Follow', last.uri]]
  )
})

test('a follow that reaches us is accepted with the Follow inside, and again when it is repeated', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  const ben = await near.account('ben')
  const ask = (uri: string) => instance.ctx.transact((tx) => receiveFollow(tx, { followerId: ben.id, followedId: alice.id, uri }))
  await ask('https://near.test/follows/1')
  await instance.runJobs()
  await ask('https://near.test/follows/1')
  await instance.runJobs()
  assert.deepEqual(
    near.posts.map((one) => one.json.type),
    ['Accept', 'Accept']
  )
  const [accept, again] = near.posts.map((one) => one.json)
  assert.equal(accept?.actor, 'https://skerry.test/@alice')
  assert.deepEqual(accept?.object, {
    id: 'https://near.test/follows/1',
    type: 'Follow',
    actor: ben.uri,
    to: [alice.uri],
    object: alice.uri
  })
  assert.notEqual(accept?.id, again?.id)
})

test('a locked account sends nothing until it decides', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  await instance.ctx.transact((tx) => tx.update(accounts).set({ isLocked: true }).where(eq(accounts.id, alice.id)))
  const near = await startPeer(t, instance, 'near.test')
  const ben = await near.account('ben')
  await instance.ctx.transact((tx) => receiveFollow(tx, { followerId: ben.id, followedId: alice.id, uri: 'https://near.test/follows/1' }))
  await instance.runJobs()
  assert.equal(near.posts.length, 0)
  await instance.ctx.transact(async (tx) => {
    const [follow] = await tx.update(follows).set({ state: 'accepted' }).returning()
    await record(tx, 'follow-accepted', { followId: follow?.id ?? 0 })
  })
  await instance.runJobs()
  assert.equal(near.posts[0]?.json.type, 'Accept')
})

test('a block goes out as Block and what it ends as Undo; its lifting as Undo of the Block', async (t) => {
  const instance = await startInstance(t)
  const near = await startPeer(t, instance, 'near.test')
  const ben = await near.account('ben')
  const who = await whoIs(instance, 'alice')
  await followAccount(instance.ctx, who, { accountId: ben.id })
  await instance.runJobs()
  await blockAccount(instance.ctx, who, { accountId: ben.id })
  await instance.runJobs()
  await unblockAccount(instance.ctx, who, { accountId: ben.id })
  await instance.runJobs()
  assert.deepEqual(near.posts.map((one) => one.json.type).sort(), ['Block', 'Follow', 'Undo', 'Undo'].sort())
  const block = near.posts.find((one) => one.json.type === 'Block')?.json
  assert.equal(block?.object, ben.uri)
  assert.ok(near.posts.some((one) => one.json.type === 'Undo' && one.json.object.id === block?.id))
})

test('a suspension is told to followers as an Update that says so; erasing one of ours as Delete to every server known', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  const far = await startPeer(t, instance, 'far.test')
  await near.follows(await near.account('ben'), alice)
  await far.account('eve')
  await suspendAccount(instance.ctx, { kind: 'operator' }, { accountId: alice.id, reason: 'test' })
  await instance.runJobs()
  assert.equal(near.posts.length, 1)
  assert.equal(far.posts.length, 0)
  const update = near.posts[0]?.json
  assert.equal(update?.type, 'Update')
  assert.equal(update?.object.suspended, true)
  assert.equal(update?.object.id, alice.uri)

  await instance.ctx.transact(async (tx) => {
    await tx.update(accounts).set({ deletedAt: tx.now }).where(eq(accounts.id, alice.id))
    await record(tx, 'account-erased', { accountId: alice.id })
  })
  await instance.runJobs()
  for (const peer of [near, far]) {
    const last = peer.posts.at(-1)?.json
    assert.equal(last?.type, 'Delete')
    assert.equal(last?.object, alice.uri)
  }
})

test('a changed profile is told to followers once per change', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice)
  for (const name of ['Alice', 'Alicia']) {
    await instance.ctx.transact(async (tx) => {
      await tx.update(accounts).set({ displayName: name }).where(eq(accounts.id, alice.id))
      await record(tx, 'profile-changed', { accountId: alice.id })
    })
    await instance.runJobs()
  }
  assert.deepEqual(
    near.posts.map((one) => [one.json.type, one.json.object.name]),
    [
      ['Update', 'Alice'],
      ['Update', 'Alicia']
    ]
  )
})

test('limiting a domain drops what waits for it and its subdomains, and nothing else', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  for (const host of ['near.test', 'sub.near.test', 'other.test']) {
    const peer = await startPeer(t, instance, host)
    peer.answer = () => ({ status: 503 })
    await peer.follows(await peer.account('ben'), alice)
  }
  await write(instance, 'alice', 'hello')
  await instance.runJobs()
  assert.equal(await instance.ctx.db.$count(deliveries), 3)
  await limitDomain(instance.ctx, { kind: 'operator' }, { domain: 'near.test', severity: 'suspend', reason: 'test' })
  await instance.runJobs()
  assert.deepEqual(
    (await instance.ctx.db.select().from(deliveries)).map((row) => row.host),
    ['other.test']
  )
})
