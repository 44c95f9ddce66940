import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseNodeInfo } from '@fedify/fedify/nodeinfo'
import { Accept, Create, Follow, Note } from '@fedify/fedify/vocab'
import { actorOf, startHollo } from '#test/federation/hollo.ts'
import { faultsOfActor, watchAsHollo } from '#test/federation/hollo-rules.ts'
import { startHolloWorld } from '#test/federation/hollo-world.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { everybody, remote } from '#test/helpers/remote.ts'

test('Hollo and an instance where every request must be signed read each other', async (t) => {
  const { alice, hollo, say, hear, befriend } = await startHolloWorld(t, { config: { federation: { authorizedFetch: 'required' } } })
  watchAsHollo(hollo)
  await befriend()
  const post = await say('signed for')
  assert.ok((await hollo.read(post.uri)) instanceof Note)
  await hear('me too')
  assert.ok((await alice.page('/home')).includes('me too'))
  assert.deepEqual(hollo.faults, [])
})

test('Fedify finds the handle of an account whose names are of another domain than its addresses', async (t) => {
  const instance = await startInstance(t, { origin: 'https://social.skerry.test', handleDomain: 'skerry.test' })
  const port = instance.network.portOf('social.skerry.test')
  assert.ok(port)
  instance.network.add('skerry.test', port)
  const alice = await instance.as('alice')
  const hollo = await startHollo(t, instance)
  const actor = await actorOf(hollo, alice.account.uri)
  assert.deepEqual(await faultsOfActor(hollo, actor), [])
  assert.equal((await hollo.context.lookupWebFinger(String(alice.account.uri)))?.subject, 'acct:alice@skerry.test')
  assert.equal((await hollo.read('@alice@skerry.test')).id?.href, alice.account.uri)
})

test('who follows from Hollo waits where followers are let in by hand, and is answered then', async (t) => {
  const { alice, aliceThere, hollo, hong, known, tell, press, stateOf } = await startHolloWorld(t)
  watchAsHollo(hollo)
  await alice.submit('/settings/profile', { displayName: 'Alice', bio: '', isLocked: 'on' })
  const follow = new Follow({ id: new URL(`${hong.uri}#follows/01`), actor: hong.uri, object: aliceThere.id })
  await tell(follow)
  const states = async () => [await stateOf(hong.uri.href, String(alice.account.uri)), hollo.of(Accept).length]
  assert.deepEqual(await states(), ['pending', 0])
  await press(`/accounts/${(await known()).id}/accept`)
  assert.deepEqual(await states(), ['accepted', 1])
  assert.deepEqual(hollo.faults, [])
})

test('an answer of a third server that Hollo sends on is fetched where it was written', async (t) => {
  const { alice, instance, hollo, hong, befriend, hear, postAt, aliceThere } = await startHolloWorld(t)
  await befriend()
  const { note } = await hear('who comes along?')
  const far = await remote(t, instance, 'far.test')
  const ben = await far.actor('ben')
  const answer = ben.note('I do', { inReplyTo: String(note.id), to: [everybody], cc: [hong.uri.href] })
  const told = await Create.fromJsonLd(ben.activity('Create', answer), hollo.context)
  await hong.send(told, aliceThere)
  await instance.runJobs()
  assert.equal((await postAt(answer.id))?.replyToId, (await postAt(note.id))?.id)
  assert.ok((await alice.page('/home')).includes('who comes along?'))
})

for (const firstKnock of ['rfc9421', 'draft-cavage-http-signatures-12'] as const) {
  test(`what Fedify signs by ${firstKnock} is taken at the first knock`, async (t) => {
    const instance = await startInstance(t)
    const alice = await instance.as('alice')
    const hollo = await startHollo(t, instance, 'hollo.test', firstKnock)
    const hong = hollo.account('hong')
    const aliceThere = await actorOf(hollo, alice.account.uri)
    let posts = 0
    instance.app.server.on('request', ({ method }) => void (posts += method === 'POST' ? 1 : 0))
    await hong.send(new Follow({ id: new URL(`${hong.uri}#follows/01`), actor: hong.uri, object: aliceThere.id }), aliceThere)
    await instance.runJobs()
    assert.deepEqual([hollo.of(Accept).length, posts], [1, 1])
    assert.deepEqual(hollo.faults, [])
  })
}

test('Fedify reads our NodeInfo, strict as it is', async (t) => {
  const instance = await startInstance(t)
  for (const version of ['2.0', '2.1']) {
    const { software, protocols } = parseNodeInfo((await instance.guest().get(`/nodeinfo/${version}`)).json()) ?? {}
    assert.deepEqual([software?.name, protocols], ['skerry', ['activitypub']])
  }
})
