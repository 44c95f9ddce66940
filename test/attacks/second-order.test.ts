import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { jobs } from '#db/schema/jobs.ts'
import { media } from '#db/schema/media.ts'
import { reportPosts, reports } from '#db/schema/moderation.ts'
import { deliveries } from '#db/schema/peers.ts'
import { record } from '#server/facts.ts'
import { createInboxRates } from '#server/federation/gate/inbox-rates.ts'
import { limitDomain, write } from '#test/federation/acts.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { remote } from '#test/helpers/remote.ts'
import { signedHeaders } from '#test/helpers/sign-request.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { watchMails } from '#test/sign-in/mails.ts'

test('FET-25: a redirect to one of our own documents is not followed, neither for an actor nor for a post nor for a picture', async (t) => {
  const world = await startWorld(t)
  const post = await write(world.instance, 'alice', 'mine')
  const asked: string[] = []
  world.instance.app.server.on('request', ({ url }) => void asked.push(url ?? ''))
  const before = await world.accountAt('https://skerry.test/@alice')
  for (const [path, location] of [
    ['/actor', 'https://skerry.test/@alice'],
    ['/post', post.uri]
  ] as const) {
    world.servers.e.documents.set(path, { status: 302, headers: { location } })
    assert.equal((await world.instance.ctx.fediverse.resolve(`https://e.test${path}`)).kind, 'nothing')
  }
  world.servers.e.documents.set('/face', { status: 302, headers: { location: 'https://skerry.test/livez' } })
  world.e.document.icon = { type: 'Image', url: 'https://e.test/face' }
  await world.knowing(world.e)
  const [face] = await world.instance.ctx.db.select().from(media)
  assert.equal((await world.instance.guest().get(`/media/${face?.key}`)).statusCode, 404)
  assert.ok(world.servers.e.requests.includes('GET /face'))
  assert.deepEqual(asked, [])
  assert.deepEqual(await world.accountAt('https://skerry.test/@alice'), before)
})

test('VIS-12: a server that was not shown a post cannot have moderators read it by reporting it', async (t) => {
  const world = await startWorld(t)
  const { db } = world.instance.ctx
  const secret = await write(world.instance, 'alice', 'a whisper', 'followers')
  await world.e.send(world.e.activity('Flag', [secret.uri], { to: undefined, cc: undefined }))
  assert.deepEqual(await db.select().from(reports), [])
  await world.e.send(world.e.activity('Flag', ['https://skerry.test/@alice', secret.uri], { to: undefined, cc: undefined }))
  assert.equal((await db.select().from(reports)).length, 1)
  assert.deepEqual(await db.select().from(reportPosts), [])

  // One that was shown it reports it in the name of its instance, as many do.
  const follower = world.a
  await follower.send(follower.activity('Follow', 'https://skerry.test/@alice', { to: undefined, cc: undefined }))
  const instance = await world.servers.a.actor('instance', { type: 'Application' })
  await instance.send(instance.activity('Flag', ['https://skerry.test/@alice', secret.uri], { to: undefined, cc: undefined }))
  assert.deepEqual(
    (await db.select().from(reportPosts)).map(({ postId }) => postId),
    [secret.id]
  )
})

test('one server cannot bury the reports of others', async (t) => {
  const world = await startWorld(t)
  world.instance.clock.stop()
  await world.instance.as('alice')
  for (let at = 0; at < 65; at++) await world.e.send(world.e.activity('Flag', ['https://skerry.test/@alice']))
  await world.a.send(world.a.activity('Flag', ['https://skerry.test/@alice']))
  assert.equal((await world.instance.ctx.db.select().from(reports)).length, 61)
})

test('DOS-05: made-up signers of a GET have us fetch no more than made-up actors at the inbox', async (t) => {
  const world = await startWorld(t)
  world.instance.clock.stop()
  const post = await write(world.instance, 'alice', 'for followers', 'followers')
  const path = new URL(post.uri).pathname
  for (let at = 0; at < 80; at++) {
    const unsigned = {
      host: 'skerry.test',
      path,
      body: Buffer.alloc(0),
      keyId: `https://b.test/${at}`,
      privatePem: world.e.keys.privatePem
    }
    const headers = signedHeaders({ ...unsigned, now: world.instance.clock.now() })
    const asked = await world.instance.app.inject({ url: path, headers: { ...headers, accept: 'application/activity+json' } })
    assert.equal(asked.statusCode, 404)
  }
  assert.ok(world.servers.b.requests.length <= 75, `${world.servers.b.requests.length} requests`)
})

