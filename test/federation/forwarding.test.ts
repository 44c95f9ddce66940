import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { activities } from '#db/schema/peers.ts'
import { favourites, posts } from '#db/schema/posts.ts'
import { blockAccount } from '#server/follows/block-account.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { activityStreams, everybody, type RemoteActor } from '#test/helpers/remote.ts'
import { whoIs } from '#test/helpers/who-is.ts'

/** Alice, whom ana and ben follow from two servers, has written a post that eve of a third may answer. */
async function startThread(t: TestContext, visibility: 'public' | 'unlisted' | 'followers' = 'public') {
  const world = await startWorld(t)
  const { instance, a, b, servers } = world
  for (const follower of [a, b]) await follower.send(follower.activity('Follow', world.alice.account.uri))
  const post = await write(instance, 'alice', 'question', visibility)
  await instance.runJobs()
  for (const server of Object.values(servers)) server.received.length = 0
  const answer = (author: RemoteActor, words: string, fields = {}) =>
    author.note(words, { inReplyTo: post.uri, to: [everybody], cc: [`${author.uri}/followers`, world.alice.account.uri], ...fields })
  const received = (server: keyof typeof servers) => servers[server].received.map((one) => one.activity)
  return { world, post, answer, received }
}

async function sendAll(world: World, author: RemoteActor, ...acts: Record<string, unknown>[]) {
  for (const act of acts) {
    assert.equal((await author.send(act)).status, 202)
    await world.instance.runJobs()
  }
}

