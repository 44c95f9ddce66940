import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq, isNotNull } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { activities, deliveries, peers } from '#db/schema/peers.ts'
import { createDeliveryLoop } from '#server/federation/deliver/loop.ts'
import { retryFailed } from '#server/moderation/retry-failed.ts'
import { suspendAccount } from '#server/moderation/suspend-account.ts'
import { countDeliveries } from '#server/peers/count-deliveries.ts'
import { sweepDeliveries } from '#server/peers/sweep-deliveries.ts'
import { hearFromHost } from '#server/peers/peer-health.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { addFollowers, limitDomain, write } from '#test/federation/acts.ts'
import { type Answer, type RecordingPeer, startPeer } from '#test/federation/recording-peer.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** An instance whose alice has one follower on each peer named. */
async function withFollowers<const N extends string>(t: Parameters<typeof startInstance>[0], ...hosts: N[]) {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const started: RecordingPeer[] = []
  for (const host of hosts) {
    const peer = await startPeer(t, instance, host)
    await peer.follows(await peer.account('ben'), alice)
    started.push(peer)
  }
  return { instance, alice, peers: started }
}

async function peerRow(instance: Instance, host: string) {
  const [row] = await instance.ctx.db.select().from(peers).where(eq(peers.host, host))
  assert.ok(row, `nothing is known of ${host}`)
  return row
}

/** The actor of an account as its server tells it. */
function serveActor(peer: RecordingPeer, name: string, fields: Record<string, unknown>): void {
  const id = `${peer.origin}/users/${name}`
  const body = { '@context': 'https://www.w3.org/ns/activitystreams', id, type: 'Person', preferredUsername: name, ...fields }
  peer.documents.set(`/users/${name}`, { type: 'application/activity+json', body })
}

async function dead(instance: Instance) {
  return instance.ctx.db.select().from(deliveries).where(isNotNull(deliveries.deadAt))
}

/** The waits (ms) after which a peer that always fails is tried again, found by moving the clock in small steps. */
async function waitsOf(instance: Instance, peer: RecordingPeer, tries: number): Promise<number[]> {
  const waits: number[] = []
  let waited = 0
  while (waits.length < tries) {
    const step = Math.max(5_000, Math.round(waited / 20))
    instance.clock.advance(step)
    waited += step
    const before = peer.posts.length
    await instance.runJobs()
    if (peer.posts.length > before) {
      waits.push(waited)
      waited = 0
    }
  }
  return waits
}

test('a peer that is down is tried after 30 s, 2 min, 10 min, 30 min, an hour and so on, each a quarter more or less', async (t) => {
  const {
    instance,
    peers: [near]
  } = await withFollowers(t, 'near.test')
  assert.ok(near)
  near.answer = () => ({ status: 503 })
  await write(instance, 'alice', 'hello?')
  await instance.runJobs()
  assert.equal(near.posts.length, 1)
  const waits = await waitsOf(instance, near, 6)
  for (const [index, expected] of [30_000, 2 * minute, 10 * minute, 30 * minute, hour, 3 * hour].entries()) {
    const wait = waits[index] ?? 0
    assert.ok(wait >= expected * 0.75 && wait <= expected * 1.35 + 10_000, `wait ${index + 1} was ${wait} ms, expected about ${expected}`)
  }
  const row = await peerRow(instance, 'near.test')
  assert.equal(row.failuresCount, 7)
  assert.match(row.lastError ?? '', /503/)
})

