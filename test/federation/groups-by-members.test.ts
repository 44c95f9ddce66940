import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startWorld } from '#test/federation/attack-world.ts'

/** Ben organises an event of a group on his server, as Mobilizon tells it: he creates what is the group's alone. */
async function startEvent(t: TestContext) {
  const world = await startWorld(t)
  const group = await world.servers.b.actor('walkers', { type: 'Group' })
  await world.knowing(world.b)
  const event = world.b.note('come all', { type: 'Event', name: 'A walk', attributedTo: group.uri, startTime: '2026-12-01T10:00:00Z' })
  const send = async (type: string, object: unknown, by = world.b) => {
    const answer = await by.send(by.activity(type, object))
    await world.instance.runJobs()
    return answer.status
  }
  const path = new URL(event.id).pathname
  return { ...world, group, event, send, path }
}

test('an event of a group, created by a member, is read at its own server and is the group’s', async (t) => {
  const { group, event, send, postAt, accountAt, saying } = await startEvent(t)
  assert.equal(await send('Create', { ...event, content: '<p>forged</p>' }), 202)
  const post = await postAt(event.id)
  assert.match(post?.html ?? '', /come all/)
  assert.equal(post?.authorId, (await accountAt(group.uri))?.id)
  assert.deepEqual(await saying('forged'), [])
})

test('a member changes an event of the group, and takes it away, only as its server says so itself', async (t) => {
  const { instance, servers, event, send, postAt, path } = await startEvent(t)
  await send('Create', event)
  instance.clock.advance(60_000)
  const changed = { ...event, content: '<p>come some</p>', updated: new Date(instance.clock.now()).toISOString() }
  assert.equal(await send('Update', { ...changed, content: '<p>forged</p>' }), 202)
  assert.match((await postAt(event.id))?.html ?? '', /come all/)
  servers.b.documents.set(path, changed)
  assert.equal(await send('Update', changed), 202)
  assert.match((await postAt(event.id))?.html ?? '', /come some/)
  assert.equal(await send('Delete', event.id), 202)
  assert.equal((await postAt(event.id))?.deletedAt, null)
  servers.b.documents.set(path, { status: 410 })
  assert.equal(await send('Delete', { id: event.id, type: 'Tombstone' }), 202)
  assert.notEqual((await postAt(event.id))?.deletedAt, null)
})

test('nobody of another server, and nobody for another person of their own, says what a group or person posts', async (t) => {
  const { servers, b, e, event, send, postAt, knowing, group } = await startEvent(t)
  await knowing(e)
  const mod = await servers.b.actor('mod')
  await knowing(mod)
  assert.equal(await send('Create', event, e), 403)
  assert.equal(await send('Create', { ...event, id: 'https://e.test/events/1' }, e), 403)
  assert.equal(await send('Create', b.note('not ben', { attributedTo: mod.uri })), 403)
  assert.equal(await send('Create', b.note('not ben either', { attributedTo: [group.uri, mod.uri] })), 403)
  const many = Array.from({ length: 9 }, (_, at) => `https://b.test/users/group${at}`)
  assert.equal(await send('Create', { ...event, attributedTo: many }), 403)
  assert.equal(await postAt(event.id), undefined)
  // What the server itself does not serve as the group's is nobody's.
  servers.b.documents.set('/notes/none', { ...event, id: 'https://b.test/notes/none', attributedTo: 'https://a.test/users/ana' })
  assert.equal(await send('Create', { ...event, id: 'https://b.test/notes/none' }), 202)
  assert.equal(await postAt('https://b.test/notes/none'), undefined)
})
