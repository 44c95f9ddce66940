import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asc } from 'drizzle-orm'
import { drafts } from '#db/schema/drafts.ts'
import { posts } from '#db/schema/posts.ts'
import { threadPartsMax } from '#server/posts/prepare-post.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { pictureOf } from '#test/web/world.ts'

test('parts of a thread are added one by one, kept, and published as replies to one another', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const added = await ana.submit('/posts', { text: 'First', visibility: 'unlisted', warning: 'Long', idempotencyKey: 'k', addPart: 'yes' })
  assert.match(String(added.headers.location), /^\/drafts\/\d+#composer-text2$/)
  const again = await ana.submit('/posts', {
    text: 'First',
    text2: 'Second',
    visibility: 'unlisted',
    warning: 'Long',
    idempotencyKey: 'k',
    addPart: 'yes'
  })
  assert.equal(again.headers.location, String(added.headers.location).replace('text2', 'text3'))
  const page = await ana.page(String(again.headers.location))
  assert.match(page, /Second<\/textarea>[\s\S]*name="text3"/)
  assert.match(textOf(await ana.page('/drafts')), /Thread of 3 posts/)

  const sent = { text: 'First #one', text2: 'Second', text3: 'Third', visibility: 'unlisted', warning: 'Long', idempotencyKey: 'k' }
  const response = await ana.submit('/posts', sent)
  const rows = await instance.ctx.db.select().from(posts).orderBy(asc(posts.id))
  assert.equal(response.headers.location, `/home#post-${rows[0]?.id}`)
  assert.deepEqual(
    rows.map(({ source, visibility, warning, replyToId, threadId }) => ({ source, visibility, warning, replyToId, threadId })),
    ['First #one', 'Second', 'Third'].map((source, at) => ({
      source,
      visibility: 'unlisted',
      warning: 'Long',
      replyToId: rows[at - 1]?.id ?? null,
      threadId: rows[0]?.id
    }))
  )
  const [first] = rows
  assert.deepEqual(
    rows.map(({ createdAt }) => createdAt - first!.createdAt),
    [0, 1, 2],
    'servers that order by date keep the order'
  )
  assert.equal(await instance.ctx.db.$count(drafts), 0)
  assert.equal((await ana.submit('/posts', sent)).headers.location, response.headers.location)
  assert.equal(await instance.ctx.db.$count(posts), 3)
})

test('all parts of a thread appear or none, and what is wrong stands beside its part', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const refused = await ana.submit('/posts', { text: 'First', text2: 'Second', text3: 'x'.repeat(6_000), idempotencyKey: 'k' })
  assert.equal(refused.statusCode, 422)
  assert.match(refused.body, /id="composer-text3-error"/)
  assert.match(refused.body, /First<\/textarea>[\s\S]*Second<\/textarea>/)
  assert.equal(await instance.ctx.db.$count(posts), 0)
})

test('each part has pictures of its own; a part left empty is no post; one taken away is gone', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const sent = await ana.submit('/posts', { text: 'First', text2: 'Second', text3: '', images2: pictureOf('a.png'), idempotencyKey: 'k' })
  const step = String(sent.headers.location)
  const [, field] = /name="(alt-\d+)"/.exec(await ana.page(step)) ?? []
  await ana.submit(step, { [field!]: 'A boat' })
  const rows = await instance.ctx.db.select().from(posts).orderBy(asc(posts.id))
  assert.deepEqual(
    rows.map(({ source }) => source),
    ['First', 'Second']
  )
  assert.match(await ana.page(`/@ana/${rows[1]?.id}`), /<figcaption[^>]*>A boat/)

  const removed = await ana.submit('/posts', { text: 'One', text2: 'Two', text3: 'Three', idempotencyKey: 'j', removePart: '2' })
  const page = await ana.page(String(removed.headers.location))
  assert.match(page, /One<\/textarea>[\s\S]*Three<\/textarea>/)
  assert.doesNotMatch(page, /Two<\/textarea>/)
})

test('a direct thread is for the same people to its end', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  await ana.submit('/posts', { text: '@bo First', text2: 'and second', visibility: 'direct' })
  const rows = await instance.ctx.db.select().from(posts).orderBy(asc(posts.id))
  assert.equal(rows.length, 2)
  assert.match(await bo.page(`/@ana/${rows[1]?.id}`), /and second/)
  assert.equal((await (await instance.as('cy')).get(`/@ana/${rows[1]?.id}`)).statusCode, 404)
})

test('a thread has so many parts and no more', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const parts = Array.from({ length: threadPartsMax }, (_, at) => [`text${at + 2}`, `Part ${at + 2}`])
  const refused = await ana.submit('/posts', { text: 'Part 1', ...Object.fromEntries(parts) })
  assert.equal(refused.statusCode, 422)
  assert.match(refused.body, /Part 11<\/textarea>/)
  assert.equal(await instance.ctx.db.$count(posts), 0)
})