test('a peer that was down for a week gets every post once it is back, in order, two at a time at most', async (t) => {
  const {
    instance,
    peers: [near, other]
  } = await withFollowers(t, 'near.test', 'other.test')
  assert.ok(near && other)
  near.answer = () => 'reset'
  for (let number = 1; number <= 60; number += 1) {
    await write(instance, 'alice', `post number ${number}.`)
    await instance.runJobs()
    instance.clock.advance((7 * day) / 60)
  }
  assert.equal(other.posts.length, 60)
  near.posts.length = 0
  near.answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, 2))
    return { status: 202 }
  }
  for (let hours = 0; hours <= 36; hours += 1) {
    instance.clock.advance(hour)
    await instance.runJobs()
  }
  const arrived = near.posts.map((one) => Number(/number (\d+)\./.exec(one.json.object.content)?.[1]))
  assert.deepEqual(
    [...arrived].sort((a, b) => a - b),
    Array.from({ length: 60 }, (_, index) => index + 1)
  )
  assert.ok(near.activeMax <= 2)
  assert.equal(await instance.ctx.db.$count(deliveries), 0)
  const row = await peerRow(instance, 'near.test')
  assert.deepEqual([row.failingSince, row.heldUntil, row.failuresCount, row.isBacklogged], [null, null, 0, false])
})

test('after more than a week a peer is dead: what waited becomes dead letters, new posts are not kept, and a message from it opens the way', async (t) => {
  const {
    instance,
    peers: [near]
  } = await withFollowers(t, 'near.test')
  assert.ok(near)
  near.answer = () => ({ status: 502 })
  await write(instance, 'alice', 'lost')
  for (let days = 0; days < 12; days += 1) {
    await instance.runJobs()
    instance.clock.advance(day)
  }
  await instance.runJobs()
  const letters = await dead(instance)
  assert.equal(letters.length, 1)
  assert.match(letters[0]?.lastError ?? '', /502/)

  // The next thing to send is what it is probed with; while that probe's day lasts, nothing else is kept for it.
  await write(instance, 'alice', 'as a probe')
  await instance.runJobs()
  await write(instance, 'alice', 'not kept')
  await instance.runJobs()
  const before = near.posts.length
  near.answer = () => ({ status: 202 })
  await instance.ctx.transact((tx) => hearFromHost(tx, 'near.test'))
  await write(instance, 'alice', 'back again')
  await instance.runJobs()
  assert.deepEqual(
    near.posts.slice(before).map((one) => /as a probe|not kept|back again/.exec(one.body.toString())?.[0]),
    ['as a probe', 'back again']
  )
  assert.equal((await peerRow(instance, 'near.test')).failingSince, null)
})

test('a dead host costs the others nothing and never fails a post', async (t) => {
  const {
    instance,
    peers: [near]
  } = await withFollowers(t, 'near.test')
  const alice = (await instance.as('alice')).account
  await addFollowers(instance, alice, 40)
  // Nobody listens there.
  for (let number = 0; number < 40; number += 1) instance.network.add(`nowhere-${number}.test`, 1)
  await write(instance, 'alice', 'hello')
  await instance.runJobs()
  assert.equal(near?.posts.length, 1)
  assert.equal(await instance.ctx.db.$count(deliveries), 40)
  assert.equal((await dead(instance)).length, 0)
})

test('Retry-After is honoured as seconds and as a date, for a day at most, and nonsense in it is ignored', async (t) => {
  for (const [header, atLeast, atMost] of [
    ['3600', hour, hour + 2 * minute],
    ['@date', 2 * hour - 2 * minute, 2 * hour + 2 * minute],
    ['99999999', day - minute, day + 10 * minute],
    ['-5', 20_000, 50_000],
    ['soon', 20_000, 50_000],
    ['0', 20_000, 50_000]
  ] as const) {
    const {
      instance,
      peers: [near]
    } = await withFollowers(t, 'near.test')
    assert.ok(near)
    const value = header === '@date' ? new Date(instance.clock.now() + 2 * hour).toUTCString() : header
    near.answer = () => ({ status: 429, headers: { 'retry-after': value } })
    await write(instance, 'alice', 'slowly')
    await instance.runJobs()
    const { heldUntil } = await peerRow(instance, 'near.test')
    const wait = (heldUntil ?? 0) - instance.clock.now()
    assert.ok(wait >= atLeast - 1_000 && wait <= atMost, `${header}: held for ${wait} ms`)
  }
})

