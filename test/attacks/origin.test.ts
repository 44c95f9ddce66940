import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accounts } from '#db/schema/accounts.ts'
import { favourites, posts } from '#db/schema/posts.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { activityStreams, everybody } from '#test/helpers/remote.ts'

/** A note that says it is ben's, wherever it lies. */
const forged = (fields: Record<string, unknown>) => ({
  '@context': activityStreams,
  type: 'Note',
  attributedTo: 'https://b.test/users/ben',
  content: '<p>forged</p>',
  to: [everybody],
  ...fields
})

const nothingForged = async (world: World) => assert.deepEqual(await world.saying('forged'), [])

test('OWN-01: a document that says it is of another server is asked for there, and dropped when it is not', async (t) => {
  const world = await startWorld(t)
  world.servers.e.documents.set('/x', forged({ id: 'https://b.test/notes/1' }))
  await world.e.send(world.e.activity('Announce', 'https://e.test/x'))
  await world.instance.runJobs()
  await world.instance.ctx.fediverse.resolve('https://e.test/x')
  await nothingForged(world)
  assert.ok(world.fetches().includes('https://b.test/notes/1'))
})

test('OWN-02: an actor document that says it is ben does not touch ben', async (t) => {
  const world = await startWorld(t)
  await world.knowing(world.b)
  const before = await world.accountAt(world.b.uri)
  world.servers.e.documents.set('/u', {
    ...world.b.document,
    name: 'forged',
    inbox: 'https://e.test/inbox',
    publicKey: { ...(world.e.document.publicKey as object), owner: world.b.uri }
  })
  await world.instance.ctx.fediverse.resolve('https://e.test/u')
  const after = await world.accountAt(world.b.uri)
  assert.equal(after?.inboxUrl, before?.inboxUrl)
  assert.equal(after?.displayName, before?.displayName)
  assert.equal((await world.b.send(world.b.activity('Create', world.b.note('honest')))).status, 202)
})

for (const type of ['application/json', 'text/plain', 'application/octet-stream', 'application/ld+json', 'text/html']) {
  test(`OWN-03: an uploaded file served as ${type} is no document of its server`, async (t) => {
    const world = await startWorld(t)
    world.servers.b.documents.set('/media/evil.json', { type, body: JSON.stringify(forged({ id: 'https://b.test/media/evil.json' })) })
    await world.e.send(world.e.activity('Announce', 'https://b.test/media/evil.json'))
    await world.instance.runJobs()
    assert.equal((await world.instance.ctx.fediverse.resolve('https://b.test/media/evil.json')).kind, 'nothing')
    await nothingForged(world)
  })
}

test('OWN-05: a page address on another server is left out', async (t) => {
  const world = await startWorld(t)
  const note = world.e.note('mine', { url: 'https://b.test/notes/9' })
  assert.equal((await world.e.send(world.e.activity('Create', note))).status, 202)
  assert.equal((await world.postAt(note.id))?.url, null)
})

test('OWN-06: what an open redirect leads to is believed neither of where it began nor of where it passed', async (t) => {
  const world = await startWorld(t)
  world.servers.e.documents.set('/r', { status: 302, headers: { location: 'https://b.test/open-redirect' } })
  world.servers.b.documents.set('/open-redirect', { status: 302, headers: { location: 'https://e.test/x' } })
  world.servers.e.documents.set('/x', forged({ id: 'https://b.test/open-redirect' }))
  await world.e.send(world.e.activity('Announce', 'https://e.test/r'))
  await world.instance.runJobs()
  await nothingForged(world)
})

test('OWN-06: an actor address that leads to somebody else speaks for nobody', async (t) => {
  const world = await startWorld(t)
  const { e } = world
  world.servers.b.documents.set('/open-redirect', { status: 302, headers: { location: e.uri } })
  world.servers.b.documents.set('/copied', e.document)
  for (const path of ['/open-redirect', '/copied']) {
    const actor = world.servers.b.origin + path
    const object = forged({ id: `https://b.test${path}/1`, attributedTo: e.uri })
    const answer = await e.send(e.activity('Create', object, { actor, id: `https://b.test${path}/2` }), { keyId: `${actor}#main-key` })
    assert.equal(answer.status, 401, answer.text)
  }
  await nothingForged(world)
})

/** Creates that ana's server may not send: the object is not hers. */
const notHers: [string, string, Record<string, unknown>][] = [
  ['OWN-08', 'attributed to ben', { id: 'https://a.test/notes/1' }],
  ['OWN-09', 'with an id on the server of ben', { id: 'https://b.test/notes/1', attributedTo: 'https://a.test/users/ana' }],
  ['OWN-17', 'with an id of ours', { id: 'https://skerry.test/@alice/1', attributedTo: 'https://a.test/users/ana' }],
  ['JLD-06', 'with two ids', { id: ['https://a.test/notes/1', 'https://b.test/notes/1'], attributedTo: 'https://a.test/users/ana' }]
]

