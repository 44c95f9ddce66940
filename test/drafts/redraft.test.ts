import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isNull } from 'drizzle-orm'
import { drafts } from '#db/schema/drafts.ts'
import { media } from '#db/schema/media.ts'
import { posts } from '#db/schema/posts.ts'
import { unescapeHtml } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { pictureOf, write } from '#test/web/world.ts'

test('a post is deleted and opens as a draft with all it said; its pictures move and stay', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  const parentId = await write(bo, { text: 'Boats?' })
  const postId = await write(ana, {
    text: '@bo Too boats',
    warning: 'Bright',
    visibility: 'unlisted',
    replyTo: String(parentId),
    canLike: 'followers',
    images: [pictureOf('a.png'), pictureOf('b.png', { width: 90 })]
  })
  const before = await ana.page(`/@ana/${postId}`)
  const [, address] = /src="(\/media\/[^"]+\/preview)"/.exec(before) ?? []
  assert.match(before, new RegExp(`href="/posts/${postId}/redraft"`))
  assert.match(await ana.page(`/posts/${postId}/redraft`), /Delete this post and write it anew\?/)

  const done = await ana.submit(`/posts/${postId}/redraft`)
  const path = String(done.headers.location)
  assert.match(path, /^\/drafts\/\d+$/)
  assert.equal((await ana.submit(`/posts/${postId}/redraft`)).headers.location, path)
  assert.ok([404, 410].includes((await bo.get(`/@ana/${postId}`)).statusCode))
  assert.equal((await bo.get(address!)).statusCode, 404)

  const page = unescapeHtml(await ana.page(path))
  assert.match(page, /@bo Too boats<\/textarea>/)
  assert.match(page, /name="warning" type="text" value="Bright"/)
  assert.match(page, /value="unlisted" selected/)
  assert.match(page, /Boats\?/)
  assert.equal(page.match(/A boat at the pier<\/textarea>/g)?.length, 2)
  await instance.runJobs()
  assert.equal((await ana.get(/src="(\/media\/[^"]+\/preview)"/.exec(page)?.[1] ?? '')).statusCode, 200)

  const [draft] = await instance.ctx.db.select().from(drafts)
  assert.equal(draft?.policies.canLike, 'followers')
  await ana.submit(`/drafts/${draft?.id}/publish`)
  const live = await instance.ctx.db.select().from(posts).where(isNull(posts.deletedAt))
  const anew = live.find(({ source }) => source === '@bo Too boats')
  assert.deepEqual([anew?.replyToId, anew?.visibility, anew?.warning], [parentId, 'unlisted', 'Bright'])
  assert.ok((await instance.ctx.db.select().from(media)).every((picture) => picture.postId === anew?.id))
})

test('a poll comes along with its options and how long it lasted; its votes do not', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  const postId = await write(ana, {
    text: 'Which?',
    pollOption1: 'red',
    pollOption2: 'blue',
    pollOption3: 'green',
    pollChoice: 'many',
    pollEnds: '21600'
  })
  await bo.submit(`/posts/${postId}/vote`, { choice: '0' })
  await ana.submit(`/posts/${postId}/redraft`)
  const [draft] = await instance.ctx.db.select().from(drafts)
  assert.deepEqual(draft?.poll, { options: ['red', 'blue', 'green'], isMultiple: true, lastsS: 21_600 })
  assert.match(await ana.page(`/drafts/${draft?.id}`), /value="21600" selected/)
})

test('nobody redrafts what is not theirs', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  const postId = await write(ana, { text: 'Mine' })
  assert.equal((await bo.get(`/posts/${postId}/redraft`)).statusCode, 404)
  assert.equal((await bo.submit(`/posts/${postId}/redraft`)).statusCode, 403)
  assert.equal((await instance.guest().submit(`/posts/${postId}/redraft`)).statusCode, 401)
  assert.match(await ana.page(`/@ana/${postId}`), /Mine/)
})

test('a post is redrafted whatever one’s other drafts call themselves', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const postId = await write(ana, { text: 'Too boats' })
  await ana.submit('/posts', { text: 'Something else', saveDraft: 'yes', idempotencyKey: `redraft-${postId}` })
  const done = await ana.submit(`/posts/${postId}/redraft`)
  assert.equal(done.statusCode, 303)
  assert.match(await ana.page(String(done.headers.location)), /Too boats/)
  assert.match(await ana.page('/drafts'), /Something else/)
})
