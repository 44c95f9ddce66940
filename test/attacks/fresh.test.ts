import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { posts } from '#db/schema/posts.ts'
import { quotes } from '#db/schema/quotes.ts'
import { startWatch } from '#test/attacks/watch.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import type { SendOptions } from '#test/helpers/remote.ts'
import { write } from '#test/federation/acts.ts'

const digestOf = (algorithm: string, body: Buffer | string) => `:${createHash(algorithm).update(body).digest('base64')}:`

test('a content digest that is not of these bytes is none, in whatever company it comes', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  await world.knowing(a)
  const lies: ((body: Buffer) => string)[] = [
    (body) => `sha-512=${digestOf('sha512', body)}, sha-256=${digestOf('sha256', 'other')}`,
    (body) => `sha-256=${digestOf('sha256', 'other')}, sha-256=${digestOf('sha256', body)}, sha-256=${digestOf('sha256', 'other')}`,
    (body) => `md5=${digestOf('md5', body)}`,
    (body) => `unixsum=:AAAA:, sha=${digestOf('sha1', body)}`,
    () => 'sha-256=::',
    () => 'sha-256',
    () => ''
  ]
  for (const [at, lie] of lies.entries()) {
    const activity = a.activity('Create', a.note(`digest ${at}`))
    const options: SendOptions = { kind: 'rfc9421', digest: lie(Buffer.from(JSON.stringify(activity))) }
    assert.equal((await a.send(activity, options)).status, 401, `${at}`)
  }
  assert.deepEqual(await world.saying('digest'), [])
})