test('410 forgets everything for that inbox once its actor is gone too, 404 is tried three times, other refusals once', async (t) => {
  const {
    instance,
    peers: [gone, absent, refusing, there]
  } = await withFollowers(t, 'gone.test', 'absent.test', 'refusing.test', 'there.test')
  assert.ok(gone && absent && refusing && there)
  gone.answer = () => ({ status: 410 })
  absent.answer = () => ({ status: 404 })
  refusing.answer = () => ({ status: 422, body: '{"error":"no thanks"}' })
  // The actor is where it was, whatever the inbox says.
  there.answer = () => ({ status: 410 })
  serveActor(there, 'ben', { inbox: `${there.origin}/users/ben/inbox`, endpoints: { sharedInbox: `${there.origin}/inbox` } })
  instance.clock.advance(hour)
  await write(instance, 'alice', 'anybody?')
  await instance.runJobs()
  assert.equal(await instance.ctx.db.$count(deliveries, eq(deliveries.host, 'gone.test')), 0)
  assert.deepEqual(
    gone.gets
      .map(({ path }) => path)
      .filter((path) => path.startsWith('/users/'))
      .slice(0, 1),
    ['/users/ben'],
    'its actor was asked for'
  )
  for (let tries = 0; tries < 5; tries += 1) {
    instance.clock.advance(day)
    await instance.runJobs()
  }
  assert.deepEqual([gone.posts.length, absent.posts.length, refusing.posts.length, there.posts.length], [1, 3, 1, 3])
  const letters = (await dead(instance)).map((row) => [row.host, row.lastError])
  assert.deepEqual(letters.sort(), [
    ['refusing.test', '422: {"error":"no thanks"}'],
    ['there.test', '410']
  ])
  assert.equal((await instance.ctx.db.select().from(accounts).where(eq(accounts.domain, 'there.test')))[0]?.deletedAt, null)
  // Whoever answers is not down.
  assert.equal((await peerRow(instance, 'refusing.test')).failingSince, null)
  assert.equal((await peerRow(instance, 'absent.test')).failingSince, null)
})

test('an inbox that is no more is looked for at its actor, and what was for it goes to the one it has now', async (t) => {
  const {
    instance,
    peers: [near]
  } = await withFollowers(t, 'near.test')
  assert.ok(near)
  near.answer = ({ path }) => ({ status: path === '/new/inbox' ? 202 : 404 })
  serveActor(near, 'ben', { inbox: `${near.origin}/users/ben/inbox`, endpoints: { sharedInbox: `${near.origin}/new/inbox` } })
  instance.clock.advance(hour)
  await write(instance, 'alice', 'where are you?')
  await instance.runJobs()
  assert.deepEqual(
    near.posts.map(({ path }) => path),
    ['/inbox', '/new/inbox']
  )
  assert.equal(await instance.ctx.db.$count(deliveries), 0)
  await write(instance, 'alice', 'there you are')
  await instance.runJobs()
  assert.equal(near.posts.at(-1)?.path, '/new/inbox')
  assert.equal(near.posts.length, 3)
})

test('a peer that refuses our first manner of signing is asked once in the other, and remembered for it', async (t) => {
  const {
    instance,
    peers: [modern]
  } = await withFollowers(t, 'modern.test')
  assert.ok(modern)
  modern.answer = ({ headers }): Answer => ({ status: headers['signature-input'] === undefined ? 401 : 202 })
  await write(instance, 'alice', 'one')
  await instance.runJobs()
  assert.deepEqual(
    modern.posts.map((one) => one.headers['signature-input'] !== undefined),
    [false, true]
  )
  await write(instance, 'alice', 'two')
  await instance.runJobs()
  assert.deepEqual(
    modern.posts.map((one) => one.headers['signature-input'] !== undefined),
    [false, true, true]
  )
  assert.equal((await peerRow(instance, 'modern.test')).signatureKind, 'rfc9421')
  // An outage says nothing about signatures.
  modern.answer = () => ({ status: 503 })
  await write(instance, 'alice', 'three')
  await instance.runJobs()
  assert.equal(modern.posts.length, 4)
  assert.equal((await peerRow(instance, 'modern.test')).signatureKind, 'rfc9421')
})

