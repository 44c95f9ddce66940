import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { OrderedCollection } from '@fedify/fedify/vocab'
import { pins } from '#db/schema/posts.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { startInstance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'
import { remote } from '#test/helpers/remote.ts'

const asPeer = { accept: 'application/activity+json' }

async function post(person: TestPerson, text: string, visibility = 'public'): Promise<string> {
  const { headers } = await person.submit('/posts', { text, visibility })
  return /post-(\d+)/.exec(String(headers.location))?.[1] ?? ''
}

/** Where words stand on a page; -1 for nowhere. */
const order = (body: string, ...words: string[]) => words.map((word) => body.indexOf(word))

test('a pinned post stands first on the profile, once, with a label; unpinned or deleted it does not', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const first = await post(ana, 'about this shore')
  await post(ana, 'a newer word')
  assert.equal((await ana.submit(`/posts/${first}/pin`)).statusCode, 303)
  const body = await instance.guest().page('/@ana')
  const [pinned, newer] = order(body, 'about this shore', 'a newer word')
  assert.ok(pinned! > 0 && pinned! < newer!)
  assert.equal(body.split('about this shore').length, 2)
  assert.match(body, /Pinned/)
  assert.match(await ana.page('/@ana'), /Unpin from profile/)
  await ana.submit(`/posts/${first}/unpin`)
  assert.doesNotMatch(await instance.guest().page('/@ana'), /Pinned/)
  await ana.submit(`/posts/${first}/pin`)
  await ana.submit(`/posts/${first}/delete`)
  assert.equal(await instance.ctx.db.$count(pins), 0)
})

test('five posts can be pinned, all of them one’s own and for everybody', async (t) => {
  const instance = await startInstance(t)
  const [ana, bob] = [await instance.as('ana'), await instance.as('bob')]
  for (let count = 0; count < 5; count += 1)
    await ana.submit(`/posts/${await post(ana, `word ${count}`, count % 2 ? 'unlisted' : 'public')}/pin`)
  assert.equal((await ana.submit(`/posts/${await post(ana, 'one too many')}/pin`)).statusCode, 409)
  assert.equal(await instance.ctx.db.$count(pins), 5)
  assert.equal((await ana.submit(`/posts/${await post(bob, 'of bob')}/pin`)).statusCode, 403)
  assert.equal((await bob.submit(`/posts/${await post(bob, 'for few', 'followers')}/pin`)).statusCode, 403)
  assert.equal((await ana.submit(`/posts/${await post(bob, 'hidden', 'followers')}/pin`)).statusCode, 404)
})

test('followers elsewhere are told by Add and Remove, and read the posts from the collection that the actor names', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const far = await remote(t, instance, 'far.test')
  const fan = await far.actor('fan')
  await fan.send(fan.activity('Follow', ana.account.uri))
  const [one, two] = [await post(ana, 'one'), await post(ana, 'two', 'unlisted')]
  await instance.runJobs()
  for (const id of [one, two]) await ana.submit(`/posts/${id}/pin`)
  await instance.runJobs()
  const featured = `${ana.account.uri}/featured`
  const add = far.received.find(({ activity }) => activity.type === 'Add' && activity.object === `${ana.account.uri}/${one}`)
  assert.deepEqual(
    { ...add?.activity, id: String(add?.activity.id).replace(/\d+$/, '1') },
    {
      '@context': 'https://www.w3.org/ns/activitystreams',
      id: `${ana.account.uri}#add-1`,
      type: 'Add',
      actor: ana.account.uri,
      to: ['https://www.w3.org/ns/activitystreams#Public'],
      cc: [`${ana.account.uri}/followers`],
      object: `${ana.account.uri}/${one}`,
      target: featured
    }
  )
  assert.equal((await instance.guest().get('/@ana', asPeer)).json().featured, featured)
  const answer = await instance.guest().get('/@ana/featured', asPeer)
  const collection = await OrderedCollection.fromJsonLd(answer.json())
  assert.equal(collection.totalItems, 2)
  assert.deepEqual(
    answer.json().orderedItems.map((item: { id: string; content: string }) => [item.id, item.content]),
    [
      [`${ana.account.uri}/${two}`, '<p>two</p>'],
      [`${ana.account.uri}/${one}`, '<p>one</p>']
    ]
  )
  await ana.submit(`/posts/${one}/unpin`)
  await instance.runJobs()
  const [remove] = far.received.filter(({ activity }) => activity.type === 'Remove')
  assert.deepEqual([remove?.activity.object, remove?.activity.target], [`${ana.account.uri}/${one}`, featured])
  assert.equal((await instance.guest().get('/@ana/featured', { accept: 'text/html' })).headers.location, '/@ana')
})

test('what others pin is shown first on their profile here, fetched when it is not known, and goes with Remove or Delete', async (t) => {
  const world = await startWorld(t)
  const { b, instance } = world
  const target = `${b.uri}/featured`
  b.document.featured = target
  await world.knowing(b)
  const [old, other] = [b.note('pinned long ago'), b.note('pinned too')]
  await b.send(b.activity('Add', old.id, { target }))
  await b.send(b.activity('Create', other))
  await b.send(b.activity('Add', other.id, { target }))
  await instance.runJobs()
  const body = await instance.guest().page(`/@${b.handle}`)
  assert.equal(body.split('Pinned<').length, 3)
  await b.send(b.activity('Remove', old.id, { target }))
  await b.send(b.activity('Delete', other.id))
  await instance.runJobs()
  const ben = (await world.accountAt(b.uri))!
  assert.equal(await instance.ctx.db.$count(pins, eq(pins.accountId, ben.id)), 0)
})
