import assert from 'node:assert/strict'
import { test } from 'node:test'
import { activities, deliveries } from '#db/schema/peers.ts'
import { favourites } from '#db/schema/posts.ts'
import { boostPost, insertBoost, unboostPost } from '#server/posts/boost-post.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { favouritePost, unfavouritePost } from '#server/posts/favourite-post.ts'
import { addFollowers, block, limitDomain, receiveNote, write } from '#test/federation/acts.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

const everybody = 'https://www.w3.org/ns/activitystreams#Public'

test('a public post goes once to each inbox that followers share', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  const far = await startPeer(t, instance, 'far.test')
  for (const name of ['ben', 'cleo', 'dora']) await near.follows(await near.account(name), alice)
  await far.follows(await far.account('eve', { sharedInboxUrl: null }), alice)

  const post = await write(instance, 'alice', 'hello #Island')
  await instance.runJobs()

  assert.deepEqual(
    near.posts.map((one) => one.path),
    ['/inbox']
  )
  assert.deepEqual(
    far.posts.map((one) => one.path),
    ['/users/eve/inbox']
  )
  const create = near.posts[0]?.json
  assert.equal(create?.type, 'Create')
  assert.equal(create?.actor, 'https://skerry.test/@alice')
  assert.equal(create?.id, `${post.uri}#create`)
  assert.deepEqual(create?.to, [everybody])
  assert.deepEqual(create?.cc, ['https://skerry.test/@alice/followers'])
  assert.equal(create?.object.id, post.uri)
  assert.equal(create?.object.attributedTo, create?.actor)
  assert.match(create?.object.content, /hello/)
  assert.deepEqual(create?.object.tag, [{ type: 'Hashtag', href: 'https://skerry.test/tags/island', name: '#island' }])
  assert.equal(create?.object.bto, undefined)
  assert.equal(await instance.ctx.db.$count(deliveries), 0)
  assert.equal(await instance.ctx.db.$count(activities), 0)
})

test('unlisted and followers-only posts name their audience, and a direct post goes to personal inboxes alone', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  const ben = await near.account('ben')
  await near.follows(ben, alice)
  await near.account('cleo')

  await write(instance, 'alice', 'quietly', 'unlisted')
  await write(instance, 'alice', 'among us', 'followers')
  await write(instance, 'alice', '@cleo@near.test only you', 'direct')
  await instance.runJobs()

  const [direct, unlisted, followers] = ['only you', 'quietly', 'among us'].map((text) =>
    near.posts.find((one) => one.json.object.content.includes(text))
  )
  assert.deepEqual([unlisted?.json.to, unlisted?.json.cc], [['https://skerry.test/@alice/followers'], [everybody]])
  assert.deepEqual([followers?.json.to, followers?.json.cc], [['https://skerry.test/@alice/followers'], []])
  assert.deepEqual([direct?.json.to, direct?.json.cc], [['https://near.test/users/cleo'], []])
  assert.deepEqual(direct?.json.object.tag, [{ type: 'Mention', href: 'https://near.test/users/cleo', name: '@cleo@near.test' }])
  assert.equal(direct?.path, '/users/cleo/inbox')
  assert.equal(near.posts.length, 3)
  assert.equal(JSON.stringify(near.posts.map((one) => one.json)).includes('"b'), false)
})

test('an edit is an Update of the same post, a deletion a Delete; an Update never overtakes the Create', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice)
  const post = await write(instance, 'alice', 'first')
  const who = await whoIs(instance, 'alice')
  await editPost(instance.ctx, who, { postId: post.id, text: 'second', language: 'en' })
  await instance.runJobs()
  await deletePost(instance.ctx, who, { postId: post.id })
  await instance.runJobs()

  assert.deepEqual(
    near.posts.map((one) => one.json.type),
    ['Create', 'Update', 'Delete']
  )
  assert.match(near.posts[1]?.json.object.content, /second/)
  assert.ok(near.posts[1]?.json.object.updated)
  assert.deepEqual(near.posts[2]?.json.object, { id: post.uri, type: 'Tombstone' })
  assert.equal(new Set(near.posts.map((one) => one.json.id)).size, 3)
})

test('whoever boosted or liked a post from elsewhere hears of its end too', async (t) => {
  const instance = await startInstance(t)
  const near = await startPeer(t, instance, 'near.test')
  const far = await startPeer(t, instance, 'far.test')
  const [ben, eve] = [await near.account('ben'), await far.account('eve')]
  const post = await write(instance, 'alice', 'popular')
  await instance.ctx.transact(async (tx) => {
    await tx.insert(favourites).values({ id: tx.newId(), accountId: ben.id, postId: post.id, uri: `${ben.uri}#like`, createdAt: tx.now })
    await insertBoost(tx, post, { id: tx.newId(), uri: `${eve.uri}/boosts/1`, boosterId: eve.id, isLocal: false, createdAt: tx.now })
  })
  await deletePost(instance.ctx, await whoIs(instance, 'alice'), { postId: post.id })
  await instance.runJobs()
  for (const peer of [near, far]) {
    assert.deepEqual(
      peer.posts.map((one) => one.json.type),
      ['Delete']
    )
  }
})

