import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import { domainLimits } from '#db/schema/moderation.ts'
import { receipts } from '#db/schema/peers.ts'
import { createRateLimiter } from '#server/federation/gate/host-rates.ts'
import { limitDomain } from '#server/moderation/limit-domain.ts'
import { countUnread } from '#server/notifications/count-unread.ts'
import { listNotifications } from '#server/notifications/list.ts'
import { receiptKeptMs } from '#server/peers/receipts.ts'
import { judgeBy } from '#server/moderation/rules/judge.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { remote } from '#test/helpers/remote.ts'

const suspend = (world: World, domain: string) =>
  limitDomain(world.instance.ctx, { kind: 'operator' }, { domain, severity: 'suspend', reason: 'test' })

test('DOS-01: a body that says it is 20 MB is refused before it is read', async (t) => {
  const world = await startWorld(t)
  const answer = await rawPost(world, ['content-length: 20000000', 'content-type: application/activity+json'], '{')
  assert.match(answer, /^HTTP\/1\.1 413 /)
})

test('DOS-01: a body that lies about its length is cut off at 1 MB', async (t) => {
  const world = await startWorld(t)
  const signed = world.a.sign(world.a.activity('Create', world.a.note('marker')))
  const headers = Object.entries(signed.headers)
    .map(([name, value]) => `${name}: ${value}`)
    .filter((line) => !line.startsWith('host:'))
  const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`
  const answer = await rawPost(world, [...headers, 'transfer-encoding: chunked'], chunk.repeat(20))
  assert.match(answer, /^HTTP\/1\.1 413 /)
})

test('SIG-01: an unsigned request is answered before its body is there', async (t) => {
  const world = await startWorld(t)
  const answer = await rawPost(world, ['content-length: 1000', 'content-type: application/activity+json'], '')
  assert.match(answer, /^HTTP\/1\.1 401 /)
})

test('a form, a page or nothing is no activity', async (t) => {
  const world = await startWorld(t)
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/html', '']) {
    const answer = await world.a.send(world.a.activity('Create', world.a.note('marker')), { extra: { 'content-type': type } })
    assert.equal(answer.status, 415, type)
  }
})

test('a request for another host is misdirected', async (t) => {
  const world = await startWorld(t)
  const answer = await world.a.send(world.a.activity('Create', world.a.note('marker')), { extra: { host: 'other.test' } })
  assert.equal(answer.status, 421)
})

test("nobody's inbox is nobody's", async (t) => {
  const world = await startWorld(t)
  const answer = await world.a.send(world.a.activity('Create', world.a.note('marker')), { to: '/@nobody/inbox' })
  assert.equal(answer.status, 404)
})

test('DOS-03: a host that sends more than its share is told when to go on, and others are not', async (t) => {
  // The clock stands, so that no token comes back while a busy machine sends slowly.
  const world = await startWorld(t)
  world.instance.clock.stop()
  const statuses = new Map<number, number>()
  let retryAfter: string | undefined
  // The same activity, verified each time: only its date makes it new.
  const create = world.a.activity('Like', 'https://b.test/notes/none')
  for (let turn = 0; turn < 800; turn += 1) {
    const answer = await world.a.send(create)
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    retryAfter ??= answer.headers['retry-after']
    if ((statuses.get(429) ?? 0) >= 10) break
  }
  assert.ok((statuses.get(202) ?? 0) >= 500)
  assert.ok((statuses.get(429) ?? 0) >= 10)
  assert.ok(Number(retryAfter) >= 1)
  assert.equal((await world.b.send(world.b.activity('Create', world.b.note('not disturbed')))).status, 202)
})

test('DOS-05: actors nobody knows are fetched at a bounded rate', async (t) => {
  const world = await startWorld(t)
  world.instance.clock.stop()
  const statuses: number[] = []
  for (let turn = 0; turn < 70; turn += 1) {
    const actor = `https://e.test/users/${turn}`
    const answer = await world.e.send(world.e.activity('Create', world.e.note('marker'), { actor }), { keyId: `${actor}#main-key` })
    statuses.push(answer.status)
  }
  assert.ok(statuses.includes(429))
  assert.ok(world.fetches().length <= 65)
})

test('a rate limiter keeps no more buckets than it may, and gives tokens back', () => {
  const limiter = createRateLimiter()
  const rate = { burst: 2, perSecond: 1 }
  assert.deepEqual([limiter.take('a', rate, 0), limiter.take('a', rate, 0), limiter.take('a', rate, 0)], [0, 0, 1000])
  assert.equal(limiter.take('a', rate, 1000), 0)
  for (let at = 0; at < 10_001; at += 1) limiter.take(`host ${at}`, rate, 1000)
  assert.equal(limiter.take('a', rate, 1000), 0)
})

test('signatures are forgotten once they cannot be sent again', async (t) => {
  const world = await startWorld(t)
  await world.a.send(world.a.activity('Create', world.a.note('marker')))
  const count = async () => (await world.instance.ctx.db.select().from(receipts)).length
  assert.equal(await count(), 1)
  world.instance.clock.advance(receiptKeptMs + 60_000)
  const { sweepReceipts } = await import('#server/peers/sweep-receipts.ts')
  await sweepReceipts(world.instance.ctx)
  assert.equal(await count(), 0)
})

for (const host of ['e.test', 'sub.e.test', 'a.b.e.test', 'e.test:8443']) {
  test(`BLK-01 and BLK-02: a block of E.Test. holds for ${host}, quietly and without a request`, async (t) => {
    const world = await startWorld(t)
    await suspend(world, 'E.Test.')
    const server = host === 'e.test' ? world.servers.e : await remote(t, world.instance, host)
    const eve = await server.actor('eve')
    const answer = await eve.send(eve.activity('Create', eve.note('marker')))
    assert.equal(answer.status, 202)
    assert.deepEqual(server.requests, [])
    assert.deepEqual(await world.saying('marker'), [])
  })
}

