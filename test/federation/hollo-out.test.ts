import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Activity,
  Add,
  Announce,
  Block,
  Create,
  Delete,
  Flag,
  Follow,
  isActor,
  Like,
  Move,
  Note,
  Question,
  Remove,
  Undo,
  Update
} from '@fedify/fedify/vocab'
import { faultsOfActor, readAsPost, watchAsHollo } from '#test/federation/hollo-rules.ts'
import { startHolloWorld } from '#test/federation/hollo-world.ts'
import { testPassword } from '#test/helpers/people.ts'

test('Hollo takes what our people write, change, pin and delete', async (t) => {
  const { aliceThere, hollo, hong, instance, say, press, befriend } = await startHolloWorld(t)
  watchAsHollo(hollo)
  await befriend()
  const audiences: [string, string][] = [
    ['public', 'public'],
    ['unlisted', 'unlisted'],
    ['followers', 'private'],
    ['direct', 'direct']
  ]
  for (const [visibility, audience] of audiences) {
    const post = await say(`${visibility} for @hong@hollo.test #sea :no_such:`, { visibility, warning: 'waves' })
    const created = hollo.of(Create).at(-1)
    const note = await created?.getObject()
    assert.ok(note instanceof Note)
    const read = await readAsPost(note, aliceThere.followersId)
    assert.deepEqual([note.id?.href, read.audience, read.mentions, read.faults], [post.uri, audience, [`@hong@hollo.test ${hong.uri}`], []])
    assert.deepEqual([note.summary?.toString(), note.sensitive], ['waves', true])
  }
  const post = await say('once')
  instance.clock.advance(2_000)
  await press(`/posts/${post.id}/edit`, { text: 'twice' })
  const updated = await hollo.of(Update).at(-1)?.getObject()
  assert.match(String(updated?.content), /twice/)
  assert.ok(updated?.updated && updated.published && updated.updated.epochMilliseconds > updated.published.epochMilliseconds)
  await press(`/posts/${post.id}/pin`)
  assert.equal(hollo.of(Add).at(-1)?.objectId?.href, post.uri)
  await press(`/posts/${post.id}/unpin`)
  assert.equal(hollo.of(Remove).length, 1)
  await press(`/posts/${post.id}/delete`)
  assert.equal(hollo.of(Delete).length, 1)
  const poll = await say('which?', { pollOption1: 'a', pollOption2: 'b', pollEnds: '3600' })
  const question = await hollo.read(poll.uri)
  assert.ok(question instanceof Question)
  assert.deepEqual((await readAsPost(question, null)).options, [
    ['a', 0],
    ['b', 0]
  ])
  assert.deepEqual(hollo.faults, [])
})

test('Hollo takes what our people do with its posts and accounts, and take back', async (t) => {
  const { hollo, hear, known, press, befriend } = await startHolloWorld(t)
  watchAsHollo(hollo)
  await befriend()
  const { post } = await hear('worth a lot')
  for (const act of ['favourite', 'unfavourite', 'favourite', 'boost', 'unboost', 'boost']) await press(`/posts/${post.id}/${act}`)
  await press(`/posts/${post.id}/react`, { emoji: '🎉' })
  await press(`/posts/${post.id}/unreact`, { emoji: '🎉' })
  await press(`/posts/${post.id}/react`, { emoji: '🎉' })
  await press(`/posts/${post.id}/report`, { comment: 'not nice', category: 'other', forward: 'on' })
  const { id } = await known()
  for (const act of ['unfollow', 'follow', 'block', 'unblock', 'block']) await press(`/accounts/${id}/${act}`)
  const verbs = [Like, Announce, Undo, Flag, Follow, Block] as (typeof Activity)[]
  // A reaction is a Like with the emoji as its content.
  assert.deepEqual(
    verbs.map((verb) => hollo.of(verb).length),
    [4, 2, 6, 1, 2, 2]
  )
  assert.deepEqual(hollo.faults, [])
})

test('Hollo hears that one of ours changes, moves away, or is erased', async (t) => {
  const { alice, hollo, instance, press, befriend } = await startHolloWorld(t)
  watchAsHollo(hollo)
  await befriend()
  await press('/settings/profile', { displayName: 'Alice B.', bio: 'hello', fieldName1: 'Site', fieldValue1: 'https://alice.example' })
  const changed = await hollo.of(Update).at(-1)?.getObject()
  assert.ok(isActor(changed))
  assert.deepEqual([changed.name?.toString(), await faultsOfActor(hollo, changed)], ['Alice B.', []])
  const ming = hollo.account('ming')
  hollo.aliases.set('ming', [new URL(String(alice.account.uri))])
  await instance.ctx.fediverse.resolve('@ming@hollo.test')
  await alice.submit('/settings/moving/move', { target: '@ming@hollo.test', password: testPassword })
  await instance.runJobs()
  const [move] = hollo.of(Move)
  assert.deepEqual([move?.objectId?.href, move?.targetId?.href], [alice.account.uri, ming.uri.href])
  await alice.submit('/settings/account/deletion', { name: 'alice', password: testPassword })
  await instance.runJobs()
  assert.deepEqual(hollo.faults, [])
  assert.equal(hollo.of(Delete).at(-1)?.objectId?.href, alice.account.uri)
})
