import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { createDiskStorage, draftMsMax } from '#server/platform/storage.ts'
import { openScratch } from '#test/helpers/scratch.ts'

function freshDir(t: TestContext): string {
  const dir = mkdtempSync(join(openScratch(), 'skerry-storage-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

const keyOf = (text: string) => createHash('sha256').update(text).digest('hex')

test('What is put can be read, streamed, listed and removed', async (t) => {
  const dir = freshDir(t)
  const storage = await createDiskStorage(dir)
  const [one, two] = [keyOf('one'), keyOf('two')]
  await storage.put(one, Buffer.from('one'))
  await storage.put(one, Buffer.from('one'))
  await storage.put(two, Buffer.from('two!'))
  assert.equal((await storage.get(one))?.toString(), 'one')
  const opened = await storage.open(two)
  assert.equal(opened?.sizeBytes, 4)
  assert.equal((await buffer(opened?.stream ?? [])).toString(), 'two!')
  const listed = await Array.fromAsync(storage.list())
  assert.deepEqual(
    new Map(listed.map(({ key, sizeBytes }) => [key, sizeBytes])),
    new Map([
      [one, 3],
      [two, 4]
    ])
  )
  assert.deepEqual(
    (await Array.fromAsync(storage.list(one.slice(0, 2)))).map(({ key }) => key),
    [one]
  )
  assert.ok(Math.abs((listed[0]?.putAt ?? 0) - Date.now()) < 60_000)
  await storage.remove(one)
  await storage.remove(one)
  assert.equal(await storage.has(one), false)
  assert.equal(await storage.get(one), undefined)
  assert.equal(await storage.open(one), undefined)
  assert.equal(await storage.has(two), true)
  assert.deepEqual(readdirSync(join(dir, 'drafts')), [])
  const space = await storage.space()
  assert.ok(space && space.freeBytes > 0 && space.totalBytes >= space.freeBytes)
})

test("Files are their owner's alone, and lie two folders deep", async (t) => {
  const dir = freshDir(t)
  const storage = await createDiskStorage(dir)
  const key = keyOf('one')
  await storage.put(key, Buffer.from('one'))
  const { mode } = statSync(join(dir, key.slice(0, 2), key.slice(2, 4), key))
  assert.equal(mode & 0o777, 0o600)
})

test('No key but a hash in lower case hex names anything', async (t) => {
  const storage = await createDiskStorage(freshDir(t))
  const key = keyOf('one')
  const wrong = [
    '',
    '..',
    '../../etc/passwd',
    '/etc/passwd',
    `${key}/`,
    `${key}\n`,
    `../${key.slice(3)}`,
    key.toUpperCase(),
    key.slice(1),
    `${key}0`,
    `${key.slice(0, 63)}\0`,
    'drafts',
    'CON'
  ]
  for (const name of wrong) {
    const tries = [
      () => storage.put(name, Buffer.from('x')),
      () => storage.get(name),
      () => storage.open(name),
      () => storage.has(name),
      () => storage.remove(name)
    ]
    for (const tried of tries) await assert.rejects(async () => tried(), /SHA-256 in lower case hex/, name)
  }
  for (const prefix of ['..', '', 'a', 'AB', 'abc', '/x']) await assert.rejects(Array.fromAsync(storage.list(prefix)), /two hex digits/)
})

test('Many may put the same key at once, and nobody ever reads half a file', async (t) => {
  const dir = freshDir(t)
  const storage = await createDiskStorage(dir)
  const bytes = Buffer.alloc(2_000_000, 'skerry')
  const key = createHash('sha256').update(bytes).digest('hex')
  const puts = Promise.all(Array.from({ length: 8 }, () => storage.put(key, bytes)))
  let isDone = false
  void puts.finally(() => (isDone = true))
  while (!isDone) {
    const found = await storage.get(key)
    assert.ok(found === undefined || found.length === bytes.length)
  }
  await puts
  assert.deepEqual(readdirSync(join(dir, 'drafts')), [])
})

test('Drafts that a crash left behind go at the next start; one that is being written stays', async (t) => {
  const dir = freshDir(t)
  await createDiskStorage(dir)
  const [old, fresh] = [join(dir, 'drafts', 'old'), join(dir, 'drafts', 'fresh')]
  writeFileSync(old, 'half a pict')
  writeFileSync(fresh, 'half a pict')
  const longAgo = (Date.now() - draftMsMax - 60_000) / 1_000
  utimesSync(old, longAgo, longAgo)
  const storage = await createDiskStorage(dir)
  assert.deepEqual(readdirSync(join(dir, 'drafts')), ['fresh'])
  assert.deepEqual(await Array.fromAsync(storage.list()), [])
})

test('A put that fails leaves no draft', async (t) => {
  const dir = freshDir(t)
  const storage = await createDiskStorage(dir)
  const key = keyOf('one')
  writeFileSync(join(dir, key.slice(0, 2)), 'a file where a folder should be')
  await assert.rejects(storage.put(key, Buffer.from('one')))
  assert.deepEqual(readdirSync(join(dir, 'drafts')), [])
})
