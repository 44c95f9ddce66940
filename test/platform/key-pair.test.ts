import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import { createKeySource, generateEd25519KeyPair, generateRsaKeyPair, type KeyPair } from '#server/platform/key-pair.ts'

function assertPair({ publicPem, privatePem }: KeyPair, hash: string | null): void {
  const message = Buffer.from('signed')
  assert.ok(verify(hash, message, publicPem, sign(hash, message, privatePem)))
  assert.match(publicPem, /^-----BEGIN PUBLIC KEY-----/)
  assert.match(privatePem, /^-----BEGIN PRIVATE KEY-----/)
}

test('RSA pairs have 2,048 bits, Ed25519 pairs are what they say, both as SPKI and PKCS#8', async () => {
  const rsa = await generateRsaKeyPair()
  assertPair(rsa, 'sha256')
  assert.equal(createPublicKey(rsa.publicPem).asymmetricKeyDetails?.modulusLength, 2_048)
  const ed25519 = await generateEd25519KeyPair()
  assertPair(ed25519, null)
  assert.equal(createPrivateKey(ed25519.privatePem).asymmetricKeyType, 'ed25519')
})

test('A prepared pair is given out once, then real ones are made', async () => {
  const prepared = { publicPem: 'public', privatePem: 'private' }
  const source = createKeySource({ pool: [prepared] })
  assert.equal(await source.rsa(), prepared)
  assertPair(await source.rsa(), 'sha256')
  assertPair(await source.ed25519(), null)
})
