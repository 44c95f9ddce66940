import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGoToSocialWorld } from '#test/federation/gotosocial-world.ts'
import { testPassword } from '#test/helpers/people.ts'
import type { Json } from '#test/federation/gotosocial-rules.ts'

const objectOf = (activity: Json | undefined) => activity?.object as Json & { id: string }

test('GoToSocial passes over nothing of what our people write, change and delete', async (t) => {
  const { instance, alice, gts, zork, say, hear, befriend, isContent } = await startGoToSocialWorld(t)
  await befriend()
  const plain = await say('plain words')
  await say('unlisted words', { visibility: 'unlisted' })
  await say('among friends', { visibility: 'followers' })
  await say('careful #welcome', { warning: 'a warning' })
  await say('**bold** @zork@gts.test directly', { visibility: 'direct' })
  const { post: theirs } = await hear('something to answer')
  await say('an @zork@gts.test answered', { replyTo: String(theirs.id) })
  instance.clock.advance(60_000)
  await alice.submit(`/posts/${plain.id}/edit`, { text: 'plainer words' })
  await instance.runJobs()
  const creates = gts.of('Create').map(objectOf)
  assert.equal(creates.length, 6)
  assert.equal(creates.at(-1)?.inReplyTo, theirs.uri)
  assert.equal(objectOf(gts.of('Update')[0]).content, '<p>plainer words</p>')
  // Whatever was told is the same when it is fetched: another date of publication would be refused.
  for (const { id, published } of creates) assert.equal((await gts.read(id, zork, 'post'))?.published, published)
  await alice.submit(`/posts/${plain.id}/delete`)
  await instance.runJobs()
  assert.equal(gts.of('Delete').length, 1)
  isContent()
})

test('GoToSocial finds replies to our posts by what the post itself embeds', async (t) => {
  const { gts, zork, say, befriend, isContent } = await startGoToSocialWorld(t)
  await befriend()
  const root = await say('the root')
  const answer = await say('the answer', { replyTo: String(root.id) })
  const post = await gts.read(root.uri, zork, 'post')
  const first = (post?.replies as Json | undefined)?.first as Json | undefined
  const page = await gts.read(String(first?.next), zork)
  assert.deepEqual([page?.type, page?.items], ['CollectionPage', [answer.uri]])
  isContent()
})

test('GoToSocial counts what our accounts have, and reads what they show first', async (t) => {
  const { instance, alice, gts, zork, say, befriend, isContent } = await startGoToSocialWorld(t)
  await befriend()
  const pinned = await say('first of all')
  await alice.submit(`/posts/${pinned.id}/pin`)
  await instance.runJobs()
  const me = String(alice.account.uri)
  const actor = await gts.read(me, zork, 'actor')
  for (const place of ['outbox', 'followers', 'following', 'featured']) {
    const collection = await gts.read(String(actor?.[place]), zork)
    assert.deepEqual([place, collection?.type, collection?.totalItems], [place, 'OrderedCollection', 1])
    // Featured posts are looked for in the collection itself, never on a page.
    if (place === 'featured') assert.equal((collection?.orderedItems as Json[] | undefined)?.[0]?.id, pinned.uri)
  }
  isContent()
})

test('GoToSocial takes what our people do with its posts and accounts, and what they take back', async (t) => {
  const { instance, alice, gts, hear, known, befriend, isContent } = await startGoToSocialWorld(t)
  await befriend()
  const { post } = await hear('worth a lot')
  for (const act of ['favourite', 'unfavourite', 'favourite', 'boost', 'unboost', 'boost']) {
    await alice.submit(`/posts/${post.id}/${act}`)
    await instance.runJobs()
  }
  await alice.submit(`/posts/${post.id}/react`, { emoji: '🎉' })
  await instance.runJobs()
  await alice.submit(`/posts/${post.id}/report`, { comment: 'not nice', category: 'other', forward: 'on' })
  await instance.runJobs()
  const { id } = await known()
  for (const act of ['unfollow', 'follow', 'block', 'unblock', 'block']) {
    await alice.submit(`/accounts/${id}/${act}`)
    await instance.runJobs()
  }
  const types = gts.received.map(({ activity }) => activity.type).slice(2)
  assert.deepEqual(types.slice(0, 10), ['Like', 'Undo', 'Like', 'Announce', 'Undo', 'Announce', 'Like', 'Flag', 'Undo', 'Follow'])
  // What a block leads to goes side by side.
  assert.deepEqual(
    [types.slice(10, 13).sort(), types.slice(13)],
    [
      ['Block', 'Reject', 'Undo'],
      ['Undo', 'Block']
    ]
  )
  // It remembers the ids of what it saw, as Fedify does too: what is done again has another.
  const ids = gts.received.map(({ activity }) => activity.id)
  assert.equal(new Set(ids).size, ids.length, 'no id is used twice')
  isContent()
})

test('GoToSocial hears that one of ours changes, moves away, or is erased', async (t) => {
  const { instance, alice, gts, zork, befriend, isContent } = await startGoToSocialWorld(t)
  await befriend()
  await alice.submit('/settings/profile', {
    displayName: 'Alice B.',
    bio: 'hello',
    fieldName1: 'Site',
    fieldValue1: 'https://alice.example'
  })
  await instance.runJobs()
  assert.equal(objectOf(gts.of('Update')[0]).name, 'Alice B.')
  const next = await gts.account('next', { alsoKnownAs: [alice.account.uri] })
  await instance.ctx.fediverse.resolve('@next@gts.test')
  const moved = await alice.submit('/settings/moving/move', { target: '@next@gts.test', password: testPassword })
  await instance.runJobs()
  assert.ok([200, 303].includes(moved.statusCode))
  const [move] = gts.of('Move')
  assert.deepEqual([move?.object, move?.target], [alice.account.uri, next.uri])
  assert.equal((await gts.read(String(alice.account.uri), zork, 'actor'))?.movedTo, next.uri)
  await alice.submit('/settings/account/deletion', { name: 'alice', password: testPassword })
  await instance.runJobs()
  assert.deepEqual(gts.of('Delete').at(-1)?.object, alice.account.uri)
  isContent()
})
