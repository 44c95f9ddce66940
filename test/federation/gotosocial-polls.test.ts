import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findPoll } from '#server/polls/find-poll.ts'
import { startGoToSocialWorld, type GoToSocialWorld } from '#test/federation/gotosocial-world.ts'
import type { Json } from '#test/federation/gotosocial-rules.ts'

async function countsOf({ instance }: GoToSocialWorld, postId: number) {
  const poll = await findPoll(instance.ctx.db, postId)
  return poll && [...poll.options.map((option) => option.votesCount), poll.votersCount]
}

/** A poll as GoToSocial writes it. */
function question({ instance }: GoToSocialWorld, counts: number[], more: Json = {}): Json {
  const inAnHour = new Date(instance.clock.now() + 3_600_000).toISOString().replace(/\.\d+Z/, 'Z')
  const oneOf = counts.map((totalItems, at) => ({ name: `option ${at + 1}`, replies: { totalItems, type: 'Collection' }, type: 'Note' }))
  return { type: 'Question', oneOf, endTime: inAnHour, votersCount: counts.reduce((sum, each) => sum + each, 0), ...more }
}

test('a poll of GoToSocial is voted in, counted again and again under one id, and ends', async (t) => {
  const world = await startGoToSocialWorld(t)
  const { alice, instance, gts, zork, tell, hear, befriend, isContent } = world
  await befriend()
  const { note, post } = await hear('which one?', question(world, [0, 0]))
  assert.deepEqual(await countsOf(world, post.id), [0, 0, 0])
  await alice.submit(`/posts/${post.id}/vote`, { choice: '1' })
  await instance.runJobs()
  const vote = gts.of('Create').at(-1)?.object as Json
  assert.deepEqual([vote.name, vote.inReplyTo, 'content' in vote], ['option 2', note.id, false])
  for (const counts of [
    [0, 1],
    [3, 1],
    [4, 2]
  ]) {
    instance.clock.advance(1_000)
    const { endTime, ...asked } = question(world, counts)
    assert.ok(endTime)
    await tell(zork.wrap('Update', { ...note, ...asked }))
    assert.deepEqual(await countsOf(world, post.id), [...counts, counts[0]! + counts[1]!])
  }
  instance.clock.advance(3_600_000)
  const { endTime: _, ...ended } = question(world, [5, 2], { closed: new Date(instance.clock.now()).toISOString() })
  await tell(zork.wrap('Update', { ...note, ...ended }))
  assert.ok((await findPoll(instance.ctx.db, post.id))?.closedAt)
  isContent()
})

test('a poll of GoToSocial that keeps its counts to itself until the end is shown without', async (t) => {
  const world = await startGoToSocialWorld(t)
  const { hear, alice, befriend, isContent } = world
  await befriend()
  const oneOf = ['red', 'blue'].map((name) => ({ name, type: 'Note' }))
  const { post } = await hear('a secret ballot', { ...question(world, []), oneOf, votersCount: undefined })
  assert.equal(post.type, 'Question')
  assert.ok((await alice.page('/home')).includes('blue'))
  isContent()
})

test('votes of GoToSocial come one an activity, and it hears of the counts and of the end', async (t) => {
  const world = await startGoToSocialWorld(t)
  const { alice, instance, gts, zork, tell, say, befriend, isContent } = world
  await befriend()
  const post = await say('and you?', {
    pollOption1: 'tissues',
    pollOption2: 'financial times',
    pollOption3: 'nothing',
    pollChoice: 'many',
    pollEnds: '3600'
  })
  for (const [at, name] of ['tissues', 'financial times'].entries()) {
    const object = {
      attributedTo: zork.uri,
      id: `${zork.uri}#01HEN2R65468ZG657C4ZPHJ4EX/votes/${at}`,
      inReplyTo: post.uri,
      name,
      to: alice.account.uri,
      type: 'Note'
    }
    const id = `${zork.uri}/activity#vote${at}/${post.uri}`
    await tell(zork.activity('Create', object, { id, published: '2026-11-24T04:00:00Z', to: alice.account.uri }))
  }
  assert.deepEqual(await countsOf(world, post.id), [1, 1, 0, 1])
  for (const waitMs of [4 * 60_000, 3_600_000]) {
    instance.clock.advance(waitMs)
    for (let round = 0; round < 4; round += 1) await instance.runJobs()
  }
  const updates = gts.of('Update').map(({ object }) => object as Json)
  assert.ok(updates.length >= 2)
  const counts = (updates.at(-1)?.anyOf as { replies: Json }[] | undefined)?.map(({ replies }) => replies.totalItems)
  assert.deepEqual(counts, [1, 1, 0])
  assert.ok(updates.at(-1)?.closed)
  const ids = gts.of('Update').map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length)
  isContent()
})