test('a public answer goes on to the followers’ servers as it came, signed by the author here, and not back', async (t) => {
  const { world, answer, received } = await startThread(t)
  const create = world.e.activity('Create', answer(world.e, 'answer'))
  await sendAll(world, world.e, create)
  for (const server of ['a', 'b'] as const) assert.deepEqual(received(server), [create])
  assert.deepEqual(received('e'), [])
  const [one] = world.servers.a.received
  assert.equal(one?.path, '/inbox')
  assert.match(String(one?.headers.signature), /keyId="https:\/\/skerry\.test\/@alice#/)
  assert.deepEqual(await world.instance.ctx.db.select().from(activities), [])
})

test('an answer by somebody on a follower’s server does not go back there', async (t) => {
  const { world, answer, received } = await startThread(t)
  await sendAll(world, world.a, world.a.activity('Create', answer(world.a, 'answer')))
  assert.deepEqual(received('a'), [])
  assert.equal(received('b').length, 1)
})

test('its changes and its end go on too, each once however often they are sent', async (t) => {
  const { world, answer, received } = await startThread(t)
  const { e, instance } = world
  const note = answer(e, 'answer')
  const create = e.activity('Create', note)
  await sendAll(world, e, create)
  instance.clock.advance(5_000)
  await sendAll(world, e, create)
  const changed = { ...note, content: '<p>better</p>', updated: new Date(instance.clock.now()).toISOString() }
  await sendAll(world, e, e.activity('Update', changed), e.activity('Delete', { type: 'Tombstone', id: note.id }, { to: [everybody] }))
  assert.deepEqual(
    received('a').map((each) => each.type),
    ['Create', 'Update', 'Delete']
  )
})

for (const [what, fields] of [
  ['for followers', { to: ['https://e.test/users/eve/followers'], cc: ['https://skerry.test/@alice'] }],
  ['for alice alone', { to: ['https://skerry.test/@alice'], cc: [] }],
  ['to something else', { inReplyTo: 'https://b.test/notes/1' }],
  ['to another post of ours that is not there', { inReplyTo: 'https://skerry.test/@alice/1' }],
  ['of too many bytes', { content: `<p>${'word '.repeat(15_000)}</p>` }]
] as const) {
  test(`an answer ${what} stays here`, async (t) => {
    const { world, answer, received } = await startThread(t)
    await sendAll(world, world.e, world.e.activity('Create', answer(world.e, 'answer', fields)))
    assert.deepEqual(received('a'), [])
    assert.deepEqual(received('b'), [])
  })
}

test('answers to a post for followers stay here', async (t) => {
  const closed = await startThread(t, 'followers')
  await sendAll(closed.world, closed.world.e, closed.world.e.activity('Create', closed.answer(closed.world.e, 'answer')))
  assert.deepEqual(closed.received('a'), [])
})

test('answers of whom alice blocks, or a moderator silenced, stay here', async (t) => {
  const { world, answer, received } = await startThread(t)
  const { instance, e } = world
  await world.knowing(e)
  const eve = (await world.accountAt(e.uri))!
  await blockAccount(instance.ctx, await whoIs(instance, 'alice'), { accountId: eve.id })
  await instance.runJobs()
  await e.send(e.activity('Create', answer(e, 'answer')))
  const mo = await instance.as('mo', { role: 'moderator' })
  await mo.submit('/admin/domains', { domain: 'b.test', severity: 'silence', reason: 'loud' })
  await world.b.send(world.b.activity('Create', answer(world.b, 'loud')))
  await instance.runJobs()
  assert.deepEqual(received('a'), [])
})

test('one server has so many answers passed on at once and no more', async (t) => {
  const { world, answer, received } = await startThread(t)
  for (let count = 0; count < 40; count++) await world.e.send(world.e.activity('Create', answer(world.e, `answer ${count}`)))
  await world.instance.runJobs()
  assert.equal((await world.instance.ctx.db.select().from(posts).where(eq(posts.replyToAuthorId, world.alice.account.id))).length, 40)
  assert.ok(received('a').length >= 30 && received('a').length < 40, String(received('a').length))
})

const signature = { type: 'RsaSignature2017', creator: 'https://b.test/users/ben#main-key', signatureValue: 'AAAA' }

test('OWN-26: a Delete that ana passes on in the name of ben counts when his server says so, with 404, 410 or a Tombstone', async (t) => {
  const world = await startWorld(t)
  const { a, b, instance } = world
  await world.knowing(a)
  for (const [words, served, isGone] of [
    ['there', undefined, false],
    ['broken', { status: 500 }, false],
    ['missing', { status: 404 }, true],
    ['gone', { status: 410 }, true],
    ['buried', 'tombstone', true]
  ] as const) {
    const note = b.note(words)
    await b.send(b.activity('Create', note))
    const tombstone = { '@context': activityStreams, id: note.id, type: 'Tombstone' }
    if (served !== undefined) world.servers.b.documents.set(new URL(note.id).pathname, served === 'tombstone' ? tombstone : served)
    assert.equal((await a.send({ ...b.activity('Delete', { type: 'Tombstone', id: note.id }), signature })).status, 202)
    await instance.runJobs()
    assert.equal((await world.postAt(note.id))?.deletedAt !== null, isGone, words)
  }
})

test('OWN-26: an Update passed on is read at the origin, and what is embedded counts for nothing', async (t) => {
  const world = await startWorld(t)
  const { a, b, instance } = world
  await world.knowing(a)
  const note = b.note('first')
  await b.send(b.activity('Create', note))
  instance.clock.advance(10_000)
  const changed = { ...note, content: '<p>second</p>', updated: new Date(instance.clock.now()).toISOString() }
  world.servers.b.documents.set(new URL(note.id).pathname, changed)
  await a.send({ ...b.activity('Update', { ...changed, content: '<p>forged</p>' }), signature })
  await instance.runJobs()
  assert.match((await world.postAt(note.id))?.html ?? '', /second/)
})

test('JLD-01: an Undo passed on takes a boost back only when its server says that it is gone, and never a like', async (t) => {
  const world = await startWorld(t)
  const { a, b, instance } = world
  await world.knowing(a)
  const post = await write(instance, 'alice', 'liked and boosted')
  const like = b.activity('Like', post.uri)
  const boost = b.activity('Announce', post.uri)
  for (const act of [like, boost]) await b.send(act)
  const undo = async (act: unknown) => {
    await a.send({ ...b.activity('Undo', act), signature })
    await instance.runJobs()
    return [(await instance.ctx.db.select().from(favourites)).length, (await world.postAt(post.uri))?.boostsCount]
  }
  assert.deepEqual(await undo(like), [1, 1])
  assert.deepEqual(await undo(boost), [1, 1])
  world.servers.b.documents.set(new URL(boost.id).pathname, { status: 410 })
  assert.deepEqual(await undo(boost), [1, 0])
})

test('OWN-26: without any signature of its actor, only what the server of somebody followed here passes on is looked at', async (t) => {
  const world = await startWorld(t)
  const { a, b, e, instance } = world
  await world.knowing(a, e)
  const alice = await whoIs(instance, 'alice')
  const follow = await followAccount(instance.ctx, alice, { accountId: (await world.accountAt(a.uri))!.id })
  await instance.runJobs()
  await a.send(a.activity('Accept', follow.uri))
  const note = b.note('genuine')
  const create = b.activity('Create', { ...note, content: '<p>forged</p>' })
  assert.equal((await e.send(create)).status, 401)
  await instance.runJobs()
  assert.deepEqual(await world.saying('genuine'), [])
  assert.equal((await a.send(create)).status, 202)
  await instance.runJobs()
  assert.equal((await world.saying('genuine')).length, 1)
  assert.deepEqual(await world.saying('forged'), [])
  assert.equal((await a.send(b.activity('Create', { ...note, id: 'https://a.test/notes/x' }))).status, 202)
  await instance.runJobs()
  assert.ok(!world.fetches().includes('https://a.test/notes/x'))
})