test('BLK-04: a boost by a friend does not bring in what a blocked server wrote', async (t) => {
  const world = await startWorld(t)
  await suspend(world, 'e.test')
  const note = world.e.note('marker')
  await world.a.send(world.a.activity('Announce', note.id))
  await world.a.send(world.a.activity('Create', world.a.note('a reply', { inReplyTo: note.id })))
  await world.instance.runJobs()
  assert.deepEqual(await world.saying('marker'), [])
  assert.deepEqual(world.servers.e.requests, [])
})

test('BLK-07: a redirect to a blocked host is not followed', async (t) => {
  const world = await startWorld(t)
  await suspend(world, 'e.test')
  const note = world.e.note('marker')
  world.servers.a.documents.set('/r', { status: 302, headers: { location: note.id } })
  assert.equal((await world.instance.ctx.fediverse.resolve('https://a.test/r')).kind, 'nothing')
  assert.deepEqual(world.servers.e.requests, [])
})

test('whoever is suspended here is heard no more, but may still delete what they wrote', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const note = a.note('before')
  await a.send(a.activity('Create', note))
  await world.instance.ctx.transact((tx) => tx.update(accounts).set({ suspendedAt: tx.now, suspendedBy: 'here' }))
  assert.equal((await a.send(a.activity('Create', a.note('after')))).status, 202)
  assert.deepEqual(await world.saying('after'), [])
  await a.send(a.activity('Delete', note.id))
  assert.notEqual((await world.postAt(note.id))?.deletedAt, null)
})

test('its own server can suspend an actor and lift it again', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  await a.send(a.activity('Create', a.note('before')))
  await a.send(a.activity('Update', { ...a.document, suspended: true }))
  assert.equal((await world.accountAt(a.uri))?.suspendedBy, 'origin')
  await a.send(a.activity('Create', a.note('meanwhile')))
  assert.deepEqual(await world.saying('meanwhile'), [])
  await a.send(a.activity('Update', { ...a.document }))
  assert.equal((await world.accountAt(a.uri))?.suspendedAt, null)
})

test('BLK-10: what a silenced server sends tells nobody who does not follow there: it waits apart; and a follow from there must be approved', async (t) => {
  const world = await startWorld(t)
  await limitDomain(world.instance.ctx, { kind: 'operator' }, { domain: 'a.test', severity: 'silence', reason: 'test' })
  const { a } = world
  const mention = { tag: [{ type: 'Mention', href: world.alice.account.uri, name: '@alice' }] }
  await a.send(a.activity('Create', a.note('marker', mention)))
  assert.equal((await world.saying('marker')).length, 1)
  const alice = await whoIs(world.instance, 'alice')
  assert.deepEqual((await listNotifications(world.instance.ctx, alice)).groups, [])
  assert.equal(await countUnread(world.instance.ctx, alice), 0)
  assert.equal((await listNotifications(world.instance.ctx, alice, { isRequest: true })).groups.length, 1)
  await a.send(a.activity('Follow', world.alice.account.uri))
  assert.equal((await world.accountAt(world.alice.account.uri))?.followersCount, 0)
})

test('judgement is by the hardest of what holds', () => {
  const author = { uri: 'https://a.test/u', domain: 'a.test', suspendedAt: null, silencedAt: null, deletedAt: null }
  assert.equal(judgeBy({ kind: 'post', author }, [undefined, undefined]), 'accept')
  assert.equal(judgeBy({ kind: 'post', author }, ['silence', undefined]), 'silence')
  assert.equal(judgeBy({ kind: 'post', author }, ['silence', 'suspend']), 'drop')
  assert.equal(judgeBy({ kind: 'post', author: { ...author, silencedAt: 1 } }, []), 'silence')
  assert.equal(judgeBy({ kind: 'post', author: { ...author, suspendedAt: 1 } }, []), 'drop')
  assert.equal(judgeBy({ kind: 'post', author: { ...author, deletedAt: 1 } }, []), 'drop')
})

test('DOS-12: an activity that breaks us is answered 500, and leaves nothing behind but the log', async (t) => {
  const world = await startWorld(t, {
    wiring: { reactions: { 'post-received': { together: [async () => Promise.reject(new Error('poison'))] } } }
  })
  const answer = await world.a.send(world.a.activity('Create', world.a.note('marker')))
  assert.equal(answer.status, 500)
  assert.deepEqual(await world.instance.ctx.db.select().from(posts), [])
  assert.deepEqual(await world.instance.ctx.db.select().from(receipts), [])
  assert.deepEqual(await world.instance.ctx.db.select().from(domainLimits), [])
  assert.equal((await world.a.send(world.a.activity('Follow', world.alice.account.uri))).status, 202)
})

/** A request by hand, which need not be a sound one; what came back as soon as something did. */
function rawPost(world: World, headers: string[], body: string): Promise<string> {
  const port = world.instance.network.portOf('skerry.test') ?? 0
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`POST /inbox HTTP/1.1\r\nhost: skerry.test\r\n${headers.join('\r\n')}\r\n\r\n${body}`)
    )
    socket.setTimeout(10_000, () => socket.destroy(new Error('No answer within 10 s.')))
    socket.once('data', (data) => {
      resolve(data.toString())
      socket.destroy()
    })
    socket.on('error', reject)
  })
}
