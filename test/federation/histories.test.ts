import assert from 'node:assert/strict'
import { test } from 'node:test'
import { count } from 'drizzle-orm'
import { follows } from '#db/schema/follows.ts'
import { favourites } from '#db/schema/posts.ts'
import { takenBack } from '#db/schema/taken-back.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { converge } from '#test/federation/histories/converge.ts'

const hourMs = 3_600_000

test('what people elsewhere do comes to the same in whatever order it arrives, some of it at once and some of it again', (t) =>
  converge(t, { runs: 10, seed: 20261123 }))

async function followsIn(world: World): Promise<number> {
  const [row] = await world.instance.ctx.db.select({ count: count() }).from(follows)
  return Number(row?.count)
}

async function likesIn(world: World): Promise<number> {
  const [row] = await world.instance.ctx.db.select({ count: count() }).from(favourites)
  return Number(row?.count)
}

test('Follow, Undo, Follow under one id works, each of them told twice', async (t) => {
  const world = await startWorld(t)
  const { a, alice } = world
  const follow = a.activity('Follow', alice.account.uri)
  const undo = a.activity('Undo', follow)
  for (const [activity, expected] of [
    [follow, 1],
    [undo, 0],
    [follow, 1],
    [undo, 0],
    [follow, 1]
  ] as const) {
    for (let copy = 0; copy < 2; copy++) {
      assert.equal((await a.send(activity)).status, 202)
      // What is signed again within the same second has the same signature.
      world.instance.clock.advance(1_000)
    }
    assert.equal(await followsIn(world), expected)
  }
})

test('an Undo that overtakes its Follow ends that one for an hour, and no other', async (t) => {
  const world = await startWorld(t)
  const { a, b, alice, instance } = world
  const [follow, newer] = [a.activity('Follow', alice.account.uri), a.activity('Follow', alice.account.uri)]
  await a.send(a.activity('Undo', follow))
  await a.send(follow)
  instance.clock.advance(1_000)
  await a.send(follow)
  assert.equal(await followsIn(world), 0)
  await a.send(newer)
  assert.equal(await followsIn(world), 1)
  // Nobody takes back what somebody else does.
  const other = b.activity('Follow', alice.account.uri)
  await a.send(a.activity('Undo', other.id, { id: undefined }))
  await b.send(other)
  assert.equal(await followsIn(world), 2)

  const late = a.activity('Like', (await write(instance, 'alice', 'Hello.')).uri)
  await a.send(a.activity('Undo', late.id))
  instance.clock.advance(hourMs + 1_000)
  await a.send(late)
  assert.equal(await likesIn(world), 1)
})

test('an Undo without an id waits for one act, and the next one counts', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const post = await write(world.instance, 'alice', 'Hello.')
  const [like, newer] = [a.activity('Like', post.uri), a.activity('Like', post.uri)]
  await a.send(a.activity('Undo', { type: 'Like', actor: a.uri, object: post.uri }))
  await a.send(like)
  world.instance.clock.advance(1_000)
  await a.send(like)
  assert.equal(await likesIn(world), 0)
  await a.send(newer)
  assert.equal(await likesIn(world), 1)
})

test('an Undo that is told again once the same was done anew takes nothing back', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const post = await write(world.instance, 'alice', 'Hello.')
  const like = a.activity('Like', post.uri)
  const undo = a.activity('Undo', like)
  for (const activity of [like, undo, a.activity('Like', post.uri), undo]) {
    await a.send(activity)
    world.instance.clock.advance(1_000)
  }
  assert.equal(await likesIn(world), 1)
})

test('whoever shares a server with an author cannot delete what has not come yet', async (t) => {
  const world = await startWorld(t)
  const { a, servers } = world
  const ada = await servers.a.actor('ada')
  await world.knowing(a, ada)
  const note = a.note('still to come')
  await ada.send(ada.activity('Delete', note.id))
  await a.send(a.activity('Create', note))
  assert.equal((await world.saying('still to come')).length, 1)
  const other = a.note('taken back')
  await ada.send(ada.activity('Delete', other.id))
  await a.send(a.activity('Delete', other.id))
  await a.send(a.activity('Create', other))
  assert.equal((await world.saying('taken back')).length, 0)
})

test('what was never done is kept for an hour, and not without bound', async (t) => {
  const world = await startWorld(t)
  const { a, instance } = world
  await a.send(a.activity('Undo', 'https://a.test/never'))
  const { db } = instance.ctx
  assert.equal(await db.$count(takenBack), 1)
  await instance.ctx.transact(async (tx) => {
    const actorId = (await world.accountAt(a.uri))?.id ?? 0
    const rows = Array.from({ length: 999 }, (_, at) => ({ actorId, key: `x${at}`, state: 'awaited' as const, keptUntil: tx.now + hourMs }))
    await tx.insert(takenBack).values(rows)
  })
  await a.send(a.activity('Undo', 'https://a.test/never/2'))
  assert.equal(await db.$count(takenBack), 1_000)
  instance.clock.advance(3 * hourMs)
  await instance.runJobs()
  for (const { name, run } of (await import('#server/schedules.ts')).schedules) if (name === 'sweep receipts') await run(instance.ctx)
  assert.equal(await db.$count(takenBack), 0)
})
