import assert from 'node:assert/strict'
import { test } from 'node:test'
import { follows } from '#db/schema/follows.ts'
import { reports } from '#db/schema/moderation.ts'
import { posts } from '#db/schema/posts.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'

/** Has alice follow ben, as far as the follow is asked for. */
async function ask(world: World) {
  await world.knowing(world.b)
  const ben = await world.accountAt(world.b.uri)
  const uri = `${world.alice.account.uri}#follows/1`
  await world.instance.ctx.transact(async (tx) => {
    await tx
      .insert(follows)
      .values({ id: tx.newId(), followerId: world.alice.account.id, followedId: ben?.id ?? 0, state: 'pending', uri, createdAt: tx.now })
  })
}

test('an Accept by an id of its own server alone means the pending follow of the owner of the inbox, and nobody else’s', async (t) => {
  const world = await startWorld(t)
  await ask(world)
  const state = async () => (await world.instance.ctx.db.select().from(follows))[0]?.state
  await world.b.send(world.b.activity('Accept', 'https://b.test/follows/77'))
  assert.equal(await state(), 'pending')
  await world.b.send(world.b.activity('Accept', 'https://skerry.test/@alice#like-1'), { to: '/@alice/inbox' })
  assert.equal(await state(), 'pending')
  await world.a.send(world.a.activity('Accept', 'https://a.test/follows/77'), { to: '/@alice/inbox' })
  assert.equal(await state(), 'pending')
  await world.b.send(world.b.activity('Accept', 'https://b.test/follows/77'), { to: '/@alice/inbox' })
  assert.equal(await state(), 'accepted')
})

test('a Reject names the follow by an embedded copy, whose id may be anybody’s', async (t) => {
  const world = await startWorld(t)
  await ask(world)
  const copy = { type: ['Follow'], id: 'https://b.test/other', actor: { id: world.alice.account.uri, type: 'Person' }, object: world.b.uri }
  await world.b.send(world.b.activity('Reject', copy))
  assert.deepEqual(await world.instance.ctx.db.select().from(follows), [])
})

test('an instance reports accounts and posts, by id or embedded', async (t) => {
  const world = await startWorld(t)
  const instanceActor = await world.servers.b.actor('instance', { type: 'Application' })
  const post = await write(world.instance, 'alice', 'reported')
  const flag = instanceActor.activity('Flag', [world.alice.account.uri, { type: 'Note', id: post.uri, content: 'as they say it' }], {
    content: 'look'
  })
  assert.equal((await instanceActor.send(flag)).status, 202)
  const [report] = await world.instance.ctx.db.select().from(reports)
  assert.deepEqual([report?.targetId, report?.comment], [world.alice.account.id, 'look'])
})

test('an activity whose id is no address is taken as one without an id', async (t) => {
  const world = await startWorld(t)
  const note = world.a.note('said')
  assert.equal((await world.a.send({ ...world.a.activity('Create', note), id: 'urn:uuid:1' })).status, 202)
  assert.equal((await world.instance.ctx.db.select().from(posts)).length, 1)
  assert.equal((await world.a.send({ ...world.a.activity('Create', note), id: ['https://a.test/1', 'https://a.test/2'] })).status, 400)
})

test('an object of which only the id is said is asked of its own server, as one that is named by its id', async (t) => {
  const world = await startWorld(t)
  const { a, instance } = world
  await world.knowing(a)
  const note = a.note('named in a wrapping')
  assert.equal((await a.send({ ...a.activity('Create', note), object: { id: note.id } })).status, 202)
  await instance.runJobs()
  assert.match((await world.postAt(note.id))?.html ?? '', /named in a wrapping/)
  assert.equal((await a.send({ ...a.activity('Create', note), object: { id: 'https://b.test/notes/1' } })).status, 403)
})
