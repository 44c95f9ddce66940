import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Collection, Create, type Link, Note, type Object as AnyObject } from '@fedify/fedify/vocab'
import { actorOf } from '#test/federation/hollo.ts'
import { readAsPost } from '#test/federation/hollo-rules.ts'
import { type HolloWorld, startHolloWorld } from '#test/federation/hollo-world.ts'

async function itemsOf({ hollo }: HolloWorld, collection: Collection | null): Promise<(AnyObject | Link)[]> {
  assert.ok(collection)
  const documentLoader = await hollo.context.getDocumentLoader({ identifier: hollo.host })
  const items: (AnyObject | Link)[] = []
  for await (const item of hollo.context.traverseCollection(collection, { documentLoader })) items.push(item)
  return items
}

const idsOf = (items: (AnyObject | Link)[]) => items.map(({ id }) => String(id))

test('Fedify goes through all that our accounts and posts list', async (t) => {
  const world = await startHolloWorld(t)
  const { alice, hollo, say, press, befriend, instance } = world
  await befriend()
  const posts = []
  for (let number = 0; number < 22; number += 1) posts.push(await say(`number ${number}`))
  const [root] = posts
  assert.ok(root)
  const answers = [await say('one', { replyTo: String(root.id) }), await say('two', { replyTo: String(root.id) })]
  await press(`/posts/${root.id}/pin`)
  await instance.runJobs()
  const actor = await actorOf(hollo, alice.account.uri)
  const outbox = await itemsOf(world, await actor.getOutbox())
  assert.equal(outbox.length, 24)
  assert.ok(outbox.every((item) => item instanceof Create))
  assert.deepEqual(idsOf(await itemsOf(world, await actor.getFeatured())), [root.uri])
  const [followers, following] = [await actor.getFollowers(), await actor.getFollowing()]
  assert.deepEqual([followers?.totalItems, following?.totalItems], [1, 1])
  const note = await hollo.read(root.uri)
  assert.ok(note instanceof Note)
  const answered = idsOf(await itemsOf(world, await note.getReplies()))
  assert.deepEqual(answered.sort(), answers.map(({ uri }) => uri).sort())
  assert.deepEqual([(await note.getLikes())?.totalItems, (await note.getShares())?.totalItems], [0, 0])
  assert.deepEqual((await readAsPost(note, null)).faults, [])
})
