import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { jobs } from '#db/schema/jobs.ts'
import { quotes } from '#db/schema/quotes.ts'
import { recheckMs } from '#server/interactions/recheck-quotes.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import type { Served } from '#test/helpers/remote.ts'

/** Ana quotes ben with his authorization, and alice has read it. */
async function startStamped(t: TestContext) {
  const world = await startWorld(t)
  const { instance, alice, a, b, servers } = world
  await world.knowing(a, b)
  const quoted = b.note('the old lamp', { interactionPolicy: { canQuote: { automaticApproval: [b.uri] } } })
  const stamp = 'https://b.test/stamps/1'
  const note = a.note('look at this', { quote: quoted.id, quoteAuthorization: stamp })
  const authorization = {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: stamp,
    type: 'QuoteAuthorization',
    attributedTo: b.uri,
    interactingObject: note.id,
    interactionTarget: quoted.id
  }
  const serve = (answer: Served) => servers.b.documents.set('/stamps/1', answer)
  serve(authorization)
  await a.send(a.activity('Create', note))
  await instance.runJobs()
  const post = await world.postAt(note.id)
  const path = `/@ana@a.test/${post?.id}`
  const stateOf = async () => {
    const [row] = await instance.ctx.db
      .select()
      .from(quotes)
      .where(eq(quotes.postId, post?.id ?? 0))
    return row?.state
  }
  const asked = () => servers.b.requests.filter((line) => line === 'GET /stamps/1').length
  const open = async () => {
    const page = await alice.page(path)
    await instance.runJobs()
    return page
  }
  assert.equal(await stateOf(), 'accepted')
  return { ...world, note, stamp, authorization, serve, stateOf, asked, open, path }
}

test('an authorization is asked about again when its quote is opened by somebody signed in, once in three days', async (t) => {
  const { instance, asked, open, path, stateOf } = await startStamped(t)
  assert.equal(asked(), 1)
  await open()
  assert.equal(asked(), 1, 'not before its time')
  instance.clock.advance(recheckMs + 1)
  await instance.guest().page(path)
  await instance.runJobs()
  assert.equal(asked(), 1, 'not because of a visitor')
  await open()
  await open()
  assert.equal(asked(), 2)
  assert.equal(await stateOf(), 'accepted')
})

for (const [what, answer, state] of [
  ['gone (410)', { status: 410 }, 'revoked'],
  ['a Tombstone', { id: 'https://b.test/stamps/1', type: 'Tombstone' }, 'revoked'],
  ['for another quote', { id: 'https://b.test/stamps/1', type: 'QuoteAuthorization', attributedTo: 'https://b.test/users/ben' }, 'revoked'],
  ['not there (404)', { status: 404 }, 'pending'],
  ['closed to us (403)', { status: 403 }, 'accepted'],
  ['silent (503)', { status: 503 }, 'accepted']
] as const) {
  test(`a quote whose authorization is ${what} when it is asked about again is ${state}`, async (t) => {
    const { instance, serve, open, stateOf } = await startStamped(t)
    serve('status' in answer ? answer : { '@context': 'https://www.w3.org/ns/activitystreams', ...answer })
    instance.clock.advance(recheckMs + 1)
    assert.match(await open(), /the old lamp/)
    assert.equal(await stateOf(), state)
    const page = await open()
    if (state === 'accepted') assert.match(page, /the old lamp/)
    else assert.doesNotMatch(page, /the old lamp/)
  })
}

test('an authorization that was not there for a while opens its quote again once it is back', async (t) => {
  const { instance, serve, authorization, open, stateOf } = await startStamped(t)
  for (const status of [404, 404, 403]) {
    serve({ status })
    instance.clock.advance(recheckMs + 1)
    await open()
    assert.equal(await stateOf(), 'pending', `still ${status}`)
  }
  serve(authorization)
  instance.clock.advance(recheckMs + 1)
  await open()
  assert.equal(await stateOf(), 'accepted')
})

test('a post that comes again has its authorization asked about when that was not done for long', async (t) => {
  const { instance, a, note, serve, asked, stateOf } = await startStamped(t)
  await a.send(a.activity('Update', { ...note, content: '<p>edited</p>', updated: new Date(instance.clock.now() + 1_000).toISOString() }))
  await instance.runJobs()
  assert.equal(asked(), 1)
  instance.clock.advance(recheckMs + 1)
  serve({ status: 410 })
  await a.send(a.activity('Update', { ...note, content: '<p>again</p>', updated: new Date(instance.clock.now()).toISOString() }))
  await instance.runJobs()
  assert.equal(await stateOf(), 'revoked')
  assert.equal(await instance.ctx.db.$count(jobs), 0)
})
