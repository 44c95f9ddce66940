import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openSeal, secretFileName } from '#server/platform/seal.ts'
import { openScratch } from '#test/helpers/scratch.ts'

function freshDir(t: TestContext): string {
  const dir = mkdtempSync(join(openScratch(), 'skerry-seal-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return join(dir, 'secrets')
}

test('The secret is made at first use, for its owner alone, and opens at the next start what was sealed before', async (t) => {
  const dir = freshDir(t)
  const first = await openSeal(dir)
  assert.equal(statSync(dir).mode & 0o777, 0o700)
  assert.equal(statSync(join(dir, secretFileName)).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(dir), [secretFileName])
  const sealed = first.seal('a private key')
  assert.notEqual(sealed, first.seal('a private key'))
  assert.ok(!sealed.includes('private'))
  const again = await openSeal(dir)
  assert.equal(again.unseal(sealed).toString(), 'a private key')
  assert.deepEqual(again.unseal(first.seal(Buffer.from([0, 255, 10]))), Buffer.from([0, 255, 10]))
  assert.deepEqual(again.unseal(first.seal('')), Buffer.alloc(0))
})

test('A sealed value that was changed, cut or sealed elsewhere does not open', async (t) => {
  const seal = await openSeal(freshDir(t))
  const elsewhere = await openSeal(freshDir(t))
  const sealed = seal.seal('a private key')
  for (let at = 3; at < sealed.length; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
    if (!Buffer.from(changed.slice(3), 'base64url').equals(Buffer.from(sealed.slice(3), 'base64url')))
      assert.throws(() => seal.unseal(changed), /sealed/)
  }
  for (const wrong of ['', 'v1.', `v2.${sealed.slice(3)}`, sealed.slice(0, 20), 'a private key'])
    assert.throws(() => seal.unseal(wrong), /sealed value/)
  assert.throws(() => elsewhere.unseal(sealed), /another instance/)
})

test('Each purpose has a key of its own, the same at every start', async (t) => {
  const dir = freshDir(t)
  const [first, again] = [await openSeal(dir), await openSeal(dir)]
  assert.equal(first.deriveKey('cookies').length, 32)
  assert.deepEqual(first.deriveKey('cookies'), again.deriveKey('cookies'))
  assert.notDeepEqual(first.deriveKey('cookies'), first.deriveKey('csrf'))
})

test('A damaged secret, or one that others may read, is refused with a sentence and left as it is', async (t) => {
  const dir = freshDir(t)
  const seal = await openSeal(dir)
  const sealed = seal.seal('kept')
  const path = join(dir, secretFileName)
  const whole = readFileSync(path, 'utf8')
  for (const damaged of [
    '',
    whole.slice(0, 30),
    whole.replace(/[A-Za-z0-9](?=[^ ]* [0-9a-f]+\n$)/, (letter) => (letter === 'x' ? 'y' : 'x')),
    `${whole.trim()} more\n`,
    'x'.repeat(100_000)
  ]) {
    writeFileSync(path, damaged)
    await assert.rejects(openSeal(dir), /is damaged: put it back from a backup/)
    assert.equal(readFileSync(path, 'utf8'), damaged)
  }
  writeFileSync(path, whole)
  chmodSync(path, 0o640)
  await assert.rejects(openSeal(dir), /chmod 600/)
  chmodSync(path, 0o600)
  assert.equal((await openSeal(dir)).unseal(sealed).toString(), 'kept')
})

test('Two processes that start at once come to share one secret', async (t) => {
  const dir = freshDir(t)
  const seals = await Promise.all(Array.from({ length: 8 }, () => openSeal(dir)))
  const keys = new Set(seals.map((seal) => seal.deriveKey('cookies').toString('hex')))
  assert.equal(keys.size, 1)
  assert.deepEqual(readdirSync(dir), [secretFileName])
})
