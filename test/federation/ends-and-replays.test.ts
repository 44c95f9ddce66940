import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { count, eq, like } from 'drizzle-orm'
import { emojis } from '#db/schema/emoji.ts'
import { follows } from '#db/schema/follows.ts'
import { heldActivities, peerRefusals } from '#db/schema/peers.ts'
import { addProof } from '#server/federation/proofs/add-proof.ts'
import { toMultibase } from '#server/federation/vocabulary/multikey.ts'
import { keepEmojis } from '#server/media/remote-emoji.ts'
import { createRefusals } from '#server/peers/refusals.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { everybody, remote } from '#test/helpers/remote.ts'

const dayMs = 24 * 60 * 60_000
const ldSignature = { type: 'RsaSignature2017', creator: 'https://b.test/users/ben#main-key', signatureValue: 'AAAA' }

test('OWN-26 a post for few, which its server hides from strangers with 404, is deleted by nobody’s word', async (t) => {
  const world = await startWorld(t)
  const { alice, a, b, instance } = world
  await world.knowing(a, b)
  for (const [verb, status, isGone] of [
    ['Delete', 404, false],
    ['Update', 404, false],
    ['Delete', 410, true]
  ] as const) {
    const note = b.note(`for alice ${verb}`, { to: [alice.account.uri], cc: [], tag: [{ type: 'Mention', href: alice.account.uri }] })
    await b.send(b.activity('Create', note))
    world.servers.b.documents.set(new URL(note.id).pathname, { status })
    assert.equal((await a.send({ ...b.activity(verb, verb === 'Delete' ? note.id : note), signature: ldSignature })).status, 202)
    await instance.runJobs()
    assert.equal((await world.postAt(note.id))?.deletedAt !== null, isGone, `${verb} ${status}`)
  }
})

test('OWN-14 a forged Delete of an actor does nothing while its server answers 404 to everything', async (t) => {
  const world = await startWorld(t)
  const { a, e, instance } = world
  await world.knowing(a, e)
  world.servers.a.documents.set('/users/ana', { status: 404 })
  assert.equal((await e.send(a.activity('Delete', a.uri), { keyId: a.keyId })).status, 202)
  for (let hour = 0; hour < 3; hour += 1) {
    await instance.runJobs()
    instance.clock.advance(61 * 60_000)
  }
  assert.equal((await world.accountAt(a.uri))?.deletedAt, null)
})

test('REP-03 a proven profile, passed on again days later, brings no former profile back', async (t) => {
  const world = await startWorld(t)
  const { a, b, instance } = world
  const { publicKey, privateKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' }
  })
  const keyId = `${b.uri}#proof`
  b.document.assertionMethod = [{ id: keyId, type: 'Multikey', controller: b.uri, publicKeyMultibase: toMultibase(publicKey) }]
  await world.knowing(a, b)
  const { '@context': _, ...profile } = b.document
  const former = { ...profile, name: 'Former', alsoKnownAs: ['https://e.test/users/eve'] }
  const proven = addProof(b.activity('Update', former), { keyId, key: createPrivateKey(privateKey) }, instance.clock.now())
  await b.send(proven)
  assert.equal((await world.accountAt(b.uri))?.displayName, 'Former')
  b.document.name = 'Present'
  await b.send(b.activity('Update', { ...profile, name: 'Present' }))
  instance.clock.advance(3 * dayMs)
  const { sweepReceipts } = await import('#server/peers/sweep-receipts.ts')
  await sweepReceipts(instance.ctx)
  assert.equal((await a.send(proven)).status, 202)
  await instance.runJobs()
  const account = await world.accountAt(b.uri)
  assert.deepEqual([account?.displayName, account?.alsoKnownAs], ['Present', []])
})

test('LIM-20 what is put by of strangers is bounded in bytes, and what is taken back meanwhile is not taken in', async (t) => {
  const world = await startWorld(t)
  const { alice, e, instance } = world
  const { ctx } = instance
  const boss = await instance.as('boss', { role: 'admin' })
  await boss.submit('/admin/first-contact', { mode: 'hold', days: '7', newHostsPerHour: '30' })
  assert.equal((await e.send(e.activity('Create', e.note('x'.repeat(100_000))))).status, 429)
  const byParts = e.activity('Follow', alice.account.uri)
  assert.equal((await e.send(byParts)).status, 202)
  assert.equal((await ctx.db.select().from(heldActivities)).length, 1)
  await e.send(e.activity('Undo', byParts))
  assert.equal((await ctx.db.select().from(heldActivities)).length, 0)
  const byId = e.activity('Follow', alice.account.uri)
  await e.send(byId)
  await e.send(e.activity('Undo', byId.id))
  await e.send(e.activity('Create', e.note('last words', { to: [everybody] })))
  await e.send(e.activity('Delete', e.uri))
  instance.clock.advance(2 * 60 * 60_000)
  await boss.submit('/admin/first-contact/e.test/trust')
  await instance.runJobs()
  assert.equal((await ctx.db.select().from(heldActivities)).length, 0)
  assert.deepEqual(await ctx.db.select().from(follows), [])
  assert.deepEqual(await world.saying('last words'), [])
})

