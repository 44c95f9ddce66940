import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import {
  Announce,
  Block,
  Create,
  Delete,
  Emoji,
  EmojiReact,
  Flag,
  Follow,
  Image,
  Like,
  Move,
  Note,
  PUBLIC_COLLECTION,
  Reject,
  Undo
} from '@fedify/fedify/vocab'
import { blocks } from '#db/schema/follows.ts'
import { reports } from '#db/schema/moderation.ts'
import { posts } from '#db/schema/posts.ts'
import { reactions } from '#db/schema/reactions.ts'
import { findPoll } from '#server/polls/find-poll.ts'
import { type HolloWorld, startHolloWorld } from '#test/federation/hollo-world.ts'

async function countsOf({ instance }: HolloWorld, id: number) {
  const [row] = await instance.ctx.db.select().from(posts).where(eq(posts.id, id))
  const reacted = await instance.ctx.db.select().from(reactions).where(eq(reactions.postId, id))
  return [row?.favouritesCount, row?.boostsCount, reacted.map(({ emoji }) => emoji).join(' ')]
}

test('likes, reactions and boosts of Hollo come and are taken back', async (t) => {
  const world = await startHolloWorld(t)
  const { aliceThere, hollo, hong, say, tell, befriend } = world
  await befriend()
  const post = await say('likeable')
  const object = new URL(post.uri)
  const blobcat = new Emoji({
    id: new URL('/emojis/:blobcat:', hollo.origin),
    name: ':blobcat:',
    icon: new Image({ mediaType: 'image/png', url: new URL('/media/blobcat.png', hollo.origin) })
  })
  const base = { actor: hong.uri, object, to: aliceThere.id }
  const at = (part: string) => new URL(`${hong.uri}#${part}`)
  const like = new Like({ ...base, id: at(`likes/${object}`) })
  const smile = new EmojiReact({ ...base, id: at('react/1'), content: '😀' })
  const cat = new EmojiReact({ ...base, id: at('react/2'), content: ':blobcat:', tags: [blobcat] })
  await tell(like)
  assert.deepEqual(await countsOf(world, post.id), [1, 0, ''])
  await tell(new Undo({ id: at('unlike'), actor: hong.uri, object: like, to: aliceThere.id }))
  assert.deepEqual(await countsOf(world, post.id), [0, 0, ''])
  await tell(smile)
  await tell(cat)
  assert.deepEqual((await countsOf(world, post.id))[2], '😀 :blobcat@hollo.test:')
  await tell(new Undo({ id: at('unreact/1'), actor: hong.uri, object: smile, to: aliceThere.id }))
  await tell(new Undo({ id: at('unreact/2'), actor: hong.uri, object: cat, to: aliceThere.id }))
  assert.deepEqual((await countsOf(world, post.id))[2], '')

  const share = new Announce({
    id: new URL('/@hong/0199bb00#activity', hollo.origin),
    actor: hong.uri,
    object,
    tos: [PUBLIC_COLLECTION],
    ccs: [hong.followers, ...(aliceThere.id ? [aliceThere.id] : [])],
    published: like.published
  })
  await tell(share)
  assert.deepEqual(await countsOf(world, post.id), [0, 1, ''])
  await tell(new Undo({ id: new URL('#unshare', share.id ?? ''), actor: hong.uri, object: share, tos: share.toIds, ccs: share.ccIds }))
  assert.deepEqual(await countsOf(world, post.id), [0, 0, ''])
  assert.deepEqual(hollo.faults, [])
})

test('votes of Hollo come one an activity, by poll and choice', async (t) => {
  const world = await startHolloWorld(t)
  const { aliceThere, hong, say, tell, befriend, instance } = world
  await befriend()
  const post = await say('which?', { pollOption1: 'this one', pollOption2: 'that/one', pollChoice: 'many', pollEnds: '3600' })
  for (const name of ['this one', 'that/one']) {
    const id = new URL(`${hong.uri}#votes/0199cc/${encodeURIComponent(name)}`)
    const vote = new Note({ id, name, attribution: hong.uri, replyTarget: new URL(post.uri), to: aliceThere.id })
    await tell(new Create({ id: new URL(`${id.href}/activity`), actor: hong.uri, object: vote, to: aliceThere.id }))
  }
  const poll = await findPoll(instance.ctx.db, post.id)
  assert.deepEqual(
    poll?.options.map(({ votesCount }) => votesCount),
    [1, 1]
  )
})