test('403 to both manners is final after one knock each', async (t) => {
  const {
    instance,
    peers: [closed]
  } = await withFollowers(t, 'closed.test')
  assert.ok(closed)
  closed.answer = () => ({ status: 403 })
  await write(instance, 'alice', 'knock')
  await instance.runJobs()
  instance.clock.advance(8 * day)
  await instance.runJobs()
  assert.equal(closed.posts.length, 2)
  assert.equal((await dead(instance)).length, 1)
})

test('an inbox at a private address, or one that redirects, gets nothing and is given up at once', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const canary = await startPeer(t, instance, 'canary.test')
  const evil = await startPeer(t, instance, 'evil.test')
  const port = instance.network.portOf('canary.test')
  for (const [index, inboxUrl] of [
    `https://127.0.0.1:${port}/admin`,
    `http://127.0.0.1:${port}/admin`,
    'https://evil.test/redirect'
  ].entries()) {
    await evil.follows(await evil.account(`e${index}`, { inboxUrl, sharedInboxUrl: null }), alice)
  }
  evil.answer = () => ({ status: 307, headers: { location: 'https://canary.test/inbox' } })
  await write(instance, 'alice', 'careful')
  await instance.runJobs()
  assert.equal(canary.posts.length, 0)
  assert.equal((await dead(instance)).length, 3)
})

test('what waits for a domain that is blocked meanwhile is dropped', async (t) => {
  const {
    instance,
    peers: [near]
  } = await withFollowers(t, 'near.test')
  assert.ok(near)
  near.answer = () => ({ status: 503 })
  await write(instance, 'alice', 'before the block')
  await instance.runJobs()
  await limitDomain(instance, 'near.test')
  instance.clock.advance(hour)
  await instance.runJobs()
  assert.equal(near.posts.length, 1)
  assert.equal(await instance.ctx.db.$count(deliveries), 0)
  assert.equal(await instance.ctx.db.$count(activities), 0)
})

test('a worker that died holds its deliveries for two minutes only', async (t) => {
  const {
    instance,
    peers: [near]
  } = await withFollowers(t, 'near.test')
  assert.ok(near)
  near.answer = () => ({ status: 500 })
  await write(instance, 'alice', 'interrupted')
  await instance.runJobs()
  near.answer = () => ({ status: 202 })
  // As a process leaves it that is killed in the middle of the second try.
  await instance.ctx.transact((tx) => tx.update(deliveries).set({ lockedUntil: tx.now + 120_000, runAt: tx.now }))
  await instance.runJobs()
  assert.equal(near.posts.length, 1)
  instance.clock.advance(121_000)
  await instance.runJobs()
  assert.equal(near.posts.length, 2)
  assert.equal(await instance.ctx.db.$count(deliveries), 0)
})

test('what is for one person goes before what goes to everybody', async (t) => {
  const {
    instance,
    alice,
    peers: [near]
  } = await withFollowers(t, 'near.test')
  assert.ok(near)
  const eve = await near.account('eve')
  for (let number = 0; number < 30; number += 1) {
    const more = await near.account(`follower${number}`, { sharedInboxUrl: null })
    await near.follows(more, alice)
  }
  assert.ok(eve)
  await write(instance, 'alice', 'to all')
  await write(instance, 'alice', '@eve@near.test to you', 'direct')
  await instance.runJobs()
  const place = near.posts.findIndex((one) => one.json.object.content.includes('to you'))
  assert.ok(place <= 2, `it came as number ${place + 1}`)
})

test('a backlog of one host stands in nobody else’s way', async (t) => {
  const {
    instance,
    alice,
    peers: [near]
  } = await withFollowers(t, 'near.test')
  assert.ok(near)
  const huge = await startPeer(t, instance, 'huge.test')
  for (let number = 0; number < 200; number += 1) await huge.follows(await huge.account(`f${number}`, { sharedInboxUrl: null }), alice)
  const order: string[] = []
  huge.answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, 3))
    order.push('huge')
    return { status: 202 }
  }
  near.answer = () => {
    order.push('near')
    return { status: 202 }
  }
  await write(instance, 'alice', 'hello')
  await instance.runJobs()
  assert.equal(huge.posts.length, 200)
  assert.ok(huge.activeMax <= 2)
  assert.ok(order.indexOf('near') < 20, `near came as number ${order.indexOf('near') + 1}`)
  assert.equal((await peerRow(instance, 'huge.test')).isBacklogged, false)
})

