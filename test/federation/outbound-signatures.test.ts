import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyRequest } from '@fedify/fedify/sig'
import httpSignature from 'http-signature'
import { eq } from 'drizzle-orm'
import { peers } from '#db/schema/peers.ts'
import { signedGetHeaders } from '#server/federation/sign.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { write } from '#test/federation/acts.ts'
import { type Received, startPeer } from '#test/federation/recording-peer.ts'

async function documentOf(instance: Instance, path: string) {
  const answer = await instance.guest().get(path, { accept: 'application/activity+json' })
  assert.equal(answer.statusCode, 200)
  return answer.json()
}

/** As a server would that verifies with the http-signature library. */
async function checkWithLibrary(instance: Instance, received: Received, actorPath: string): Promise<void> {
  const headers = Object.fromEntries(Object.entries(received.headers).map(([name, value]) => [name, String(value)]))
  const parsed = httpSignature.parseRequest(
    { method: received.method, url: received.path, headers },
    { authorizationHeaderName: 'signature', clockSkew: 60 }
  )
  const actor = await documentOf(instance, actorPath)
  assert.equal(parsed.keyId, actor.publicKey.id)
  assert.equal(actor.publicKey.owner, actor.id)
  assert.equal(httpSignature.verifySignature(parsed, actor.publicKey.publicKeyPem), true)
}

/** As a server would that is made with Fedify. */
async function checkWithFedify(instance: Instance, peer: { origin: string }, received: Received, actorPath: string): Promise<void> {
  const actor = await documentOf(instance, actorPath)
  const request = new Request(peer.origin + received.path, {
    method: received.method,
    headers: Object.entries(received.headers).map(([name, value]) => [name, String(value)] as [string, string]),
    ...(received.method === 'GET' ? {} : { body: new Uint8Array(received.body) })
  })
  const key = await verifyRequest(request, {
    documentLoader: async (url) => ({ contextUrl: null, documentUrl: url, document: actor })
  })
  assert.ok(key, 'Fedify does not take the signature')
  assert.equal(key.id?.href, actor.publicKey.id)
}

test('a delivery in the older manner is taken by http-signature and by Fedify', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const peer = await startPeer(t, instance, 'near.test')
  await peer.follows(await peer.account('ben'), alice)
  await write(instance, 'alice', 'signed')
  await instance.runJobs()
  const [received] = peer.posts
  assert.ok(received)
  assert.match(String(received.headers.signature), /headers="\(request-target\) host date digest content-type"/)
  assert.equal(received.headers['content-type'], 'application/activity+json')
  assert.match(String(received.headers['user-agent']), /^Skerry\/\S+ \(\+https:\/\/skerry\.test\/\)$/)
  await checkWithLibrary(instance, received, '/@alice')
  await checkWithFedify(instance, peer, received, '/@alice')
})

test('a delivery by RFC 9421 is taken by Fedify', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const peer = await startPeer(t, instance, 'near.test')
  await peer.follows(await peer.account('ben'), alice)
  await instance.ctx.transact((tx) => tx.insert(peers).values({ host: 'near.test', signatureKind: 'rfc9421', firstSeenAt: tx.now }))
  await write(instance, 'alice', 'signed')
  await instance.runJobs()
  const [received] = peer.posts
  assert.ok(received?.headers['signature-input'])
  await checkWithFedify(instance, peer, received, '/@alice')
  assert.equal((await instance.ctx.db.select().from(peers).where(eq(peers.host, 'near.test')))[0]?.signatureKind, 'rfc9421')
})

test('a GET is signed by the instance actor, at each hop for the URL that is asked there', async (t) => {
  const instance = await startInstance(t)
  const peer = await startPeer(t, instance, 'near.test')
  for (const path of ['/notes/1', '/notes/1?page=2']) {
    peer.documents.set(path, { type: 'application/activity+json', body: {} })
    await instance.ctx.http.get(peer.origin + path, { accept: 'application/activity+json', headersFor: signedGetHeaders(instance.ctx) })
  }
  for (const received of peer.gets) await checkWithLibrary(instance, received, '/@instance')
  // Fedify leaves the query out of what it checks, against the draft.
  await checkWithFedify(instance, peer, peer.gets[0] as Received, '/@instance')
})