test('forged signatures of many known actors have their server asked at a bounded rate', async (t) => {
  const world = await startWorld(t)
  world.instance.clock.stop()
  const startedAt = world.instance.clock.now()
  const victim = world.servers.b
  await world.instance.ctx.transact(async (tx) => {
    for (let at = 0; at < 80; at++) {
      const uri = `https://b.test/users/known-${at}`
      const name = `known-${at}`
      const told = { name, nameKey: name, domain: 'b.test', host: 'b.test', inboxUrl: `${uri}/inbox`, fetchedAt: startedAt }
      await tx.insert(accounts).values({ id: tx.newId(), uri, ...told, createdAt: startedAt })
    }
  })
  const statuses = new Set<number>()
  for (let at = 0; at < 80; at++) {
    const actor = `https://b.test/users/known-${at}`
    const answer = await world.e.send(world.e.activity('Like', 'https://skerry.test/x', { actor }), { keyId: `${actor}#main-key` })
    statuses.add(answer.status)
  }
  assert.deepEqual([...statuses].sort(), [401, 503])
  assert.ok(victim.requests.length <= 65, `${victim.requests.length} requests`)
})

test('DOS-03: a server does not raise its own rate by making actors known; those whom somebody follows do', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const alice = (await instance.as('alice')).account
  const burstOf = async (host: string) => {
    const rates = createInboxRates(ctx)
    let taken = 0
    while ((await rates.ofHost(host)) === 0 && taken < 5_000) taken++
    return taken
  }
  await ctx.transact(async (tx) => {
    for (let at = 0; at < 300; at++) {
      const uri = `https://e.test/users/${at}`
      const name = String(at)
      const id = tx.newId()
      const followersCount = at < 10 ? 1 : 0
      const host = at < 10 ? 'followed.test' : 'e.test'
      await tx.insert(accounts).values({ id, uri, name, nameKey: name, domain: host, host, followersCount, createdAt: tx.now })
      if (at < 10)
        await tx
          .insert(follows)
          .values({ id: tx.newId(), followerId: alice.id, followedId: id, state: 'accepted', uri: `x:${at}`, createdAt: tx.now })
    }
  })
  // The clock of a test may move a little while it counts.
  assert.ok((await burstOf('e.test')) < 620)
  assert.ok((await burstOf('followed.test')) >= 700)
})

test('P4: servers that never answer hold up neither mails nor what people do', { timeout: 30_000 }, async (t) => {
  const world = await startWorld(t, { overrides: { httpDeadlineMs: 6_000 } })
  const mails = watchMails(world.instance)
  const { worker } = world.instance.ctx
  await world.knowing(world.e)
  for (let at = 0; at < 30; at++) {
    world.servers.e.documents.set(`/slow/${at}`, () => {})
    assert.equal((await world.e.send(world.e.activity('Create', `https://e.test/slow/${at}`))).status, 202)
  }
  await world.instance.guest().submit('/password', { email: 'alice@mail.test' })
  worker.start()
  const startedAt = Date.now()
  while (mails.length === 0 && Date.now() - startedAt < 20_000) await delay(20)
  assert.ok(Date.now() - startedAt < 2_500, `the mail went after ${Date.now() - startedAt} ms`)
})

test('FET-19: what a stranger may have us fetch is bounded, posts by their address and threads alike', async (t) => {
  const world = await startWorld(t)
  for (let at = 0; at < 50; at++) {
    await world.e.send(world.e.activity('Create', `https://e.test/notes/by-address-${at}`))
    await world.e.send(world.e.activity('Create', world.e.note('an answer', { inReplyTo: `https://b.test/notes/${at}` })))
  }
  const waiting = await world.instance.ctx.db.select().from(jobs).where(eq(jobs.lane, 'fetch'))
  assert.ok(waiting.length >= 50 && waiting.length <= 65, `${waiting.length} jobs`)
})