test('an erased sender without keys sends nothing and blocks nothing', async (t) => {
  const {
    instance,
    peers: [near]
  } = await withFollowers(t, 'near.test')
  await instance.ctx.transact(async (tx) => {
    const [ghost] = await tx.select().from(accounts).where(eq(accounts.uri, 'https://near.test/users/ben'))
    const id = tx.newId()
    await tx.insert(activities).values({ id, uri: 'https://skerry.test/x#1', actorId: ghost?.id ?? 0, body: '{}', createdAt: tx.now })
    await tx.insert(deliveries).values({
      id: tx.newId(),
      activityId: id,
      inboxUrl: 'https://near.test/inbox',
      host: 'near.test',
      lane: 'direct',
      runAt: tx.now,
      createdAt: tx.now
    })
  })
  await instance.runJobs()
  assert.equal(near?.posts.length, 0)
  assert.equal(await instance.ctx.db.$count(activities), 0)
})

test('suspending one of ours stops what waits of their words, and not what takes words back', async (t) => {
  const {
    instance,
    alice,
    peers: [near]
  } = await withFollowers(t, 'near.test')
  assert.ok(near)
  const post = await write(instance, 'alice', 'to be deleted')
  await instance.runJobs()
  near.answer = () => ({ status: 503 })
  await write(instance, 'alice', 'spam')
  await deletePost(instance.ctx, await whoIs(instance, 'alice'), { postId: post.id })
  await instance.runJobs()
  await suspendAccount(instance.ctx, { kind: 'operator' }, { accountId: alice.id, reason: 'spam' })
  await instance.runJobs()
  near.answer = () => ({ status: 202 })
  near.posts.length = 0
  instance.clock.advance(hour)
  await instance.runJobs()
  assert.deepEqual(near.posts.map((one) => one.json.type).sort(), ['Delete', 'Update'])
  assert.equal(near.posts.find((one) => one.json.type === 'Update')?.json.object.suspended, true)
})

test('dead letters can be sent again, are counted, and are swept after a month', async (t) => {
  const {
    instance,
    peers: [near]
  } = await withFollowers(t, 'near.test')
  assert.ok(near)
  near.answer = () => ({ status: 422 })
  await write(instance, 'alice', 'hello')
  await instance.runJobs()
  assert.deepEqual(
    (await countDeliveries(instance.ctx.db, instance.clock.now())).map(({ state, count }) => [state, count]),
    [['dead', 1]]
  )
  assert.match((await instance.ctx.metrics.render()).text, /skerry_deliveries\{lane="fan-out",state="dead"\} 1/)
  assert.deepEqual(await retryFailed(instance.ctx, { kind: 'operator' }, 'all'), { jobs: 0, deliveries: 1 })
  await instance.runJobs()
  assert.equal(near.posts.length, 2)
  instance.clock.advance(31 * day)
  await sweepDeliveries(instance.ctx)
  assert.equal(await instance.ctx.db.$count(activities), 0)
})

test('two workers on one queue send each delivery once, and two at a time to one host between them', async (t) => {
  const {
    instance,
    alice,
    peers: [near]
  } = await withFollowers(t, 'near.test')
  assert.ok(near)
  for (let number = 0; number < 30; number += 1) await near.follows(await near.account(`f${number}`, { sharedInboxUrl: null }), alice)
  near.answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return { status: 202 }
  }
  await write(instance, 'alice', 'once each')
  const other = createDeliveryLoop(instance.ctx)
  await Promise.all([
    instance.runJobs(),
    (async () => {
      for (let look = 0; look < 50; look += 1) {
        await other.drain()
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    })()
  ])
  assert.equal(near.posts.length, 31)
  assert.equal(new Set(near.posts.map((one) => one.path)).size, 31)
})
