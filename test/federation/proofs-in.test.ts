import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { getDocumentLoader } from '@fedify/fedify/runtime'
import { signObject } from '@fedify/fedify/sig'
import { Create } from '@fedify/fedify/vocab'
import { addProof } from '#server/federation/proofs/add-proof.ts'
import { toMultibase } from '#server/federation/vocabulary/multikey.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { activityStreams, everybody, type RemoteActor } from '#test/helpers/remote.ts'

type Json = Record<string, unknown>

/** An Ed25519 key in the actor's own document, as FEP-521a has it. */
function withKey(actor: RemoteActor, keyId = `${actor.uri}#proof-key`): { keyId: string; key: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' }
  })
  actor.document.assertionMethod = [{ id: keyId, type: 'Multikey', controller: actor.uri, publicKeyMultibase: toMultibase(publicKey) }]
  return { keyId, key: createPrivateKey(privateKey) }
}

/** ben's Create, unserved: nobody can fetch what it carries, so that only its proof can make it believed. */
function createOf(world: World, words: string, more: Json = {}): Json & { id: string } {
  const { b } = world
  const note: Json = b.note(words)
  world.servers.b.documents.delete(new URL(String(note.id)).pathname)
  const { '@context': _, ...object } = note
  return b.activity('Create', object, more)
}

async function startProofs(t: Parameters<typeof startWorld>[0]) {
  const world = await startWorld(t)
  const key = withKey(world.b)
  await world.knowing(world.a, world.b, world.e)
  return { world, key, now: world.instance.clock.now() }
}

test('what somebody passes on with its author’s proof is taken as if the author had sent it, once', async (t) => {
  const { world, key, now } = await startProofs(t)
  const proven = addProof(createOf(world, 'passed on'), key, now)
  const before = world.fetches().length
  assert.equal((await world.a.send(proven)).status, 202)
  assert.equal((await world.saying('passed on')).length, 1)
  assert.equal(world.fetches().length, before)
  assert.equal((await world.b.send(proven)).status, 202)
  assert.equal((await world.e.send(proven)).status, 202)
  assert.equal((await world.saying('passed on')).length, 1)
})

test('a proof made by another implementation is believed', async (t) => {
  const { world, key, now } = await startProofs(t)
  const contextLoader = getDocumentLoader()
  const published = new Date(now).toISOString()
  const activity = await Create.fromJsonLd(createOf(world, 'by fedify', { published }), { contextLoader, documentLoader: contextLoader })
  const cryptoKey = key.key.toCryptoKey({ name: 'Ed25519' }, true, ['sign']) as CryptoKey
  // Node knows no such times; Fedify brings its own.
  const created = activity.published ?? undefined
  const signed = await signObject(activity, cryptoKey, new URL(key.keyId), { contextLoader, created })
  const sent = JSON.stringify(await signed.toJsonLd({ format: 'compact', contextLoader }))
  // Its own sender writes the name of everybody out as well, and has signed it so.
  await world.a.send(JSON.parse(sent.replaceAll('"as:Public"', `"${everybody}"`)))
  assert.equal((await world.saying('by fedify')).length, 1)
})

test('an author whose proof key is new, and one nobody here met, are read from their own servers first', async (t) => {
  const world = await startWorld(t)
  await world.knowing(world.a, world.b)
  const key = withKey(world.b)
  await world.a.send(addProof(createOf(world, 'new key'), key, world.instance.clock.now()))
  assert.equal((await world.saying('new key')).length, 1)
  const cleo = await world.servers.e.actor('cleo')
  const { '@context': _, ...object } = cleo.note('never met') as Json
  world.servers.e.documents.clear()
  await world.a.send(addProof(cleo.activity('Create', object), withKey(cleo), world.instance.clock.now()))
  assert.equal((await world.saying('never met')).length, 1)
})

test('FEP-8b32 attacks: nothing that is not proven by its own actor is believed', async (t) => {
  const { world, key, now } = await startProofs(t)
  const { a, b, e } = world
  const evil = withKey(e)
  await e.rotateKeys()
  await world.instance.ctx.fediverse.resolve(e.uri)
  const proofOf = (json: Json) => json.proof as Json
  const tomorrow = now + 24 * 60 * 60_000
  const otherContext = ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/data-integrity/v1', { x: 'https://x.test/#x' }]
  const embedded = createOf(world, 'embedded proof')
  const cases: [string, Json][] = [
    ['proof of another document', { ...createOf(world, 'other document'), proof: addProof(createOf(world, 'innocent'), key, now).proof }],
    ['changed after signing', { ...addProof(createOf(world, 'changed later'), key, now), published: new Date(now).toISOString() }],
    ['key of another actor', addProof(createOf(world, 'foreign key'), evil, now)],
    ['key under a name of the author', addProof(createOf(world, 'borrowed name'), { ...evil, keyId: key.keyId }, now)],
    ['context taken away', (({ '@context': _, ...rest }) => rest)(addProof(createOf(world, 'no context'), key, now))],
    ['context exchanged', { ...addProof(createOf(world, 'other context'), key, now), '@context': otherContext }],
    ['made in the future', addProof(createOf(world, 'from tomorrow'), key, tomorrow)],
    ['made a month ago', addProof(createOf(world, 'from long ago'), key, now - 31 * 24 * 60 * 60_000)],
    [
      'for another purpose',
      (({ proof, ...rest }) => ({ ...rest, proof: { ...(proof as Json), proofPurpose: 'authentication' } }))(
        addProof(createOf(world, 'other purpose'), key, now)
      )
    ],
    ['embedded proof around which another says Create', { ...embedded, object: addProof(embedded.object as Json, key, now) }],
    ['two proofs', (({ proof, ...rest }) => ({ ...rest, proof: [proof, proof] }))(addProof(createOf(world, 'two proofs'), key, now))],
    [
      'a value of zeros',
      (({ proof, ...rest }) => ({ ...rest, proof: { ...(proof as Json), proofValue: 'z1111' } }))(
        addProof(createOf(world, 'zeros'), key, now)
      )
    ]
  ]
  for (const [name, activity] of cases) {
    const { status } = await a.send(activity)
    assert.ok(status === 202 || status === 401 || status === 400, `${name}: ${status}`)
  }
  await world.instance.runJobs()
  for (const words of ['other document', 'changed later', 'foreign key', 'borrowed name', 'no context', 'other context', 'from tomorrow']) {
    assert.equal((await world.saying(words)).length, 0, words)
  }
  for (const words of ['from long ago', 'other purpose', 'embedded proof', 'two proofs', 'zeros']) {
    assert.equal((await world.saying(words)).length, 0, words)
  }
  assert.ok(proofOf(addProof(createOf(world, 'x'), key, now)).proofValue)
  // A Follow or Like that was taken back must not come to life by being passed on again.
  await a.send(addProof(b.activity('Follow', world.alice.account.uri, { to: [world.alice.account.uri] }), key, now))
  assert.equal((await world.accountAt(world.alice.account.uri))?.followersCount, 0)
})

test('a proof that an enemy repeats beforehand under its own name keeps nothing out', async (t) => {
  const { world, key, now } = await startProofs(t)
  const proven = addProof(createOf(world, 'not to be kept out'), key, now)
  const spoiler = {
    '@context': activityStreams,
    id: `${world.e.uri}/x`,
    type: 'Create',
    actor: world.e.uri,
    to: [everybody],
    proof: proven.proof
  }
  await world.e.send({ ...spoiler, object: { ...(world.e.note('spoiler') as Json) } })
  await world.a.send(proven)
  assert.equal((await world.saying('not to be kept out')).length, 1)
})
