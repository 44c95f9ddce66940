import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { getDocumentLoader } from '@fedify/fedify/runtime'
import { verifyObject } from '@fedify/fedify/sig'
import { Create, Delete, Note, Update } from '@fedify/fedify/vocab'
import { users } from '#db/schema/sign-in.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { write } from '#test/federation/acts.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

type Json = Record<string, unknown>

/** Another implementation than ours, which knows of the author what the instance itself serves. */
async function fedify(instance: Instance) {
  const preloaded = getDocumentLoader()
  const actor = await get(instance, '/@alice')
  const documentLoader = async (url: string) =>
    url.startsWith('https://skerry.test/') ? { contextUrl: null, documentUrl: url, document: actor } : preloaded(url)
  return { documentLoader, contextLoader: preloaded }
}

async function get(instance: Instance, path: string): Promise<Json> {
  const answer = await instance.app.inject({ url: path, headers: { host: 'skerry.test', accept: 'application/activity+json' } })
  return JSON.parse(answer.body)
}

test('another implementation finds the proofs of Create, Update, Delete and of the post itself sound, and a changed word breaks them', async (t) => {
  const instance = await startInstance(t)
  const alice = await whoIs(instance, 'alice')
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice.account)
  const post = await write(instance, 'alice', 'signed and sealed — ünïcode \u{1F30A} "quoted"')
  await instance.runJobs()
  const document = await get(instance, new URL(post.uri).pathname)
  await editPost(instance.ctx, alice, { postId: post.id, text: 'signed again', language: 'en' })
  await instance.runJobs()
  await deletePost(instance.ctx, alice, { postId: post.id })
  await instance.runJobs()
  const options = await fedify(instance)
  const [create, update, erase] = near.posts.map((one) => one.json as Json)
  assert.ok(await verifyObject(Create, create, options))
  assert.ok(await verifyObject(Update, update, options))
  assert.ok(await verifyObject(Delete, erase, options))
  assert.ok(await verifyObject(Note, document, options))
  assert.equal(await verifyObject(Create, { ...create, published: '2026-01-01T00:00:00Z' }, options), null)
  assert.ok(create)
  const { '@context': context, ...proof } = create.proof as Json
  assert.deepEqual(context, create['@context'])
  assert.deepEqual(
    [proof.type, proof.cryptosuite, proof.verificationMethod, proof.proofPurpose],
    ['DataIntegrityProof', 'eddsa-jcs-2022', 'https://skerry.test/@alice#ed25519-key', 'assertionMethod']
  )
  assert.match(String(proof.created), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
})

test('what is not for everybody is never proven, nor is anything of whoever switched proofs off', async (t) => {
  const instance = await startInstance(t)
  const alice = await whoIs(instance, 'alice')
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice.account)
  await write(instance, 'alice', 'among us', 'followers')
  await write(instance, 'alice', '@ben@near.test only you', 'direct')
  await instance.runJobs()
  await instance.ctx.transact((tx) => tx.update(users).set({ provesPosts: false }).where(eq(users.accountId, alice.account.id)))
  const open = await write(instance, 'alice', 'everybody')
  await instance.runJobs()
  assert.equal(near.posts.length, 3)
  for (const { json } of near.posts) assert.equal(json.proof, undefined, json.object.content)
  assert.equal((await get(instance, new URL(open.uri).pathname)).proof, undefined)
})
