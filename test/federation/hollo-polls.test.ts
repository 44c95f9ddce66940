import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Collection, Create, Note, PUBLIC_COLLECTION, Question, Update } from '@fedify/fedify/vocab'
import { findPoll } from '#server/polls/find-poll.ts'
import { watchAsHollo } from '#test/federation/hollo-rules.ts'
import { type HolloWorld, startHolloWorld } from '#test/federation/hollo-world.ts'

async function countsOf({ instance }: HolloWorld, postId: number) {
  const poll = await findPoll(instance.ctx.db, postId)
  return poll && [...poll.options.map((option) => option.votesCount), poll.votersCount]
}

test('a poll of Hollo is voted in, counted again and again under one id, and closed', async (t) => {
  const world = await startHolloWorld(t)
  const { aliceThere, hollo, hong, instance, press, tell, create, postAt, befriend } = world
  watchAsHollo(hollo)
  await befriend()
  const id = new URL('/@hong/0199dd00-0000-7000-8000-000000000001', hollo.origin)
  const endTime = await hollo.instant(instance.clock.now() + 3_600_000)
  const published = await hollo.instant(instance.clock.now())
  const options = (counts: number[]) =>
    counts.map((totalItems, at) => new Note({ name: `option ${at}`, replies: new Collection({ totalItems }) }))
  const base = { id, attribution: hong.uri, contents: ['<p>which?</p>\n'], url: id, published, endTime, tos: [PUBLIC_COLLECTION] }
  const asked = new Question({ ...base, exclusiveOptions: options([0, 0]), voters: 0 })
  await hollo.serve(asked)
  await tell(create(asked))
  const post = await postAt(id)
  assert.ok(post)
  assert.deepEqual(await countsOf(world, post.id), [0, 0, 0])

  await press(`/posts/${post.id}/vote`, { choice: '1' })
  const vote = await hollo.of(Create).at(-1)?.getObject()
  assert.ok(vote instanceof Note)
  assert.deepEqual(
    [vote.name, vote.replyTargetId?.href, vote.attributionId?.href, vote.toIds.map(String)],
    ['option 1', id.href, aliceThere.id?.href, [hong.uri.href]]
  )
  for (const [first, second] of [
    [0, 1],
    [3, 1],
    [4, 2]
  ] as const) {
    instance.clock.advance(1_000)
    const counted = new Question({ ...base, exclusiveOptions: options([first, second]), voters: first + second })
    await hollo.serve(counted)
    await tell(new Update({ id: new URL('#update-undefined', id), actor: hong.uri, object: counted, tos: [PUBLIC_COLLECTION] }))
    assert.deepEqual(await countsOf(world, post.id), [first, second, first + second])
  }
  const closed = new Question({ ...base, exclusiveOptions: options([5, 2]), voters: 7, closed: endTime })
  instance.clock.advance(4_000_000)
  await hollo.serve(closed)
  for (let round = 0; round < 4; round += 1) await instance.runJobs()
  assert.ok((await findPoll(instance.ctx.db, post.id))?.closedAt)
  // Its server was asked once more.
  assert.deepEqual(await countsOf(world, post.id), [5, 2, 7])
  assert.deepEqual(hollo.faults, [])
})
