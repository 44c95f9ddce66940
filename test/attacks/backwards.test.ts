import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cleanToldPost } from '#server/posts/received-post.ts'
import { receivePost } from '#server/posts/receive-post.ts'
import { startWorld } from '#test/federation/attack-world.ts'

const longMax = 2_000

test('a thread that is sent from its end is moved as long as threads are, and no longer', { timeout: 60_000 }, async (t) => {
  const world = await startWorld(t)
  const { alice, e, instance } = world
  await world.knowing(e)
  const author = await world.accountAt(e.uri)
  assert.ok(author)
  const uri = (name: string, at: number) => `https://e.test/${name}/${at}`
  let moments = 100_000
  const chain = (name: string, count: number) =>
    instance.ctx.transact(async (tx) => {
      for (let at = 0; at < count; at++) {
        // Each in a moment of its own: a moment has only so many ids.
        const publishedAt = instance.clock.now() - moments--
        const said = { uri: uri(name, at), replyToUri: uri(name, at - 1), html: '<p>x</p>', type: 'Note', authorId: author.id, publishedAt }
        const nobody = { publicIn: 'to' as const, isForFollowers: true, mentionIds: [], silentIds: [], tags: [], media: [] }
        await receivePost(tx, instance.ctx.random, cleanToldPost({ ...said, ...nobody }))
      }
    })
  for (const [name, count, isMoved] of [
    ['short', 3, true],
    ['long', longMax + 1, false]
  ] as const) {
    await chain(name, count)
    const head = e.note(`head of ${name}`, { id: uri(name, -1) })
    assert.equal((await e.send(e.activity('Create', head))).status, 202)
    const [first, last, top] = await Promise.all([world.postAt(uri(name, 0)), world.postAt(uri(name, count - 1)), world.postAt(head.id)])
    assert.ok(first && last && top)
    assert.equal(first.replyToId, isMoved ? top.id : null, name)
    assert.equal(last.threadId, isMoved ? top.id : first.id, name)
    assert.equal((await alice.get(`/@eve@e.test/${first.id}`)).statusCode, 200, name)
    assert.equal((await alice.get(`/@eve@e.test/${last.id}`)).statusCode, 200, name)
  }
})
