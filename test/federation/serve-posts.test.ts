import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { test } from 'node:test'
import { signRequest } from '@fedify/fedify/sig'
import { Announce, Create, Document, Hashtag, Mention, Note } from '@fedify/fedify/vocab'
import httpSignature from 'http-signature'
import { media } from '#db/schema/media.ts'
import { boostPost } from '#server/posts/boost-post.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { block, limitDomain, receiveNote, write } from '#test/federation/acts.ts'
import { type RecordingPeer, startPeer } from '#test/federation/recording-peer.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

const asPeer = { accept: 'application/activity+json' }
const everybody = 'https://www.w3.org/ns/activitystreams#Public'

async function loadNothing(url: string): Promise<never> {
  throw new Error(`${url} had to be loaded.`)
}

const pkcs8 = (pem: string) => createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' })

const pathOf = (uri: string) => new URL(uri).pathname

/** Headers of a GET signed by somebody on a peer, in draft-cavage, without Fedify. */
function signed(instance: Instance, path: string, keyId: string, privatePem: string): Record<string, string> {
  const headers: Record<string, string> = { host: instance.config.host, date: new Date(instance.clock.now()).toUTCString() }
  httpSignature.signRequest(
    {
      method: 'GET',
      path,
      getHeader: (name) => headers[name.toLowerCase()],
      setHeader: (name, value) => void (headers[name.toLowerCase()] = value)
    },
    { keyId, key: privatePem, algorithm: 'rsa-sha256', headers: ['(request-target)', 'host', 'date'], authorizationHeaderName: 'Signature' }
  )
  return { ...asPeer, ...headers }
}

/** Somebody on a peer who can sign, and whose documents the peer serves. */
async function signer(instance: Instance, peer: RecordingPeer, name: string) {
  const account = await peer.account(name)
  const pair = await peer.key(account)
  const get = (path: string) => instance.guest().get(path, signed(instance, path, `${account.uri}#main-key`, pair.privatePem))
  return { account, get }
}

test('a post is read whole by Fedify, and nothing has to be loaded for it', async (t) => {
  const instance = await startInstance(t)
  const { id: aliceId } = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  await near.account('ben')
  const post = await write(instance, 'alice', 'hello @ben@near.test #Island')
  await instance.ctx.transact((tx) =>
    tx.insert(media).values({
      id: tx.newId(),
      key: 'picturekey',
      accountId: aliceId,
      use: 'post',
      postId: post.id,
      alt: 'a lighthouse',
      mime: 'image/webp',
      width: 640,
      height: 480,
      focusX: 50,
      focusY: -25,
      createdAt: tx.now
    })
  )
  const answer = await instance.guest().get(pathOf(post.uri), asPeer)
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers['cache-control'], 'public, no-cache')
  const note = await Note.fromJsonLd(answer.json(), { documentLoader: loadNothing })
  assert.equal(note.id?.href, post.uri)
  assert.equal(note.attributionId?.href, 'https://skerry.test/@alice')
  assert.deepEqual(
    note.toIds.map((to) => to.href),
    [everybody]
  )
  assert.deepEqual(
    note.ccIds.map((cc) => cc.href),
    ['https://skerry.test/@alice/followers', 'https://near.test/users/ben']
  )
  assert.equal(note.sensitive, false)
  assert.ok(note.published)
  const tags = []
  for await (const tag of note.getTags()) tags.push(tag)
  assert.ok(tags.some((tag) => tag instanceof Mention && tag.href?.href === 'https://near.test/users/ben' && tag.name === '@ben@near.test'))
  assert.ok(tags.some((tag) => tag instanceof Hashtag && tag.name === '#island'))
  for await (const attachment of note.getAttachments()) {
    assert.ok(attachment instanceof Document)
    assert.equal(attachment.url?.toString(), 'https://skerry.test/media/picturekey')
    assert.equal(attachment.name, 'a lighthouse')
    assert.deepEqual([attachment.width, attachment.height], [640, 480])
  }
  assert.deepEqual(answer.json().attachment[0].focalPoint, [0.5, -0.25])
  assert.deepEqual(Object.keys(answer.json().contentMap), ['en'])
  assert.equal(note.repliesId?.href, `${post.uri}/replies`)
  assert.equal((await note.getLikes())?.totalItems, 0)
})

