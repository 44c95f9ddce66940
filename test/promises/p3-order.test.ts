import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq, sql } from 'drizzle-orm'
import { deliveries } from '#db/schema/peers.ts'
import { posts } from '#db/schema/posts.ts'
import { receiveNote } from '#test/federation/acts.ts'
import { type Answer, type Received, type RecordingPeer, startPeer } from '#test/federation/recording-peer.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'

const minute = 60_000
const hour = 60 * minute
const failures: Answer[] = ['reset', { status: 500 }, { status: 503 }, { status: 429, headers: { 'retry-after': '60' } }]

/** The same numbers at each run, from 0 to below 1. */
function drawFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

/** Takes every other activity at most, and notes those that it took. */
function failHalf(peer: RecordingPeer, seed: number): Received['json'][] {
  const draw = drawFrom(seed)
  const accepted: Received['json'][] = []
  peer.answer = ({ json }) => {
    if (draw() < 0.5) return failures[Math.floor(draw() * failures.length)]!
    accepted.push(json)
    return { status: 202 }
  }
  return accepted
}

async function publish(instance: Instance, person: TestPerson, text: string): Promise<{ id: number; uri: string }> {
  assert.equal((await person.submit('/posts', { text, visibility: 'public' })).statusCode, 303)
  const [row] = await instance.ctx.db.select({ id: posts.id, uri: posts.uri }).from(posts).where(eq(posts.source, text))
  return row!
}

async function press(person: TestPerson, path: string, fields: Record<string, string> = {}): Promise<void> {
  assert.equal((await person.submit(path, fields)).statusCode, 303, path)
}

test('P3: whatever fails in between, each peer takes what is told of a post in the order in which it was done', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const [near, far] = [await startPeer(t, instance, 'near.test'), await startPeer(t, instance, 'far.test')]
  for (const peer of [near, far]) await peer.follows(await peer.account('ben'), alice.account)
  const accepted = new Map([near, far].map((peer, place) => [peer, failHalf(peer, place + 1)]))

  const written: { uri: string; last: string; isDeleted: boolean }[] = []
  for (let number = 1; number <= 12; number++) {
    const { id, uri } = await publish(instance, alice, `${number}, first.`)
    await instance.runJobs()
    for (const words of ['second', 'third']) {
      await press(alice, `/posts/${id}/edit`, { text: `${number}, ${words}.` })
      if (number % 2 === 0) await instance.runJobs()
      instance.clock.advance(7 * minute)
    }
    if (number % 3 === 0) await press(alice, `/posts/${id}/delete`)
    written.push({ uri, last: `${number}, third.`, isDeleted: number % 3 === 0 })
    await instance.runJobs()
  }
  for (let hours = 0; hours < 72; hours++) {
    instance.clock.advance(hour)
    await instance.runJobs()
  }

  assert.equal(await instance.ctx.db.$count(deliveries), 0, 'everything was taken in the end')
  for (const [peer, taken] of accepted) {
    assert.ok(peer.posts.length > taken.length + 10, `${peer.host} failed often`)
    assert.equal(new Set(taken.map(({ id }) => id)).size, taken.length, 'what was taken is not sent again')
    for (const { uri, last, isDeleted } of written) {
      const told = taken.filter(({ object }) => (object.id ?? object) === uri)
      const types = told.map(({ type }) => type).join(' ')
      assert.match(types, isDeleted ? /^(Create (Update )*Delete)?$/ : /^Create( Update){0,2}$/, `${peer.host}, ${uri}`)
      if (isDeleted) continue
      assert.ok(told.at(-1)!.object.content.includes(last), `${peer.host} has the last words of ${uri}`)
      const versions = told.map(({ object }) => ['first', 'second', 'third'].findIndex((words) => object.content.includes(words)))
      assert.deepEqual(versions, versions.toSorted(), 'no earlier words after later ones')
    }
  }
})

test('P3: likes and boosts given and taken back arrive in that order, so that the last word is the state here', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const near = await startPeer(t, instance, 'near.test')
  const ben = await near.account('ben')
  const accepted = failHalf(near, 5)
  const notes = [await receiveNote(instance, ben, 'One.'), await receiveNote(instance, ben, 'Two, longer.')]
  for (let turn = 0; turn < 6; turn++) {
    for (const [place, { id }] of notes.entries()) {
      const isGiven = (turn + place) % 2 === 0
      await press(alice, `/posts/${id}/${isGiven ? 'favourite' : 'unfavourite'}`)
      await press(alice, `/posts/${id}/${isGiven ? 'boost' : 'unboost'}`)
      if (turn % 2 === 0) await instance.runJobs()
    }
    instance.clock.advance(11 * minute)
  }
  for (let hours = 0; hours < 48; hours++) {
    instance.clock.advance(hour)
    await instance.runJobs()
  }
  assert.equal(await instance.ctx.db.$count(deliveries), 0)
  for (const verb of ['Like', 'Announce']) {
    for (const [place, { uri }] of notes.entries()) {
      const told = accepted.flatMap(({ type, object }) => {
        if (type === verb && object === uri) return ['given']
        return type === 'Undo' && object.type === verb && object.object === uri ? ['taken back'] : []
      })
      const isGivenNow = (5 + place) % 2 === 0
      assert.equal(told.at(-1) ?? 'taken back', isGivenNow ? 'given' : 'taken back', `${verb} of ${uri}: ${told}`)
      for (const [index, word] of told.entries()) assert.notEqual(word, told[index + 1], `${verb} of ${uri}: ${told}`)
    }
  }
})

test('P3: a Delete cancels a Create that was never attempted, and follows one that was', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice.account)
  near.answer = () => 'reset'
  const attempted = await publish(instance, alice, 'Attempted.')
  await instance.runJobs()
  assert.equal(near.posts.length, 1)
  // The host is held now: these two are not even tried.
  const unsent = await publish(instance, alice, 'Never attempted.')
  await instance.runJobs()
  await press(alice, `/posts/${unsent.id}/delete`)
  await press(alice, `/posts/${attempted.id}/delete`)
  const kept = await publish(instance, alice, 'Kept.')
  await instance.runJobs()
  near.posts.length = 0
  near.answer = () => ({ status: 202 })
  for (let hours = 0; hours < 6; hours++) {
    instance.clock.advance(hour)
    await instance.runJobs()
  }
  const told = (uri: string) => near.posts.filter(({ json }) => (json.object.id ?? json.object) === uri).map(({ json }) => json.type)
  assert.deepEqual([told(unsent.uri), told(attempted.uri).at(-1), told(kept.uri)], [[], 'Delete', ['Create']])
  assert.equal(await instance.ctx.db.$count(deliveries, sql`dead_at is null`), 0)
})
