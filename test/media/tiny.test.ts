import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import sharp from 'sharp'
import { media, mediaFiles } from '#db/schema/media.ts'
import { removeMedia } from '#server/media/remove-media.ts'
import { sweepFiles, unusedMsMin } from '#server/media/sweep-files.ts'
import { sweepPrefix } from '#server/media/sweep-media.ts'
import { focusPlaces, placeOf, pointOf } from '#server/media/focus-grid.ts'
import { focusColumns } from '#server/media/media-alt.ts'
import { uploadImage } from '#server/media/upload-image.ts'
import { startMedia } from '#test/media/media-context.ts'
import { jpegOf } from '#test/media/pictures.ts'

test('A tiny picture is made when it is first asked for, once, and served like any other', async (t) => {
  const { app, ctx, person } = await startMedia(t)
  const upload = await uploadImage(ctx, await person('ana'), { bytes: await jpegOf(1_000, 500) })
  const answers = await Promise.all(Array.from({ length: 5 }, () => app.inject(`/media/${upload.key}/tiny`)))
  for (const answer of answers) {
    assert.deepEqual([answer.statusCode, answer.headers['content-type']], [200, 'image/webp'])
    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.ok(answer.rawPayload.length < 1_000, `${answer.rawPayload.length} bytes`)
  }
  const { width, height } = await sharp(answers[0]!.rawPayload).metadata()
  assert.deepEqual([width, height], [24, 12])
  const [row] = await ctx.db.select().from(media).where(eq(media.id, upload.id))
  assert.equal(answers[0]!.headers.etag, `"${row?.tinyHash}"`)
  assert.equal((await app.inject('/media/nothing-of-that-name-here/tiny')).statusCode, 404)
})

test('A tiny picture stays as long as its picture, and goes with it', async (t) => {
  const { app, ctx, person, clock } = await startMedia(t)
  const ana = await person('ana')
  const upload = await uploadImage(ctx, ana, { bytes: await jpegOf(800, 600) })
  await app.inject(`/media/${upload.key}/tiny`)
  const [row] = await ctx.db.select().from(media).where(eq(media.id, upload.id))
  const hash = row!.tinyHash!
  clock.advance(2 * unusedMsMin)
  await sweepFiles(ctx, { hashes: [hash] })
  await sweepPrefix(ctx, hash.slice(0, 2))
  assert.equal((await app.inject(`/media/${upload.key}/tiny`)).statusCode, 200)
  await removeMedia(ctx, ana, upload.id)
  assert.equal((await app.inject(`/media/${upload.key}/tiny`)).statusCode, 404)
  await sweepFiles(ctx, { hashes: [hash] })
  assert.equal(await ctx.db.$count(mediaFiles, eq(mediaFiles.hash, hash)), 0)
  assert.equal(await ctx.storage.has(hash), false)
})

test('Each of the nine places is found again in the point it stands for', () => {
  for (const place of focusPlaces) assert.equal(placeOf(focusColumns(pointOf(place))), place)
  assert.equal(placeOf({ focusX: 33, focusY: -33 }), 'centre')
  assert.equal(placeOf({ focusX: -34, focusY: 0 }), 'left')
})
