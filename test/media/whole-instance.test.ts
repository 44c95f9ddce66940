import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { media } from '#db/schema/media.ts'
import type { User } from '#server/accounts/who.ts'
import { sweepMedia } from '#server/media/sweep-media.ts'
import { uploadImage } from '#server/media/upload-image.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { jpegOf, noise } from '#test/media/pictures.ts'

test('In a whole instance a picture is written with its post, looked at by anybody, and gone with the post', async (t) => {
  const { ctx, as, guest, clock, runJobs } = await startInstance(t)
  const { account } = await as('ana')
  const ana = { kind: 'account', account, user: {} as User } as const
  const upload = await uploadImage(ctx, ana, { bytes: await noise(700, 500), alt: 'Snow' })
  const post = await publishPost(ctx, ana, { text: 'Snow again', media: [{ id: upload.id }] })
  const [attached] = await ctx.db.select().from(media).where(eq(media.id, upload.id))
  assert.deepEqual([attached?.postId, attached?.alt], [post.id, 'Snow'])

  const answer = await guest().get(`/media/${upload.key}`)
  assert.equal(answer.statusCode, 200)
  assert.match(String(answer.headers['content-security-policy']), /^default-src 'none';.*sandbox/)
  assert.equal(answer.headers['x-content-type-options'], 'nosniff')
  assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal(answer.headers['set-cookie'], undefined)
  assert.doesNotMatch(String(answer.headers.vary ?? ''), /cookie/i)

  await deletePost(ctx, ana, { postId: post.id })
  assert.equal((await guest().get(`/media/${upload.key}`)).statusCode, 404)
  assert.equal(await ctx.storage.has(upload.fileHash ?? ''), true)
  clock.advance(20 * 60_000)
  await runJobs()
  assert.equal(await ctx.storage.has(upload.fileHash ?? ''), false)
  assert.equal(await ctx.storage.has(upload.previewHash ?? ''), false)
})

test('The sweep of uploads that were left lying is one of the schedules', async (t) => {
  const { ctx, as, clock } = await startInstance(t)
  const { account } = await as('ana')
  const upload = await uploadImage(ctx, { kind: 'account', account, user: {} as User }, { bytes: await jpegOf() })
  clock.advance(25 * 3_600_000)
  await sweepMedia(ctx)
  assert.equal(await ctx.db.$count(media, eq(media.id, upload.id)), 0)
})
