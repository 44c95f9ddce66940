import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import sharp from 'sharp'
import { accounts } from '#db/schema/accounts.ts'
import { media } from '#db/schema/media.ts'
import { posts } from '#db/schema/posts.ts'
import { replacePicture } from '#server/media/replace-picture.ts'
import { uploadImage } from '#server/media/upload-image.ts'
import { startMedia } from '#test/media/media-context.ts'
import { jpegOf, noise } from '#test/media/pictures.ts'

test('A picture is served with its own type and with headers that let it do nothing', async (t) => {
  const { app, ctx, person } = await startMedia(t)
  const upload = await uploadImage(ctx, await person('ana'), { bytes: await jpegOf(1_000, 800) })
  const accepts = ['image/*', 'application/activity+json', 'text/html', 'image/svg+xml']
  for (const accept of accepts) {
    const answer = await app.inject({ url: `/media/${upload.key}`, headers: { accept } })
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['content-type'], 'image/jpeg')
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    assert.match(String(answer.headers['content-security-policy']), /default-src 'none'.*sandbox/)
    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.equal(Number(answer.headers['content-length']), answer.rawPayload.length)
    assert.deepEqual((await sharp(answer.rawPayload).metadata()).format, 'jpeg')
  }
  const preview = await app.inject(`/media/${upload.key}/preview`)
  assert.deepEqual([preview.statusCode, preview.headers['content-type']], [200, 'image/webp'])
  assert.equal((await sharp(preview.rawPayload).metadata()).width, 640)
})

test('The same file is not sent twice to who has it, and HEAD sends none', async (t) => {
  const { app, ctx, person } = await startMedia(t)
  const upload = await uploadImage(ctx, await person('ana'), { bytes: await jpegOf() })
  const first = await app.inject(`/media/${upload.key}`)
  const again = await app.inject({ url: `/media/${upload.key}`, headers: { 'if-none-match': String(first.headers.etag) } })
  assert.deepEqual([again.statusCode, again.rawPayload.length], [304, 0])
  const head = await app.inject({ method: 'HEAD', url: `/media/${upload.key}` })
  assert.deepEqual([head.statusCode, head.rawPayload.length, head.headers['content-length']], [200, 0, first.headers['content-length']])
})

test('No other name leads to a file: not its hash, not its id, not a path', async (t) => {
  const { app, ctx, person } = await startMedia(t)
  const upload = await uploadImage(ctx, await person('ana'), { bytes: await jpegOf() })
  const names = [
    upload.fileHash,
    String(upload.id),
    '..%2f..%2fetc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e%2f',
    `${upload.key}%00.png`,
    `${upload.key.slice(0, -1)}`,
    'x'.repeat(90),
    '%20',
    `${upload.key}/../${upload.key}/original`
  ]
  for (const name of names) assert.equal((await app.inject(`/media/${name}`)).statusCode, 404, String(name))
})

test('A picture goes with its post, and with its owner suspended or erased', async (t) => {
  const { app, ctx, person } = await startMedia(t)
  const ana = await person('ana')
  const upload = await uploadImage(ctx, ana, { bytes: await noise(300, 200) })
  const status = async () => (await app.inject(`/media/${upload.key}`)).statusCode
  assert.equal(await status(), 200)
  const postId = await ctx.transact(async (tx) => {
    const id = tx.newId()
    await tx.insert(posts).values({
      id,
      uri: `https://skerry.test/@ana/${id}`,
      authorId: ana.account.id,
      threadId: id,
      visibility: 'public',
      isLocal: true,
      createdAt: tx.now
    })
    await tx.update(media).set({ postId: id }).where(eq(media.id, upload.id))
    return id
  })
  assert.equal(await status(), 200)
  const change = (set: Partial<typeof accounts.$inferInsert>) =>
    ctx.transact((tx) => tx.update(accounts).set(set).where(eq(accounts.id, ana.account.id)).returning())
  await change({ suspendedAt: 1, suspendedBy: 'here' })
  assert.equal(await status(), 404)
  await change({ suspendedAt: null, suspendedBy: null, deletedAt: 1 })
  assert.equal(await status(), 404)
  await change({ deletedAt: null })
  assert.equal(await status(), 200)
  await ctx.transact((tx) => tx.update(posts).set({ deletedAt: tx.now }).where(eq(posts.id, postId)).returning())
  assert.equal(await status(), 404)
})

test('A new avatar replaces the old one, whose address is gone at once', async (t) => {
  const { app, ctx, person } = await startMedia(t)
  const facts: string[] = []
  const ana = await person('ana')
  const watched = {
    ...ctx,
    transact: (body) => ctx.transact((tx) => body({ ...tx, react: async (fact) => void facts.push(fact) }))
  } as typeof ctx
  const keyNow = async () => {
    const [row] = await ctx.db
      .select({ key: media.key })
      .from(accounts)
      .innerJoin(media, eq(media.id, accounts.avatarId))
      .where(eq(accounts.id, ana.account.id))
    return row?.key
  }
  await replacePicture(watched, ana, { use: 'avatar', bytes: await jpegOf(500, 500) })
  const first = await keyNow()
  assert.equal((await app.inject(`/media/${first}`)).statusCode, 200)
  await replacePicture(watched, ana, { use: 'avatar', bytes: await jpegOf(600, 500) })
  assert.equal((await app.inject(`/media/${first}`)).statusCode, 404)
  await replacePicture(watched, ana, { use: 'avatar', bytes: undefined })
  assert.equal(await keyNow(), undefined)
  assert.deepEqual(facts, ['profile-changed', 'profile-changed', 'profile-changed'])
})