test('a post deleted before it was ever sent reaches nobody, neither it nor its end', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice)
  const down = await startPeer(t, instance, 'down.test')
  await down.follows(await down.account('eve'), alice)
  down.answer = () => ({ status: 503 })
  await write(instance, 'alice', 'before')
  await instance.runJobs()
  const post = await write(instance, 'alice', 'regretted')
  await instance.runJobs()
  await deletePost(instance.ctx, await whoIs(instance, 'alice'), { postId: post.id })
  await instance.runJobs()
  down.answer = () => ({ status: 202 })
  instance.clock.advance(3_600_000)
  await instance.runJobs()

  assert.deepEqual(
    near.posts.map((one) => one.json.type),
    ['Create', 'Create', 'Delete']
  )
  assert.deepEqual(
    down.posts.map((one) => one.json.type),
    ['Create', 'Create']
  )
  assert.ok(down.posts.every((one) => !one.body.includes('regretted')))
})

test('a reply goes to the author it answers, followed or not', async (t) => {
  const instance = await startInstance(t)
  await instance.as('alice')
  const near = await startPeer(t, instance, 'near.test')
  const ben = await near.account('ben')
  const parent = await receiveNote(instance, ben, 'what do you think?')
  const reply = await write(instance, 'alice', 'a lot', 'public', { replyToId: parent.id })
  await instance.runJobs()
  assert.equal(near.posts.length, 1)
  assert.equal(near.posts[0]?.json.object.inReplyTo, parent.uri)
  assert.equal(near.posts[0]?.json.object.id, reply.uri)
})

test('a boost is an Announce to the author and the followers, and its end an Undo of it', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  const far = await startPeer(t, instance, 'far.test')
  const ben = await near.account('ben')
  await far.follows(await far.account('eve'), alice)
  const parent = await receiveNote(instance, ben, 'pass it on')
  const who = await whoIs(instance, 'alice')
  const boost = (await boostPost(instance.ctx, who, { postId: parent.id }))!
  await instance.runJobs()
  await unboostPost(instance.ctx, who, { postId: parent.id })
  await instance.runJobs()

  for (const peer of [near, far]) {
    assert.deepEqual(
      peer.posts.map((one) => one.json.type),
      ['Announce', 'Undo']
    )
    const [announce, undo] = peer.posts.map((one) => one.json)
    assert.equal(announce?.id, boost.uri)
    assert.equal(announce?.object, parent.uri)
    assert.deepEqual(announce?.to, [everybody])
    assert.deepEqual(announce?.cc, ['https://skerry.test/@alice/followers', ben.uri])
    assert.equal(undo?.object.id, boost.uri)
    assert.equal(undo?.object.type, 'Announce')
    assert.equal(undo?.object.object, parent.uri)
  }
})

test('a favourite is a Like to the author alone, and its end an Undo of that Like', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  const far = await startPeer(t, instance, 'far.test')
  await far.follows(await far.account('eve'), alice)
  const parent = await receiveNote(instance, await near.account('ben'), 'nice?')
  const who = await whoIs(instance, 'alice')
  await favouritePost(instance.ctx, who, { postId: parent.id })
  await instance.runJobs()
  await unfavouritePost(instance.ctx, who, { postId: parent.id })
  await instance.runJobs()
  await favouritePost(instance.ctx, who, { postId: parent.id })
  await instance.runJobs()

  assert.equal(far.posts.length, 0)
  assert.deepEqual(
    near.posts.map((one) => one.json.type),
    ['Like', 'Undo', 'Like']
  )
  const [like, undo, again] = near.posts.map((one) => one.json)
  assert.equal(like?.object, parent.uri)
  assert.equal(undo?.object.id, like?.id)
  assert.notEqual(again?.id, like?.id)
})

test('nothing is sent to a suspended domain, a suspended account, or across a block', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const blocked = await startPeer(t, instance, 'sub.blocked.test')
  const near = await startPeer(t, instance, 'near.test')
  await blocked.follows(await blocked.account('mallory'), alice)
  const ben = await near.account('ben', { sharedInboxUrl: null })
  const cleo = await near.account('cleo', { sharedInboxUrl: null, suspendedAt: 1, suspendedBy: 'here' })
  const dora = await near.account('dora', { sharedInboxUrl: null })
  for (const follower of [ben, cleo, dora]) await near.follows(follower, alice)
  await limitDomain(instance, 'blocked.test')
  await block(instance, dora, alice)
  await write(instance, 'alice', 'for some')
  await instance.runJobs()
  assert.equal(blocked.posts.length, 0)
  assert.deepEqual(
    near.posts.map((one) => one.path),
    ['/users/ben/inbox']
  )
})

test('followers on many servers are written in several transactions, each inbox once', async (t) => {
  // The queue alone: nothing is sent.
  const instance = await startInstance(t, { wiring: { otherLoops: () => [] } })
  const alice = (await instance.as('alice')).account
  await addFollowers(instance, alice, 1_203)
  await write(instance, 'alice', 'to very many')
  await instance.runJobs()
  assert.equal(await instance.ctx.db.$count(deliveries), 1_203)
  const stored = await instance.ctx.db.select().from(activities)
  assert.equal(stored.length, 1)
  assert.equal(stored[0]?.writtenUpTo, null)
})
