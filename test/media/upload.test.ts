import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { media, mediaFiles } from '#db/schema/media.ts'
import { removeMedia, removeMediaOfAccount, removeMediaRows } from '#server/media/remove-media.ts'
import { sweepFiles, unusedMsMin } from '#server/media/sweep-files.ts'
import { prefixesOfHour, sweepMedia, sweepPrefix } from '#server/media/sweep-media.ts'
import { uploadImage, waitingUploadsMax } from '#server/media/upload-image.ts'
import { refusal } from '#test/helpers/refusal.ts'
import { type MediaContext, startMedia } from '#test/media/media-context.ts'
import { jpegOf, noise, quarters } from '#test/media/pictures.ts'

const dayMs = 24 * 3_600_000
async function storedKeys({ ctx }: MediaContext): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of ctx.storage.list()) keys.push(key)
  return keys.sort()
}

async function fileRows({ ctx }: MediaContext): Promise<string[]> {
  return (await ctx.db.select({ hash: mediaFiles.hash }).from(mediaFiles)).map(({ hash }) => hash).sort()
}

test('An upload is stored once by its content and shown under a key of its own for each', async (t) => {
  const instance = await startMedia(t)
  const [ana, ben] = [await instance.person('ana'), await instance.person('ben')]
  const bytes = await noise(900, 600)
  const first = await uploadImage(instance.ctx, ana, { bytes, alt: '  A wall\r\nof snow ', focus: { x: -0.5, y: 0.25 } })
  const second = await uploadImage(instance.ctx, ben, { bytes })
  assert.match(first.key, /^[A-Za-z0-9_-]{22,}$/)
  assert.notEqual(first.key, second.key)
  assert.equal(first.fileHash, second.fileHash)
  assert.deepEqual(
    [first.alt, first.focusX, first.focusY, first.width, first.height, first.postId],
    ['A wall\nof snow', -50, 25, 900, 600, null]
  )
  assert.deepEqual(await storedKeys(instance), await fileRows(instance))
  assert.equal((await storedKeys(instance)).length, 2)
})

test('Empty files, files over the limit, long descriptions, strangers and hoarders are refused, and nothing of them stays', async (t) => {
  const instance = await startMedia(t, { imageBytesMax: 20_000 })
  const { ctx } = instance
  const ana = await instance.person('ana')
  const small = await quarters()
  await assert.rejects(uploadImage(ctx, ana, { bytes: Buffer.alloc(0) }), refusal('invalid', 'media.empty'))
  await assert.rejects(uploadImage(ctx, ana, { bytes: await noise(300, 300) }), refusal('too-large', 'media.tooLarge'))
  await assert.rejects(uploadImage(ctx, ana, { bytes: small, alt: 'x'.repeat(1_501) }), refusal('invalid', 'media.altTooLong'))
  await assert.rejects(uploadImage(ctx, { kind: 'operator' }, { bytes: small }), refusal('forbidden'))
  assert.deepEqual(await storedKeys(instance), [])
  for (let count = 0; count < waitingUploadsMax; count++) await uploadImage(ctx, ana, { bytes: small })
  await assert.rejects(uploadImage(ctx, ana, { bytes: small }), refusal('too-many', 'media.tooManyWaiting'))
})

test('Only its owner can take back an upload that waits; to others it is not there', async (t) => {
  const { ctx, person } = await startMedia(t)
  const [ana, ben] = [await person('ana'), await person('ben')]
  const upload = await uploadImage(ctx, ana, { bytes: await jpegOf() })
  await assert.rejects(removeMedia(ctx, ben, upload.id), refusal('missing'))
  await ctx.transact((tx) => tx.update(media).set({ postId: 7 }).where(eq(media.id, upload.id)).returning())
  await assert.rejects(removeMedia(ctx, ana, upload.id), refusal('missing'))
})

test('The file goes with the last picture that shows it, and not before', async (t) => {
  const instance = await startMedia(t)
  const { ctx, clock } = instance
  const [ana, ben] = [await instance.person('ana'), await instance.person('ben')]
  const bytes = await noise(900, 600)
  const [first, second] = [await uploadImage(ctx, ana, { bytes }), await uploadImage(ctx, ben, { bytes })]
  await removeMedia(ctx, ana, first.id)
  clock.advance(unusedMsMin + 60_000)
  await instance.runJobs()
  assert.equal((await storedKeys(instance)).length, 2)
  await removeMedia(ctx, ben, second.id)
  await instance.runJobs()
  assert.equal((await storedKeys(instance)).length, 2, 'not at once: an upload of the same may be on its way')
  clock.advance(unusedMsMin + 60_000)
  await instance.runJobs()
  assert.deepEqual(await storedKeys(instance), [])
  assert.deepEqual(await fileRows(instance), [])
})