test('a report of Hollo comes from its very account', async (t) => {
  const { aliceThere, hong, say, tell, befriend, instance } = await startHolloWorld(t)
  await befriend()
  const post = await say('reportable')
  assert.ok(aliceThere.id)
  const id = new URL('/@hong/reports/0199', 'https://hollo.test')
  await tell(new Flag({ id, actor: hong.uri, objects: [new URL(post.uri), aliceThere.id], to: aliceThere.id, content: 'not nice' }))
  const [report] = await instance.ctx.db.select().from(reports)
  assert.equal(report?.comment, 'not nice')
})

test('a block of Hollo ends both follows, each time, though all have one id', async (t) => {
  const { aliceThere, alice, hollo, hong, known, press, accept, tell, stateOf, befriend, instance } = await startHolloWorld(t)
  await befriend()
  const { db } = instance.ctx
  const [here, there] = [String(alice.account.uri), hong.uri.href]
  const block = new Block({ id: new URL(`${hong.uri}#block/${here}`), actor: hong.uri, object: aliceThere.id })
  const mine = new Follow({ id: new URL(`${hong.uri}#follows/0199`), actor: hong.uri, object: aliceThere.id })
  for (const round of [1, 2]) {
    const theirs = hollo.of(Follow).at(-1)
    assert.ok(theirs)
    // Hollo goes by the clock on the wall and signs to the second: the same words under the same id within one would be a replay.
    instance.clock.advance(1_100)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await tell(new Undo({ id: new URL(`${hong.uri}#unfollows/${round}`), actor: hong.uri, object: mine }))
    const follow = new Follow({ id: theirs.id, actor: theirs.actorId, object: hong.uri })
    await tell(new Reject({ id: new URL(`${hong.uri}#reject/${round}`), actor: hong.uri, object: follow }))
    await tell(block)
    assert.deepEqual([await stateOf(here, there), await stateOf(there, here)], [undefined, undefined], `round ${round}`)
    assert.equal((await db.select().from(blocks)).length, 1, `round ${round}`)
    await tell(new Undo({ id: new URL(`${hong.uri}#unblock/${here}`), actor: hong.uri, object: block }))
    assert.equal((await db.select().from(blocks)).length, 0)
    if (round === 2) break
    await tell(mine)
    await press(`/accounts/${(await known()).id}/follow`)
    const again = hollo.of(Follow).at(-1)
    assert.ok(again && again.id?.href !== theirs.id?.href)
    await accept(again)
    assert.deepEqual([await stateOf(here, there), await stateOf(there, here)], ['accepted', 'accepted'])
  }
})

test('an account of Hollo moves with its followers, and is deleted', async (t) => {
  const { aliceThere, alice, hollo, hong, tell, befriend, hear, postAt, stateOf, instance } = await startHolloWorld(t)
  await befriend()
  const { note } = await hear('goodbye')
  const ming = hollo.account('ming')
  hollo.aliases.set('ming', [hong.uri])
  await tell(new Move({ id: new URL(`${hong.uri}#move`), actor: hong.uri, object: hong.uri, target: ming.uri, tos: [hong.followers] }))
  await instance.runJobs()
  assert.equal(await stateOf(String(alice.account.uri), ming.uri.href), 'pending')
  await tell(new Delete({ id: new URL(`${hong.uri}#delete`), actor: hong.uri, object: hong.uri, to: PUBLIC_COLLECTION }))
  assert.ok((await postAt(note.id)) === undefined || (await postAt(note.id))?.deletedAt)
  assert.equal(await stateOf(String(alice.account.uri), hong.uri.href), undefined)
  assert.ok(aliceThere)
})