test('LIM-21 refusals of one host fill no table and push out no other host’s', async (t) => {
  const world = await startWorld(t)
  for (const actor of [world.b, world.e]) await actor.send(actor.activity('Create', actor.note('met')))
  const { ctx, clock } = world.instance
  const note = createRefusals(ctx)
  const of = (host: string, why: string) => note({ host, actorUri: `https://${host}/x`, status: 400, why })
  for (let minute = 0; minute < 15; minute += 1) {
    for (let at = 0; at < 70; at += 1) await of('e.test', `reason ${minute} ${at}`)
    await of('b.test', `minute ${minute}`)
    clock.advance(60_000)
  }
  await note({ host: 'b.test', actorUri: 'https://b.test/\u202ex', status: 400, why: 'turned \u202e round,\u0000\n two lines' })
  const [last] = await ctx.db.select().from(peerRefusals).where(like(peerRefusals.why, 'turned%'))
  assert.deepEqual([last?.why, last?.actorUri], ['turned round, two lines', 'https://b.test/x'])
  const rows = await ctx.db.select({ host: peerRefusals.host, rows: count() }).from(peerRefusals).groupBy(peerRefusals.host)
  assert.deepEqual(rows.map((row) => [row.host, Number(row.rows)]).sort(), [
    ['b.test', 16],
    ['e.test', 100]
  ])
})

test('LIM-22 a host names so many emoji and no more', async (t) => {
  const { instance } = await startWorld(t)
  const { ctx } = instance
  await ctx.transact(async (tx) => {
    for (let at = 0; at < 20_000; at += 500) {
      const rows = Array.from({ length: 500 }, (_, index) => ({
        id: tx.newId(),
        host: 'e.test',
        shortcode: `s${at + index}`,
        remoteUrl: 'https://e.test/x.png',
        mediaId: 0,
        mediaKey: 'x',
        updatedAt: 0,
        createdAt: tx.now
      }))
      await tx.insert(emojis).values(rows)
    }
    const told = [{ shortcode: 'one_more', url: 'https://e.test/y.png', updatedAt: 0 }]
    assert.deepEqual(await keepEmojis(tx, ctx.random, 'e.test', told), [])
    assert.equal((await keepEmojis(tx, ctx.random, 'b.test', told)).length, 1)
  })
  assert.equal(await ctx.db.$count(emojis, eq(emojis.shortcode, 'one_more')), 1)
})

test('LIM-23 whoever makes up names below a domain keeps no server of it out', async (t) => {
  const world = await startWorld(t)
  const { instance, e } = world
  const boss = await instance.as('boss', { role: 'admin' })
  await boss.submit('/admin/first-contact', { mode: 'off', days: '7', newHostsPerHour: '2' })
  for (let at = 0; at < 5; at += 1) {
    const actor = `https://made-up-${at}.young.test/users/x`
    await e.send({ ...e.activity('Create', e.note('forged')), actor, id: `${actor}#1` }, { keyId: `${actor}#main-key` })
  }
  const young = await (await remote(t, instance, 'young.test')).actor('yara')
  assert.equal((await young.send(young.activity('Create', young.note('here we are')))).status, 202)
  for (const [name, status] of [
    ['one', 202],
    ['two', 429]
  ] as const) {
    const actor = await (await remote(t, instance, `${name}.young.test`)).actor(name)
    assert.equal((await actor.send(actor.activity('Create', actor.note(name)))).status, status, name)
  }
})

test('LIM-24 what the author lets a few do is told to followers’ servers only so often for one server', async (t) => {
  const world = await startWorld(t)
  const { alice, a, e, instance, servers } = world
  for (const actor of [a, e]) await actor.send(actor.activity('Follow', alice.account.uri))
  await instance.runJobs()
  const answer = await alice.submit('/posts', { text: 'among us', visibility: 'public', idempotencyKey: 'x', canReply: 'followers' })
  assert.equal(answer.statusCode, 303)
  const [post] = await world.saying('among us')
  await instance.runJobs()
  for (let at = 0; at < 45; at += 1) await e.send(e.activity('Create', e.note(`answer ${at}`, { inReplyTo: post?.uri })))
  await instance.runJobs()
  const told = servers.a.received.filter(({ activity }) => activity.type === 'Accept').length
  assert.ok(told >= 30 && told < 45, String(told))
  assert.ok(servers.e.received.filter(({ activity }) => activity.type === 'Accept').length >= 45)
})

test('LIM-25 what was put by and cannot be read stands in nobody’s way', async (t) => {
  const world = await startWorld(t)
  const { instance, e } = world
  const boss = await instance.as('boss', { role: 'admin' })
  await boss.submit('/admin/first-contact', { mode: 'hold', days: '7', newHostsPerHour: '30' })
  await e.send(e.activity('Create', { ...e.note('no one reads this'), id: ['https://e.test/1', 'https://e.test/2'] }))
  const other = await world.servers.e.actor('olaf')
  await other.send(other.activity('Create', other.note('well said')))
  await boss.submit('/admin/first-contact/e.test/trust')
  await instance.runJobs()
  assert.equal((await world.saying('well said')).length, 1)
})
