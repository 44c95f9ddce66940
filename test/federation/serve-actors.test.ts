import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import { Application, type Multikey, Object as AnyObject, Person, PropertyValue } from '@fedify/fedify/vocab'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { startInstance } from '#test/helpers/instance.ts'

const asPeer = { accept: 'application/activity+json' }

/** No context may have to be loaded to read what we serve, beyond those that every server carries along. */
async function loadBundled(url: string): Promise<never> {
  throw new Error(`${url} had to be loaded.`)
}

test('an actor is read whole by Fedify: names, pictures, addresses, both keys', async (t) => {
  const instance = await startInstance(t)
  const { id } = (await instance.as('alice')).account
  await instance.ctx.transact((tx) =>
    tx
      .update(accounts)
      .set({
        displayName: 'Alice & Co',
        bioHtml: '<p>Hi</p>',
        fields: [{ name: 'Web', valueHtml: '<a href="https://a.test">a</a>' }],
        isLocked: true,
        alsoKnownAs: ['https://old.test/users/alice']
      })
      .where(eq(accounts.id, id))
  )
  const answer = await instance.guest().get('/@alice', asPeer)
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers['content-type'], 'application/activity+json; charset=utf-8')
  assert.match(String(answer.headers.vary), /Accept/)
  const person = await Person.fromJsonLd(answer.json(), { documentLoader: loadBundled })
  assert.equal(person.id?.href, 'https://skerry.test/@alice')
  assert.equal(person.preferredUsername, 'alice')
  assert.equal(person.name, 'Alice & Co')
  assert.equal(person.summary, '<p>Hi</p>')
  assert.equal(person.inboxId?.href, 'https://skerry.test/@alice/inbox')
  assert.equal(person.outboxId?.href, 'https://skerry.test/@alice/outbox')
  assert.equal(person.followersId?.href, 'https://skerry.test/@alice/followers')
  assert.equal(person.followingId?.href, 'https://skerry.test/@alice/following')
  assert.equal(person.featuredId?.href, 'https://skerry.test/@alice/featured')
  assert.equal(person.endpoints?.sharedInbox?.href, 'https://skerry.test/inbox')
  assert.equal(person.manuallyApprovesFollowers, true)
  assert.equal(person.discoverable, true)
  assert.equal(person.indexable, false)
  assert.equal(person.suspended, false)
  assert.ok(person.published)
  const key = await person.getPublicKey()
  assert.equal(key?.id?.href, 'https://skerry.test/@alice#main-key')
  assert.equal(key?.publicKey?.algorithm.name, 'RSASSA-PKCS1-v1_5')
  assert.equal(createPublicKey(answer.json().publicKey.publicKeyPem).asymmetricKeyDetails?.modulusLength, 2048)
  const multikeys: Multikey[] = []
  for await (const each of person.getAssertionMethods()) multikeys.push(each)
  assert.equal(multikeys[0]?.publicKey?.algorithm.name, 'Ed25519')
  assert.equal(multikeys[0]?.controllerId?.href, 'https://skerry.test/@alice')
  for await (const field of person.getAttachments()) {
    assert.ok(field instanceof PropertyValue)
    assert.equal(field.name, 'Web')
    assert.equal(field.value, '<a href="https://a.test">a</a>')
  }
  assert.deepEqual(answer.json().alsoKnownAs, ['https://old.test/users/alice'])
  assert.equal(answer.json().webfinger, 'alice@skerry.test')
})

test('the instance actor is served to everybody, unsigned, whatever they accept', async (t) => {
  const instance = await startInstance(t)
  for (const accept of ['application/activity+json', 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"', '*/*']) {
    const answer = await instance.guest().get('/@instance', { accept })
    assert.equal(answer.statusCode, 200, accept)
    const actor = await AnyObject.fromJsonLd(answer.json(), { documentLoader: loadBundled })
    assert.ok(actor instanceof Application)
    assert.equal((await actor.getPublicKey())?.id?.href, 'https://skerry.test/@instance#main-key')
    assert.equal(actor.inboxId?.href, 'https://skerry.test/@instance/inbox')
  }
  const outbox = await instance.guest().get('/@instance/outbox', asPeer)
  assert.equal(outbox.json().totalItems, 0)
})

test('whoever has an actor already is told that nothing changed; HEAD answers like GET; another spelling leads to the right one', async (t) => {
  const instance = await startInstance(t)
  await instance.as('alice')
  const peer = instance.guest()
  const first = await peer.get('/@alice', asPeer)
  const etag = String(first.headers.etag)
  assert.equal((await peer.get('/@alice', { ...asPeer, 'if-none-match': `W/${etag}, "x"` })).statusCode, 304)
  const head = await peer.request({ method: 'HEAD', url: '/@alice', headers: asPeer })
  assert.equal(head.statusCode, 200)
  assert.equal(head.headers.etag, etag)
  assert.equal(head.body, '')
  const other = await peer.get('/@ALICE', asPeer)
  assert.equal(other.statusCode, 301)
  assert.equal(other.headers.location, 'https://skerry.test/@alice')
  assert.equal((await peer.get('/@nobody', asPeer)).statusCode, 404)
})

test('a suspended actor says so and nothing else; an erased one is a tombstone', async (t) => {
  const instance = await startInstance(t)
  const { id } = (await instance.as('alice')).account
  await instance.ctx.transact((tx) =>
    tx.update(accounts).set({ displayName: 'Alice', bioHtml: 'secret', suspendedAt: 1, suspendedBy: 'here' }).where(eq(accounts.id, id))
  )
  const suspended = await instance.guest().get('/@alice', asPeer)
  assert.equal(suspended.statusCode, 200)
  assert.equal(suspended.json().suspended, true)
  assert.ok(!suspended.body.includes('secret'))
  assert.ok(suspended.json().publicKey.publicKeyPem)
  for (const collection of ['outbox', 'followers', 'following']) {
    assert.equal((await instance.guest().get(`/@alice/${collection}`, asPeer)).statusCode, 404)
  }
  await instance.ctx.transact((tx) => tx.update(accounts).set({ deletedAt: 1 }).where(eq(accounts.id, id)))
  const gone = await instance.guest().get('/@alice', asPeer)
  assert.equal(gone.statusCode, 410)
  assert.equal(gone.json().type, 'Tombstone')
  const finger = await instance.guest().get('/.well-known/webfinger?resource=acct:alice@skerry.test', asPeer)
  assert.equal(finger.statusCode, 410)
})