for (const [id, what, fields] of notHers) {
  test(`${id}: ana's Create of a note ${what} is refused`, async (t) => {
    const world = await startWorld(t)
    const answer = await world.a.send(world.a.activity('Create', forged(fields)))
    assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status} ${answer.text}`)
    await nothingForged(world)
  })
}

test('OWN-10: an activity under an id of another server is refused, and the genuine one still works', async (t) => {
  const world = await startWorld(t)
  const id = 'https://b.test/activities/1'
  assert.equal((await world.a.send(world.a.activity('Create', world.a.note('poison'), { id }))).status, 403)
  assert.equal((await world.b.send(world.b.activity('Create', world.b.note('genuine'), { id }))).status, 202)
  assert.equal((await world.saying('genuine')).length, 1)
  assert.deepEqual(await world.saying('poison'), [])
})

test('OWN-12 and OWN-14: ana can neither change nor delete what ben wrote', async (t) => {
  const world = await startWorld(t)
  const { a, b } = world
  const note = b.note('genuine')
  await b.send(b.activity('Create', note))
  await a.send(a.activity('Update', { ...note, content: 'forged' }))
  await a.send(a.activity('Update', { ...note, content: 'forged', attributedTo: a.uri }))
  await a.send(a.activity('Delete', note.id))
  await a.send(a.activity('Delete', { type: 'Tombstone', id: note.id }))
  const post = await world.postAt(note.id)
  assert.match(post?.html ?? '', /genuine/)
  assert.equal(post?.deletedAt, null)
})

test('OWN-14: ana cannot bury what ben has not yet sent', async (t) => {
  const world = await startWorld(t)
  const { a, b } = world
  await world.knowing(a)
  const note = b.note('genuine')
  assert.equal((await a.send(a.activity('Delete', note.id))).status, 403)
  await b.send(b.activity('Create', note))
  assert.equal((await world.saying('genuine')).length, 1)
})

test('OWN-05: a note that its server serves in the name of ben is dropped', async (t) => {
  const world = await startWorld(t)
  await world.knowing(world.b)
  world.servers.e.documents.set('/x', forged({ id: 'https://e.test/x' }))
  await world.e.send(world.e.activity('Announce', 'https://e.test/x'))
  await world.instance.runJobs()
  await nothingForged(world)
})

for (const [what, part] of [
  ['under an id of another server', { id: 'https://b.test/users/ben#main-key' }],
  ['of another owner', { owner: 'https://b.test/users/ben' }]
] as const) {
  test(`OWN-02: a key ${what} is not the actor's, although it lists it`, async (t) => {
    const { e } = await startWorld(t)
    e.document.publicKey = { ...(e.document.publicKey as object), ...part }
    assert.equal((await e.send(e.activity('Create', e.note('forged')))).status, 401)
  })
}

test('OWN-12: nor can another actor of the same server', async (t) => {
  const world = await startWorld(t)
  const { b } = world
  const mallory = await world.servers.b.actor('mallory')
  const note = b.note('genuine')
  await b.send(b.activity('Create', note))
  await mallory.send(mallory.activity('Update', { ...note, content: 'forged' }))
  await mallory.send(mallory.activity('Update', { ...note, content: 'forged', attributedTo: mallory.uri }))
  await mallory.send(mallory.activity('Delete', note.id))
  await mallory.send(mallory.activity('Delete', b.uri))
  const post = await world.postAt(note.id)
  assert.match(post?.html ?? '', /genuine/)
  assert.equal(post?.deletedAt, null)
  assert.equal((await world.accountAt(b.uri))?.deletedAt, null)
})

test('OWN-16: ana can delete neither ben nor alice', async (t) => {
  const world = await startWorld(t)
  await world.knowing(world.b)
  await world.a.send(world.a.activity('Create', world.a.note('hello')))
  for (const victim of [world.b.uri, world.alice.account.uri]) await world.a.send(world.a.activity('Delete', victim))
  assert.equal((await world.accountAt(world.b.uri))?.deletedAt, null)
  assert.equal((await world.accountAt(world.alice.account.uri))?.deletedAt, null)
  assert.equal((await world.alice.get('/home')).statusCode, 200)
})