test('no way to spell an address makes one server speak for another', async (t) => {
  const world = await startWorld(t)
  const { a, b, e, instance } = world
  await world.knowing(a, b, e)
  const spelled = [
    'https://e.test@b.test/notes/1',
    'https://b.test\\@e.test/notes/1',
    'https:\\\\b.test/notes/1',
    'https:b.test/notes/1',
    'https://B.test/notes/1',
    'https://b.test:443/notes/1',
    'https://b.test./notes/1',
    'https://b%2etest/notes/1',
    'https://ｂ.test/notes/1',
    'https://b\t.test/notes/1',
    ' https://b.test/notes/1',
    'https://e.test.b.test/notes/1',
    'https://e.test#@b.test/notes/1',
    '//b.test/notes/1',
    'urn:b.test:1'
  ]
  for (const id of spelled) {
    for (const attributedTo of [e.uri, b.uri, 'https://B.test/users/ben', 'https://b.test:443/users/ben', 'https://b.test\\users\\ben']) {
      const { status } = await e.send(e.activity('Create', { ...e.note('spelled'), id, attributedTo }))
      assert.ok(status === 400 || status === 403 || status === 202, `${id}: ${status}`)
    }
  }
  await instance.runJobs()
  const ben = await world.accountAt(b.uri)
  for (const post of await world.saying('spelled')) {
    assert.notEqual(post.authorId, ben?.id, post.uri)
    assert.match(post.uri, /^https:\/\/e\.test[/#]/u)
  }
})

test('bytes around, before and within a document do not give it a second meaning, and break nothing', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  await world.knowing(a)
  const activity = a.activity('Create', a.note('bytes within'))
  const plain = JSON.stringify(activity)
  const bodies: [string, Buffer][] = [
    ['something behind it', Buffer.from(`${plain}{"actor":"https://b.test/users/ben"}`)],
    ['a NUL behind it', Buffer.from(`${plain}\0`)],
    ['UTF-16', Buffer.from(plain, 'utf16le')],
    ['a comment', Buffer.from(`/* */${plain}`)],
    ['no UTF-8 within', Buffer.from(plain.replace('bytes within', 'bytes \xff\xc0\xaf within'), 'latin1')],
    ['an overlong quote', Buffer.from(plain.replace('"type":"Create"', '"type\xc0\xa2:"Create"'), 'latin1')],
    ['a lone surrogate in its id', Buffer.from(plain.replace('/activities/', '/activities/\\ud800'))],
    ['a NUL in the id of its object', Buffer.from(plain.replace('/notes/', '/notes/\\u0000'))],
    ['a number for an id', Buffer.from(plain.replace(/"id":"[^"]*activities[^"]*"/, '"id":1e999'))]
  ]
  for (const [what, body] of bodies) {
    const digest = `SHA-256=${createHash('sha256').update(body).digest('base64')}`
    const { status } = await world.servers.a.post({ ...a.sign({}, { digest }), body })
    assert.ok(status === 400 || status === 202 || status === 403, `${what}: ${status}`)
  }
  for (const { html, uri } of await world.saying('bytes')) {
    assert.doesNotMatch(html + uri, /[\0\ud800-\udfff]/u)
  }
})

test('somebody who takes the name of another on the same server is not taken for them', async (t) => {
  const world = await startWorld(t)
  const { b, servers, alice, instance } = world
  await world.knowing(b)
  await b.send(b.activity('Create', b.note('I am ben')))
  const mal = await servers.b.actor('mal')
  await world.knowing(mal)
  // The server itself says by WebFinger who has the name.
  mal.document = { ...mal.document, preferredUsername: 'ben', name: 'Ben himself', webfinger: 'acct:ben@b.test' }
  await mal.send(mal.activity('Update', mal.document))
  await mal.send(mal.activity('Create', mal.note('I am mal')))
  await instance.runJobs()
  const page = await alice.page('/@ben@b.test')
  assert.match(page, /I am ben/)
  assert.doesNotMatch(page, /I am mal|Ben himself/)
  await write(instance, 'alice', 'for @ben@b.test alone', 'direct')
  await instance.runJobs()
  const inboxes = servers.b.received.filter(({ activity }) => activity.type === 'Create').map(({ path }) => path)
  assert.deepEqual(inboxes, ['/users/ben/inbox'])
})

test('posts that answer or quote each other in a ring end, for us and for who opens them', { timeout: 60_000 }, async (t) => {
  const world = await startWorld(t)
  const { a, alice, instance } = world
  const { db } = instance.ctx
  await world.knowing(a)
  const ring = Array.from({ length: 3 }, (_, at) => a.note(`ring ${at}`))
  for (const [at, note] of ring.entries()) Object.assign(note, { inReplyTo: ring[(at + 1) % 3]?.id, quoteUrl: ring[(at + 2) % 3]?.id })
  const lone = a.note('ring of one')
  Object.assign(lone, { inReplyTo: lone.id, quoteUrl: lone.id, replies: lone.id, context: lone.id })
  for (const note of [lone, ...ring]) {
    await a.send(a.activity('Create', note))
    await instance.runJobs()
  }
  const asked = world.fetches().length
  assert.ok(asked < 30, `${asked} requests`)
  for (const note of [lone, ...ring]) {
    const post = await world.postAt(note.id)
    assert.ok(post)
    assert.notEqual(post.replyToId, post.id)
    assert.equal((await alice.get(`/@ana@a.test/${post.id}`)).statusCode, 200)
    await instance.runJobs()
  }
  assert.ok(world.fetches().length < asked + 60, 'opening them asks a bounded number of times')
  assert.equal((await alice.get('/@ana@a.test')).statusCode, 200)
  await a.send(a.activity('Delete', ring[0]?.id))
  assert.equal((await alice.get(`/@ana@a.test/${(await world.postAt(ring[1]?.id ?? ''))?.id}`)).statusCode, 200)
  assert.ok((await db.select().from(quotes)).length <= 4)
  assert.equal(await db.$count(posts, eq(posts.isLocal, false)), 4)
})

test('a megabyte of tags that never end costs no more than any other, wherever it stands', { timeout: 60_000 }, async (t) => {
  const world = await startWorld(t)
  const { a, alice, instance } = world
  await world.knowing(a)
  const open = (bytes: number, tag = '<') => tag.repeat(bytes / tag.length)
  const told: [string, Record<string, unknown>][] = [
    ['Create', { ...a.note('x'), summary: open(800_000), content: 'x' }],
    ['Create', { ...a.note('x'), name: 'a title', content: open(800_000) }],
    ['Create', { ...a.note('x'), name: open(400_000, '<!--'), summary: open(400_000, '<![CDATA['), content: 'x' }],
    ['Create', { ...a.note('x'), type: 'Article', name: 'x', summary: open(400_000), content: open(400_000, '<a ') }],
    ['Update', { ...a.document, summary: open(400_000), name: open(400_000, '<p') }]
  ]
  for (const [type, object] of told) {
    const watch = startWatch()
    assert.equal((await a.send(a.activity(type, object))).status, 202)
    await instance.runJobs()
    await watch.hold({ turnMsMax: 1_000 })
  }
  assert.equal((await alice.get('/@ana@a.test')).statusCode, 200)
})
