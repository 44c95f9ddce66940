import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { deliveries, peerRefusals, peers } from '#db/schema/peers.ts'
import { readNodeInfos } from '#server/federation/read-nodeinfo.ts'
import { write } from '#test/federation/acts.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'
import { whoIs } from '#test/helpers/who-is.ts'

async function panel(t: TestContext) {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const mo = await instance.as('mo', { role: 'moderator' })
  const why = async (input: string, person = '') => textOf((await mo.submit('/admin/why', { input, person })).body)
  return { instance, ctx: instance.ctx, ana, mo, why }
}

test('The way of a post from elsewhere is followed: limits, refused signatures, lookup, audience', async (t) => {
  const { instance, mo, why } = await panel(t)
  const peer = await remote(t, instance, 'far.test')
  const zoe = await peer.actor('zoe')
  const note = zoe.note('<p>hello</p>')
  const first = await why(note.id, '@ana')
  assert.match(first, /No limit is set on far\.test/)
  assert.match(first, /far\.test has never sent anything/)
  assert.match(first, /fetched just now/)
  assert.match(first, /It is public/)
  assert.match(first, /Nobody here follows @zoe@far\.test/)
  assert.match(first, /@ana does not follow @zoe@far\.test/)
  assert.match(first, /@ana may read it/)
  assert.equal((await zoe.send(zoe.activity('Create', zoe.note('<p>known</p>')))).status, 202)
  const forged = zoe.sign(zoe.activity('Create', zoe.note('<p>forged</p>')))
  const other = await peer.actor('other')
  const signedByOther = other.sign(zoe.activity('Create', zoe.note('<p>forged</p>')))
  assert.equal((await peer.post(signedByOther)).status, 401)
  assert.equal((await peer.post(forged)).status, 202)
  assert.match(await why('@zoe@far.test'), /Answered 401 to https:\/\/far\.test.*once.*No key of the actor fits/s)
  await (await instance.as('boss', { role: 'admin' })).submit('/admin/domains', { domain: 'far.test', severity: 'suspend', reason: 'spam' })
  const blocked = await why(note.id)
  assert.match(blocked, /far\.test is suspended here/)
  assert.equal((await (await instance.as('ana')).submit('/admin/why', { input: note.id })).statusCode, 403)
  assert.equal((await mo.submit('/admin/why', { input: '' })).statusCode, 422)
  assert.match(await why('nonsense'), /neither the address of a page nor a handle/)
})

test('The way of a post from here is followed to the server it was to reach', async (t) => {
  const { instance, ctx, mo, why } = await panel(t)
  const who = await whoIs(instance, 'ana')
  const far = await startPeer(t, instance, 'far.test')
  const down = await startPeer(t, instance, 'down.test')
  for (const peer of [far, down]) await peer.follows(await peer.account('fan'), who.account)
  down.answer = () => ({ status: 503 })
  const post = await write(instance, 'ana', 'to whom it may concern')
  await instance.runJobs()
  assert.match(await why(post.uri, '@fan@far.test'), /far\.test has accepted it/)
  const waiting = await why(post.uri, 'down.test')
  assert.match(waiting, /A delivery to down\.test waits, after 1 try/)
  assert.match(waiting, /503/)
  assert.match(await why(post.uri, 'never.test'), /not meant for never\.test/)

  const list = textOf(await mo.page('/admin/peers?state=failing'))
  assert.match(list, /down\.test/)
  assert.doesNotMatch(list, /far\.test/)
  assert.match(textOf(await mo.page('/admin/peers/down.test')), /First failed .*503/s)
  down.answer = () => ({ status: 202 })
  assert.equal((await mo.submit('/admin/peers/down.test/try')).statusCode, 303)
  await instance.runJobs()
  assert.equal(await ctx.db.$count(deliveries), 0)
  assert.match(await why(post.uri, 'down.test'), /down\.test has accepted it/)
  const boss = await instance.as('boss', { role: 'admin' })
  down.answer = () => ({ status: 503 })
  await write(instance, 'ana', 'another')
  await instance.runJobs()
  assert.equal((await mo.submit('/admin/peers/down.test/drop')).statusCode, 403)
  const asked = await boss.submit('/admin/peers/down.test/drop')
  assert.match(textOf(asked.body), /Drop what waits for down\.test\? .* Nothing brings it back/)
  assert.equal((await boss.submit('/admin/peers/down.test/drop', { isConfirmed: 'yes' })).statusCode, 303)
  assert.equal(await ctx.db.$count(deliveries), 0)
})

test('A server is shown with what it runs and what went to and fro', async (t) => {
  const { instance, ctx, mo } = await panel(t)
  const peer = await remote(t, instance, 'far.test')
  const zoe = await peer.actor('zoe')
  const type = 'application/json'
  const href = 'https://far.test/nodeinfo/2.1'
  const links = [{ rel: 'http://nodeinfo.diaspora.software/ns/schema/2.1', href }]
  peer.documents.set('/.well-known/nodeinfo', { type, body: JSON.stringify({ links }) })
  peer.documents.set('/nodeinfo/2.1', { type, body: JSON.stringify({ software: { name: 'mastodon', version: '4.6.0' } }) })
  await zoe.send(zoe.activity('Create', zoe.note('<p>hello</p>')))
  await readNodeInfos(ctx)
  await instance.runJobs()
  await ctx.traffic.write()
  const [row] = await ctx.db.select().from(peers).where(eq(peers.host, 'far.test'))
  assert.equal(row?.software, 'mastodon')
  assert.ok((row?.receivedBytes ?? 0) > 200)
  assert.match(textOf(await mo.page('/admin/peers')), /far\.test mastodon 4\.6\.0 · 1 person known/)
  assert.equal(await ctx.db.$count(peerRefusals), 0)
})