test('OWN-17: a post of ours is not overwritten from outside', async (t) => {
  const world = await startWorld(t)
  const post = await write(world.instance, 'alice', 'genuine')
  for (const type of ['Create', 'Update']) await world.a.send(world.a.activity(type, forged({ id: post.uri, attributedTo: world.a.uri })))
  await world.a.send(world.a.activity('Delete', post.uri))
  assert.match((await world.postAt(post.uri))?.html ?? '', /genuine/)
  await nothingForged(world)
})

test('OWN-18: nobody outside speaks as one of ours', async (t) => {
  const world = await startWorld(t)
  const answer = await world.a.send(
    world.a.activity('Create', forged({ id: `${world.alice.account.uri}/1`, attributedTo: world.alice.account.uri }), {
      actor: world.alice.account.uri
    })
  )
  assert.equal(answer.status, 401)
  await nothingForged(world)
})

test('OWN-19: a like is taken back by nobody but whoever gave it', async (t) => {
  const world = await startWorld(t)
  const { a, b } = world
  const post = await write(world.instance, 'alice', 'liked')
  const like = b.activity('Like', post.uri)
  await b.send(like)
  await a.send(a.activity('Undo', like))
  await a.send(a.activity('Undo', like.id))
  assert.equal((await world.instance.ctx.db.select().from(favourites)).length, 1)
  assert.equal((await world.postAt(post.uri))?.favouritesCount, 1)
})

test('OWN-25: of an Announce only the id is taken, and the note is asked of its own server', async (t) => {
  const world = await startWorld(t)
  const uri = 'https://b.test/notes/3'
  assert.equal((await world.a.send(world.a.activity('Announce', forged({ id: uri })))).status, 202)
  await world.instance.runJobs()
  await nothingForged(world)
  assert.ok(world.fetches().includes(uri))
})

test('OWN-26: what ana passes on in the name of ben is asked of the server of ben', async (t) => {
  const world = await startWorld(t)
  const { a, b } = world
  await world.knowing(a, b)
  const signature = { type: 'RsaSignature2017', creator: b.keyId, signatureValue: 'AAAA' }
  const real = b.note('genuine')
  assert.equal((await a.send({ ...b.activity('Create', { ...real, content: 'forged' }), signature })).status, 202)
  assert.equal((await a.send({ ...b.activity('Create', forged({ id: 'https://b.test/notes/none' })), signature })).status, 202)
  await nothingForged(world)
  await world.instance.runJobs()
  await nothingForged(world)
  assert.equal((await world.saying('genuine')).length, 1)
})

test('MOV-01: a handle of another domain is bound only when that domain agrees', async (t) => {
  const world = await startWorld(t)
  const { e } = world
  const links = [{ rel: 'self', type: 'application/activity+json', href: e.uri }]
  const resource = encodeURIComponent('acct:eve@e.test')
  world.servers.e.documents.set(`/.well-known/webfinger?resource=${resource}`, {
    type: 'application/jrd+json',
    body: JSON.stringify({ subject: 'acct:ben@b.test', links })
  })
  await world.knowing(e)
  const eve = await world.accountAt(e.uri)
  assert.equal(`${eve?.name}@${eve?.domain}`, 'eve@e.test')
})

test('a handle on another domain than the actor is bound when both agree', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const jrd = {
    type: 'application/jrd+json',
    body: JSON.stringify({ subject: 'acct:ana@b.test', links: [{ rel: 'self', type: 'application/activity+json', href: a.uri }] })
  }
  world.servers.a.documents.set(`/.well-known/webfinger?resource=${encodeURIComponent('acct:ana@a.test')}`, jrd)
  world.servers.b.documents.set(`/.well-known/webfinger?resource=${encodeURIComponent('acct:ana@b.test')}`, jrd)
  await world.knowing(a)
  const ana = await world.accountAt(a.uri)
  assert.equal(`${ana?.name}@${ana?.domain}`, 'ana@b.test')
})

test('MOV-02: a Move in the name of ben does nothing', async (t) => {
  const world = await startWorld(t)
  await world.knowing(world.a, world.b)
  await world.a.send(world.a.activity('Move', world.b.uri, { actor: world.b.uri, target: world.a.uri }))
  assert.equal((await world.accountAt(world.b.uri))?.movedToUri, null)
})

test('no number of forgeries makes a row', async (t) => {
  const world = await startWorld(t)
  await world.a.send(world.a.activity('Create', forged({ id: 'https://a.test/1' })))
  const authors = new Set((await world.instance.ctx.db.select({ uri: accounts.uri }).from(accounts)).map((row) => row.uri))
  assert.ok(!authors.has(world.b.uri))
  assert.deepEqual(await world.instance.ctx.db.select().from(posts), [])
})
