import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { media } from '#db/schema/media.ts'
import { posts } from '#db/schema/posts.ts'
import { uploadImage } from '#server/media/upload-image.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { jpegOf } from '#test/media/pictures.ts'

test('a post in Markdown goes out as HTML with what was typed beside it; edited as plain text, without', async (t) => {
  const instance = await startInstance(t)
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice)
  const who = await whoIs(instance, 'alice')
  const post = await publishPost(instance.ctx, who, {
    text: '**Low tide** at\n- six\n- [seven](https://tides.test/7) #Island',
    isMarkdown: true
  })
  await instance.runJobs()
  await editPost(instance.ctx, who, { postId: post.id, text: '*High* tide' })
  await instance.runJobs()
  await editPost(instance.ctx, who, { postId: post.id, text: '*High* tide', isMarkdown: false })
  await instance.runJobs()

  const [create, update, plain] = near.posts.map((one) => one.json.object)
  assert.deepEqual(create.source, {
    content: '**Low tide** at\n- six\n- [seven](https://tides.test/7) #Island',
    mediaType: 'text/markdown'
  })
  assert.equal(
    create.content,
    '<p><strong>Low tide</strong> at</p><ul><li>six</li><li><a href="https://tides.test/7" rel="nofollow noopener ugc">seven (tides.test)</a> ' +
      '<a href="https://skerry.test/tags/island" rel="tag nofollow noopener ugc" class="mention hashtag">#<span>Island</span></a></li></ul>'
  )
  assert.deepEqual(create.tag, [{ type: 'Hashtag', href: 'https://skerry.test/tags/island', name: '#island' }])
  assert.deepEqual([update.content, update.source], ['<p><em>High</em> tide</p>', { content: '*High* tide', mediaType: 'text/markdown' }])
  assert.deepEqual([plain.content, plain.source], ['<p>*High* tide</p>', undefined])
})

test('the part of a picture that always shows goes out as its focal point, and is read from others', async (t) => {
  const { instance, b, postAt } = await startWorld(t)
  const { ctx } = instance
  const who = await whoIs(instance, 'alice')
  const [first, second] = [
    await uploadImage(ctx, who, { bytes: await jpegOf(300, 200) }),
    await uploadImage(ctx, who, { bytes: await jpegOf(320, 200) })
  ]
  const post = await publishPost(ctx, who, { text: 'two', media: [{ id: first.id, focus: { x: -1, y: 1 } }, { id: second.id }] })
  const document = (await instance.guest().get(new URL(post.uri).pathname, { accept: 'application/activity+json' })).json()
  assert.deepEqual(
    document.attachment.map((one: { focalPoint?: unknown }) => one.focalPoint),
    [[-1, 1], undefined]
  )
  const pictures = [
    [0.5, -0.9],
    [0.2, 0.1],
    [-7, 0]
  ].map((focalPoint, at) => ({
    type: 'Document',
    mediaType: 'image/jpeg',
    url: `https://b.test/${at}.jpg`,
    width: 300,
    height: 200,
    focalPoint
  }))
  const note = b.note('three pictures', { attachment: pictures })
  await b.send(b.activity('Create', note))
  await instance.runJobs()
  const kept = await ctx.db
    .select()
    .from(media)
    .where(eq(media.postId, (await postAt(note.id))!.id))
    .orderBy(media.position)
  assert.deepEqual(
    kept.map(({ focusX, focusY }) => [focusX, focusY]),
    [
      [50, -90],
      [20, 10],
      [-100, 0]
    ]
  )
  const page = (await instance.guest().get(`/@ben@b.test/${(await postAt(note.id))!.id}`)).body
  assert.deepEqual(
    [...page.matchAll(/<img class="(focus-[a-z-]+)"/g)].map(([, name]) => name),
    ['focus-bottom-right', 'focus-centre', 'focus-left']
  )
  assert.equal(await ctx.db.$count(posts, eq(posts.uri, note.id)), 1)
})