test('a WebFinger subject that could not stand in a handle is none', async (t) => {
  const world = await startWorld(t)
  for (const name of ['\u202eeve', 'a<b>', 'x'.repeat(5_000), 'a%2f..']) {
    const subject = `acct:${name}@b.test`
    const answer = {
      type: 'application/jrd+json',
      status: 200,
      body: JSON.stringify({ subject, links: [{ rel: 'self', type: 'application/activity+json', href: world.e.uri }] })
    }
    world.servers.e.documents.set(`/.well-known/webfinger?resource=${encodeURIComponent('acct:eve@e.test')}`, answer)
    world.servers.b.documents.set(`/.well-known/webfinger?resource=${encodeURIComponent(subject)}`, answer)
    await world.instance.ctx.fediverse.resolve(world.e.uri)
    const found = await world.accountAt(world.e.uri)
    assert.deepEqual([found?.name, found?.domain], ['eve', 'e.test'])
    await world.instance.ctx.transact((tx) => tx.delete(accounts).where(eq(accounts.uri, world.e.uri)))
  }
})

test('whoever waits to be let in is there for nobody: not by address, mention or follow', async (t) => {
  const instance = await startInstance(t, { config: { instance: { signUp: 'approval' } } })
  const typed = { name: 'pending', email: 'pending@mail.test', password: testPassword, reason: 'Please', inviteCode: '', consent: 'on' }
  assert.equal((await instance.guest().submit('/sign-up', typed)).statusCode, 303)
  for (const query of ['https://skerry.test/@pending', '@pending@skerry.test', 'pending']) {
    for (const who of [instance.guest(), await instance.as('zoe')]) {
      const { body } = await who.get(`/search?q=${encodeURIComponent(query)}`)
      assert.ok(!body.includes('href="/@pending"'), `${query} finds a sign-up that waits`)
    }
  }
  const post = await write(instance, 'zoe', 'Hello @pending')
  assert.ok(!post.html.includes('<a'))
  const eve = await (await remote(t, instance, 'e.test')).actor('eve')
  assert.equal((await eve.send(eve.activity('Follow', 'https://skerry.test/@pending'))).status, 202)
  assert.deepEqual(await instance.ctx.db.select().from(follows), [])
  assert.equal((await whoIs(instance, 'zoe')).account.followersCount, 0)
})

test('P4: an inbox that a stranger names on the server of others does not have that server held', async (t) => {
  const world = await startWorld(t)
  const { ctx, network } = world.instance
  const got: string[] = []
  const victim = createServer((request, response) => {
    got.push(request.url ?? '')
    request.resume()
    const isLimited = request.url === '/limited'
    response.writeHead(isLimited ? 429 : 202, isLimited ? { 'retry-after': '86400' } : {}).end()
  })
  await new Promise<void>((resolve) => victim.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    victim.closeAllConnections()
    victim.close()
  })
  network.add('victim.test', (victim.address() as AddressInfo).port)
  await ctx.transact(async (tx) => {
    const uri = 'https://victim.test/users/vera'
    const inboxes = { inboxUrl: `${uri}/inbox`, sharedInboxUrl: 'https://victim.test/inbox' }
    const id = tx.newId()
    const names = { name: 'vera', nameKey: 'vera', domain: 'victim.test', host: 'victim.test' }
    await tx.insert(accounts).values({ id, uri, ...names, ...inboxes, createdAt: tx.now, fetchedAt: tx.now })
    const followedId = world.alice.account.id
    await tx.insert(follows).values({ id: tx.newId(), followerId: id, followedId, state: 'accepted', uri: `${uri}#f`, createdAt: tx.now })
  })
  Object.assign(world.e.document, { inbox: 'https://victim.test/limited', endpoints: undefined })
  await world.e.send(world.e.activity('Follow', 'https://skerry.test/@alice'))
  await world.instance.runJobs()
  await write(world.instance, 'alice', 'to all who follow')
  await world.instance.runJobs()
  assert.deepEqual(got, ['/limited', '/inbox'])

  // A limit on either server ends what waits in the lane between them.
  await limitDomain(world.instance, 'victim.test')
  await ctx.transact((tx) => record(tx, 'domain-limited', { domain: 'victim.test' }))
  await world.instance.runJobs()
  assert.deepEqual(await ctx.db.select().from(deliveries), [])
})