test('what is not public is not there for anybody unsigned, nor for strangers; a follower and whoever is addressed may read it', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  const follower = await signer(instance, near, 'ben')
  const stranger = await signer(instance, near, 'mallory')
  await near.follows(follower.account, alice)
  const among = pathOf((await write(instance, 'alice', 'among us', 'followers')).uri)
  const direct = pathOf((await write(instance, 'alice', '@ben@near.test only you', 'direct')).uri)
  for (const path of [among, direct]) {
    assert.equal((await instance.guest().get(path, asPeer)).statusCode, 404)
    assert.equal((await stranger.get(path)).statusCode, 404)
    const answer = await follower.get(path)
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['cache-control'], 'private, no-store')
    assert.match(String(answer.headers.vary), /Signature/)
    assert.equal((await instance.guest().get(path, asPeer)).statusCode, 404, 'an answer to one is not an answer to the next')
  }
})

test('a reader who signs by RFC 9421 is known as well', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  const ben = await near.account('ben')
  const { privatePem } = await near.key(ben)
  await near.follows(ben, alice)
  const { uri } = await write(instance, 'alice', 'among us', 'followers')
  const key = await crypto.subtle.importKey('pkcs8', pkcs8(privatePem), { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, true, ['sign'])
  const request = await signRequest(
    new Request(uri, { headers: { ...asPeer, date: new Date(instance.clock.now()).toUTCString() } }),
    key,
    new URL(`${ben.uri}#main-key`),
    { spec: 'rfc9421' }
  )
  const answer = await instance.guest().get(pathOf(uri), Object.fromEntries(request.headers))
  assert.equal(answer.statusCode, 200)
})

test('a signature by a key that its named owner does not list opens nothing', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  const evil = await startPeer(t, instance, 'evil.test')
  const ben = await near.account('ben')
  await near.key(ben)
  await near.follows(ben, alice)
  const mallory = await evil.account('mallory')
  const pair = await evil.key(mallory)
  evil.documents.set('/key', {
    type: 'application/activity+json',
    body: {
      '@context': 'https://w3id.org/security/v1',
      id: 'https://evil.test/key',
      type: 'CryptographicKey',
      owner: ben.uri,
      publicKeyPem: pair.publicPem
    }
  })
  const path = pathOf((await write(instance, 'alice', 'among us', 'followers')).uri)
  for (const keyId of ['https://evil.test/key', `${ben.uri}#main-key`]) {
    assert.equal((await instance.guest().get(path, signed(instance, path, keyId, pair.privatePem))).statusCode, 404)
  }
})

test('whoever is blocked, or comes from a suspended domain, is refused what everybody else may read', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  const blocked = await signer(instance, near, 'mallory')
  const other = await signer(instance, near, 'ben')
  const cut = await signer(instance, await startPeer(t, instance, 'cut.test'), 'eve')
  await block(instance, alice, blocked.account)
  await limitDomain(instance, 'cut.test')
  const path = pathOf((await write(instance, 'alice', 'hello')).uri)
  for (const each of ['/@alice/outbox', '/@alice/outbox?page=1', '/@alice/followers', path, `${path}/replies`]) {
    assert.equal((await blocked.get(each)).statusCode, 404, each)
    assert.equal((await cut.get(each)).statusCode, 403, each)
    assert.equal((await other.get(each)).statusCode, 200, each)
    assert.equal((await instance.guest().get(each, asPeer)).statusCode, 200, each)
  }
  // Without her keys their server could not believe that she blocked them.
  assert.deepEqual([(await blocked.get('/@alice')).statusCode, (await cut.get('/@alice')).statusCode], [200, 403])
})

test('a deleted post is a tombstone for those who could see it, and was never there for the others', async (t) => {
  const instance = await startInstance(t)
  const who = await whoIs(instance, 'alice')
  const open = await write(instance, 'alice', 'open')
  const closed = await write(instance, 'alice', 'closed', 'followers')
  for (const post of [open, closed]) await deletePost(instance.ctx, who, { postId: post.id })
  const answer = await instance.guest().get(pathOf(open.uri), asPeer)
  assert.equal(answer.statusCode, 410)
  assert.deepEqual([answer.json().type, answer.json().id], ['Tombstone', open.uri])
  assert.ok(!answer.body.includes('open<'))
  assert.equal((await instance.guest().get(pathOf(closed.uri), asPeer)).statusCode, 404)
})

