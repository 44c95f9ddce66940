import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OrderedCollection, OrderedCollectionPage } from '@fedify/fedify/vocab'
import { posts } from '#db/schema/posts.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { write } from '#test/federation/acts.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { reader } from '#test/federation/sign-get.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

const asPeer = { accept: 'application/activity+json' }
const pathOf = (uri: string) => new URL(uri).pathname

async function loadNothing(url: string): Promise<never> {
  throw new Error(`${url} had to be loaded.`)
}

test('a conversation that began here is one collection, oldest first, which its posts name; each asker finds what is for them', async (t) => {
  const instance = await startInstance(t)
  const near = await startPeer(t, instance, 'near.test')
  const ben = await reader(instance, near, 'ben')
  const alice = (await whoIs(instance, 'alice')).account
  const bob = (await whoIs(instance, 'bob')).account
  await near.follows(ben.account, bob)
  const root = await write(instance, 'alice', 'the root')
  const answer = await write(instance, 'bob', 'an answer', 'public', { replyToId: root.id })
  const among = await write(instance, 'bob', 'among us', 'followers', { replyToId: answer.id })
  const deep = await write(instance, 'alice', 'deeper', 'unlisted', { replyToId: answer.id })
  const gone = await write(instance, 'bob', 'gone', 'public', { replyToId: root.id })
  await deletePost(instance.ctx, await whoIs(instance, 'bob'), { postId: gone.id })
  const get = async (path: string) => (await instance.guest().get(path, asPeer)).json()
  for (const post of [root, answer, deep]) assert.equal((await get(pathOf(post.uri))).context, `${root.uri}/context`)
  assert.equal((await ben.get(pathOf(among.uri))).json().context, undefined)

  const path = `${pathOf(root.uri)}/context`
  const collection = await OrderedCollection.fromJsonLd(await get(path), { documentLoader: loadNothing })
  assert.equal(collection.totalItems, 3)
  assert.equal(collection.attributionId?.href, alice.uri)
  const page = await OrderedCollectionPage.fromJsonLd(await get(`${path}?page=1`), { documentLoader: loadNothing })
  assert.deepEqual(
    page.itemIds.map((id) => id.href),
    [root.uri, answer.uri, deep.uri]
  )
  const forBen = await ben.get(`${path}?page=1`)
  assert.deepEqual(forBen.json().orderedItems, [root.uri, answer.uri, among.uri, deep.uri])
  assert.equal(forBen.headers['cache-control'], 'private, no-store')
  assert.equal((await get(`${pathOf(answer.uri)}/replies`)).totalItems, 1)
  assert.deepEqual((await ben.get(`${pathOf(answer.uri)}/replies?page=1`)).json().items, [among.uri, deep.uri])
  // Only its first post has the conversation.
  assert.equal((await instance.guest().get(`${pathOf(answer.uri)}/context`, asPeer)).statusCode, 404)
  await deletePost(instance.ctx, await whoIs(instance, 'alice'), { postId: root.id })
  assert.equal((await instance.guest().get(path, asPeer)).statusCode, 410)
  assert.equal((await get(pathOf(answer.uri))).context, undefined)
})

test('a long conversation is read fifty at a time, none twice', async (t) => {
  const instance = await startInstance(t)
  const alice = (await whoIs(instance, 'alice')).account
  const root = await write(instance, 'alice', 'the root')
  await instance.ctx.transact(async (tx) => {
    const rows = Array.from({ length: 120 }, () => {
      const id = tx.newId()
      return {
        id,
        uri: `${alice.uri}/${id}`,
        authorId: alice.id,
        threadId: root.id,
        replyToId: root.id,
        html: 'x',
        visibility: 'public' as const,
        isLocal: true,
        createdAt: tx.now
      }
    })
    await tx.insert(posts).values(rows)
  })
  for (const [name, items, count] of [
    ['context', 'orderedItems', 121],
    ['replies', 'items', 120]
  ] as const) {
    const seen: string[] = []
    let next: string | undefined = `${root.uri}/${name}?page=1`
    while (next !== undefined) {
      const url: URL = new URL(next)
      const page: { next?: string; partOf: string } & Record<string, unknown> = (
        await instance.guest().get(url.pathname + url.search, asPeer)
      ).json()
      assert.equal(page.partOf, `${root.uri}/${name}`)
      assert.ok((page[items] as string[]).length <= 50)
      seen.push(...(page[items] as string[]))
      next = page.next
    }
    assert.equal(new Set(seen).size, count)
    assert.equal(seen.length, count)
  }
})

test('a deleted post that was not for everybody is gone for whom it was, and was never there for the others', async (t) => {
  const instance = await startInstance(t)
  const near = await startPeer(t, instance, 'near.test')
  const [ben, mallory] = [await reader(instance, near, 'ben'), await reader(instance, near, 'mallory')]
  const alice = await whoIs(instance, 'alice')
  await near.follows(ben.account, alice.account)
  const among = await write(instance, 'alice', 'among us', 'followers')
  const direct = await write(instance, 'alice', '@ben@near.test only you', 'direct')
  const open = await write(instance, 'alice', 'everybody')
  for (const post of [among, direct, open]) await deletePost(instance.ctx, alice, { postId: post.id })
  for (const post of [among, direct]) {
    const answer = await ben.get(pathOf(post.uri))
    assert.equal(answer.statusCode, 410)
    assert.deepEqual([answer.json().type, answer.json().id, answer.headers['cache-control']], ['Tombstone', post.uri, 'private, no-store'])
    assert.equal((await mallory.get(pathOf(post.uri))).statusCode, 404)
    assert.equal((await instance.guest().get(pathOf(post.uri), asPeer)).statusCode, 404)
    assert.equal((await ben.get(`${pathOf(post.uri)}/replies`)).statusCode, 410)
    assert.equal((await mallory.get(`${pathOf(post.uri)}/replies`)).statusCode, 404)
  }
  const tombstone = await instance.guest().get(pathOf(open.uri), asPeer)
  assert.deepEqual([tombstone.statusCode, tombstone.json().type], [410, 'Tombstone'])
})

test('a person says on a page whether follows are listed and posts signed; both hold at once, here and for other servers', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben', { displayName: 'Benjamin', host: 'near.test' }), alice.account)
  const { uri } = await write(instance, 'alice', 'signed at first')
  const get = async (path: string) => instance.guest().get(path, asPeer)
  assert.ok((await get(pathOf(uri))).json().proof)
  assert.equal((await get('/@alice/followers?page=1')).json().orderedItems.length, 1)
  assert.match(await instance.guest().page('/@alice/followers'), /Benjamin/)
  assert.match(await alice.page('/settings/privacy'), /after you have deleted it/)
  await alice.submit('/settings/privacy', {})
  assert.equal((await get(pathOf(uri))).json().proof, undefined)
  const followers = await get('/@alice/followers')
  assert.deepEqual([followers.statusCode, followers.json().first], [200, undefined])
  assert.equal((await get('/@alice/followers?page=1')).statusCode, 404)
  const page = await instance.guest().page('/@alice/followers')
  assert.doesNotMatch(page, /Benjamin/)
  assert.match(await alice.page('/@alice/followers'), /Benjamin/)
  await alice.submit('/settings/privacy', { provesPosts: 'yes', listsFollows: 'yes' })
  assert.ok((await get(pathOf(uri))).json().proof)
})