test('An upload that finds no post within a day is removed, attached pictures stay', async (t) => {
  const instance = await startMedia(t)
  const { ctx, clock } = instance
  const ana = await instance.person('ana')
  const waiting = await uploadImage(ctx, ana, { bytes: await jpegOf(100, 100) })
  const attached = await uploadImage(ctx, ana, { bytes: await jpegOf(100, 101) })
  await ctx.transact((tx) => tx.update(media).set({ postId: 7 }).where(eq(media.id, attached.id)).returning())
  clock.advance(dayMs - 60_000)
  await sweepMedia(ctx)
  assert.equal(await ctx.db.$count(media), 2)
  clock.advance(120_000)
  await sweepMedia(ctx)
  assert.deepEqual(
    (await ctx.db.select({ id: media.id }).from(media)).map(({ id }) => id),
    [attached.id]
  )
  clock.advance(unusedMsMin + 60_000)
  await instance.runJobs()
  assert.deepEqual(await storedKeys(instance), [attached.fileHash])
  assert.ok(waiting.fileHash !== attached.fileHash)
})

test('The sweep of a day finds files without a picture and bytes without a row, and leaves what is fresh', async (t) => {
  const instance = await startMedia(t)
  const { ctx, clock } = instance
  const ana = await instance.person('ana')
  const kept = await uploadImage(ctx, ana, { bytes: await jpegOf(90, 90) })
  const lost = await uploadImage(ctx, ana, { bytes: await jpegOf(91, 90) })
  await ctx.transact((tx) => tx.update(media).set({ postId: 7 }).where(eq(media.id, kept.id)).returning())
  await ctx.transact((tx) => tx.delete(media).where(eq(media.id, lost.id)).returning())
  const unnamed = 'ab'.repeat(32)
  await ctx.storage.put(unnamed, Buffer.from('left behind'))
  const prefixes = Array.from({ length: 24 }, (_, hour) => prefixesOfHour(hour)).flat()
  assert.equal(new Set(prefixes).size, 256)
  for (const prefix of prefixes) await sweepPrefix(ctx, prefix)
  assert.equal((await storedKeys(instance)).length, 3)
  clock.advance(dayMs + 60_000)
  for (const prefix of prefixes) await sweepPrefix(ctx, prefix)
  assert.deepEqual(await storedKeys(instance), [kept.fileHash])
  assert.deepEqual(await fileRows(instance), [kept.fileHash])
})

test('An upload of the same content while its file is being removed keeps its file', async (t) => {
  const instance = await startMedia(t)
  const { ctx, clock } = instance
  const ana = await instance.person('ana')
  const bytes = await jpegOf(120, 80)
  const first = await uploadImage(ctx, ana, { bytes })
  const hash = first.fileHash ?? ''
  await ctx.transact((tx) => removeMediaRows(tx, [first]))
  clock.advance(unusedMsMin + 60_000)
  // The upload comes in between the removal of the row and that of the bytes.
  let second: typeof first | undefined
  const { storage } = ctx
  const slow = {
    ...storage,
    async get(key: string) {
      second ??= await uploadImage(ctx, ana, { bytes })
      return storage.get(key)
    }
  }
  await sweepFiles({ ...ctx, storage: slow } as typeof ctx, { hashes: [hash] })
  assert.equal(second?.fileHash, hash)
  assert.ok(await storage.has(hash), 'the sweep puts back what is named again')

  // The bytes vanish after the upload has put them and before its row is there.
  await ctx.transact((tx) => removeMediaRows(tx, [second as typeof first]))
  const third = await uploadImage(
    {
      ...ctx,
      transact: async (body) => {
        await storage.remove(hash)
        return ctx.transact(body)
      }
    } as typeof ctx,
    ana,
    { bytes }
  )
  assert.equal(third.fileHash, hash)
  assert.ok(await storage.has(hash), 'the upload looks once more')
})

test('Uploads of one picture beside sweeps of its file, again and again: what was acknowledged is there', async (t) => {
  const { ctx, clock, person } = await startMedia(t)
  const ana = await person('ana')
  const bytes = await jpegOf(20, 20)
  const hash = (await uploadImage(ctx, ana, { bytes })).fileHash ?? ''
  for (let round = 0; round < 25; round++) {
    await ctx.transact(async (tx) => removeMediaRows(tx, await tx.select().from(media)))
    clock.advance(unusedMsMin + 60_000)
    const sweep = () => sweepFiles(ctx, { hashes: [hash] })
    await Promise.all([sweep(), uploadImage(ctx, ana, { bytes }), sweep(), uploadImage(ctx, ana, { bytes }), sweep()])
    assert.ok(await ctx.storage.has(hash), `bytes in round ${round}`)
    assert.equal(await ctx.db.$count(mediaFiles, eq(mediaFiles.hash, hash)), 1, `row in round ${round}`)
  }
})

test('With an erased account all its pictures go', async (t) => {
  const { ctx, person } = await startMedia(t)
  const [ana, ben] = [await person('ana'), await person('ben')]
  for (let count = 0; count < 3; count++) await uploadImage(ctx, ana, { bytes: await quarters() })
  await uploadImage(ctx, ben, { bytes: await quarters() })
  await removeMediaOfAccount(ctx, { accountId: ana.account.id })
  assert.deepEqual(
    (await ctx.db.select({ accountId: media.accountId }).from(media)).map(({ accountId }) => accountId),
    [ben.account.id]
  )
})
