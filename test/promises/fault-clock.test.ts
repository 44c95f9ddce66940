import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deliveries } from '#db/schema/peers.ts'
import { posts } from '#db/schema/posts.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { startInstance } from '#test/helpers/instance.ts'

const hour = 3_600_000

test('when the clock jumps back an hour, people stay signed in and go on, order holds, and what waited is done within the hour', async (t) => {
  const instance = await startInstance(t)
  const { ctx, clock } = instance
  const alice = await instance.as('alice')
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice.account)
  const publish = async (text: string) => assert.equal((await alice.submit('/posts', { text, visibility: 'public' })).statusCode, 303)

  await publish('Before the jump, sent.')
  await instance.runJobs()
  await publish('Before the jump, waiting.')
  clock.advance(-hour)
  await publish('After the jump, one.')
  await publish('After the jump, two.')
  await instance.runJobs()
  const words = () => near.posts.map(({ json }) => /(Before|After) the jump, \w+\./.exec(json.object.content)![0])
  assert.deepEqual(
    words().slice(0, 3).toSorted(),
    ['After the jump, one.', 'After the jump, two.', 'Before the jump, sent.'],
    'new things do not wait'
  )

  const page = await alice.page('/home')
  const places = ['jump, two', 'jump, one', 'jump, waiting', 'jump, sent'].map((part) => page.indexOf(part))
  assert.ok(
    places.every((place) => place > 0),
    'all of it is on the page'
  )
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
    'newest first'
  )
  const ids = (await ctx.db.select({ id: posts.id }).from(posts)).map(({ id }) => id)
  assert.equal(new Set(ids).size, 4)

  clock.advance(hour + 60_000)
  await instance.runJobs()
  assert.deepEqual(
    words().toSorted(),
    ['After the jump, one.', 'After the jump, two.', 'Before the jump, sent.', 'Before the jump, waiting.'],
    'each once'
  )
  assert.equal(await ctx.db.$count(deliveries), 0)
})

test('a peer that the clock had held is not held for longer than the jump', async (t) => {
  const instance = await startInstance(t)
  const { ctx, clock } = instance
  const alice = await instance.as('alice')
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice.account)
  near.answer = () => ({ status: 503 })
  assert.equal((await alice.submit('/posts', { text: 'Held.', visibility: 'public' })).statusCode, 303)
  await instance.runJobs()
  clock.advance(-hour)
  near.answer = () => ({ status: 202 })
  clock.advance(hour + 120_000)
  await instance.runJobs()
  assert.equal(await ctx.db.$count(deliveries), 0)
})