test('a boost is an Announce at its own address', async (t) => {
  const instance = await startInstance(t)
  const near = await startPeer(t, instance, 'near.test')
  const who = await whoIs(instance, 'alice')
  const parent = await receiveNote(instance, await near.account('ben'), 'pass it on')
  const boost = (await boostPost(instance.ctx, who, { postId: parent.id }))!
  const answer = await instance.guest().get(pathOf(boost.uri), asPeer)
  const announce = await Announce.fromJsonLd(answer.json(), { documentLoader: loadNothing })
  assert.equal(announce.id?.href, boost.uri)
  assert.equal(announce.objectId?.href, parent.uri)
})

test('the outbox shows public and unlisted posts and counts no others, page by page', async (t) => {
  const instance = await startInstance(t)
  await instance.as('alice')
  for (let number = 0; number < 21; number += 1) await write(instance, 'alice', `post ${number}.`, number % 2 ? 'public' : 'unlisted')
  await write(instance, 'alice', 'MARKER among us', 'followers')
  const peer = instance.guest()
  const outbox = (await peer.get('/@alice/outbox', asPeer)).json()
  assert.equal(outbox.type, 'OrderedCollection')
  assert.equal(outbox.totalItems, 21)
  const seen: string[] = []
  for (let url: string | undefined = outbox.first; url; ) {
    const page = (await peer.get(url.replace('https://skerry.test', ''), asPeer)).json()
    assert.equal(page.type, 'OrderedCollectionPage')
    assert.equal(page.id, url)
    for (const item of page.orderedItems) {
      const create = await Create.fromJsonLd({ '@context': page['@context'], ...item }, { documentLoader: loadNothing })
      const object = await create.getObject()
      seen.push(String(object?.content))
    }
    url = page.next
  }
  assert.equal(seen.length, 21)
  assert.match(seen[0] ?? '', /post 20\./)
  assert.ok(!seen.join().includes('MARKER'))
  for (const query of ['page=-1', 'page=1&before=abc', 'page=1&before=99999999999999999999', 'page=1&before=0']) {
    assert.equal((await peer.get(`/@alice/outbox?${query}`, asPeer)).statusCode, 200, query)
  }
})

test('followers and following are counted and listed; answers are listed unless they are private', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  const ben = await near.account('ben')
  await near.follows(ben, alice)
  const peer = instance.guest()
  const page = (await peer.get('/@alice/followers?page=1', asPeer)).json()
  assert.deepEqual(page.orderedItems, [ben.uri])

  const post = await write(instance, 'alice', 'question')
  await instance.as('bob')
  const answer = await write(instance, 'bob', 'answer', 'public', { replyToId: post.id })
  await write(instance, 'bob', '@alice MARKER', 'direct', { replyToId: post.id })
  const replies = await peer.get(`${pathOf(post.uri)}/replies?page=1`, asPeer)
  assert.deepEqual(replies.json().items, [answer.uri])
  assert.equal((await peer.get(`${pathOf(post.uri)}/replies`, asPeer)).json().totalItems, 1)
  assert.equal((await peer.get(`${pathOf(post.uri)}/likes`, asPeer)).json().totalItems, 0)
})

test('odd requests get clear refusals', async (t) => {
  const instance = await startInstance(t)
  await instance.as('alice')
  await instance.as('bob')
  const post = await write(instance, 'alice', 'hello')
  const peer = instance.guest()
  for (const path of ['/@alice/0', '/@alice/99999999999999999999', '/@alice/abc', `/@bob/${post.id}`, '/@alice/1', `/@ALICE/${post.id}`]) {
    assert.equal((await peer.get(path, asPeer)).statusCode, 404, path)
  }
  for (const accept of ['application/activity+json;q=abc', 'application/ld+json', 'application/json, */*;q=0.1', ',,,;;', 'text/turtle']) {
    const { statusCode } = await peer.get(pathOf(post.uri), { accept })
    assert.ok(statusCode < 500, `${accept}: ${statusCode}`)
  }
})
