import assert from 'node:assert/strict'
import { test } from 'node:test'
import { articleOf, textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'

test('somebody posts on their home page and sees the post there', async (t) => {
  const { as } = await startInstance(t)
  const ana = await as('ana')
  const answer = await ana.submit('/posts', { text: 'Hello, skerry! #first', visibility: 'public', returnTo: '/home' })
  assert.equal(answer.statusCode, 303)
  const anchor = /^\/home#post-(\d+)$/.exec(String(answer.headers.location))
  assert.ok(anchor, String(answer.headers.location))
  const home = await ana.page('/home')
  assert.match(textOf(articleOf(home, Number(anchor[1]))), /Hello, skerry! # ?first/)
})

test('a post that is refused comes back with everything typed, and says what was wrong beside the field', async (t) => {
  const { as, ctx } = await startInstance(t)
  const ana = await as('ana')
  const { postCharactersMax } = await ctx.settings.get()
  const text = 'x'.repeat(postCharactersMax + 1)
  const answer = await ana.submit('/posts', { text, warning: 'long & windy', visibility: 'followers' })
  assert.equal(answer.statusCode, 422)
  assert.ok(answer.body.includes(text))
  assert.match(answer.body, /long &amp; windy/)
  assert.match(answer.body, /id="composer-text-error"/)
  assert.match(answer.body, /<option value="followers" selected/)
})

test('a form sent twice makes one post', async (t) => {
  const { as, ctx } = await startInstance(t)
  const ana = await as('ana')
  const form = { text: 'only once', visibility: 'public', idempotencyKey: 'k1' }
  await Promise.all([ana.submit('/posts', form), ana.submit('/posts', form)])
  const { posts } = await import('#db/schema/posts.ts')
  assert.equal(await ctx.db.$count(posts), 1)
})

test('after a boost or a favourite one is back on the same page at the same post', async (t) => {
  const { as } = await startInstance(t)
  const [ana, bob] = [await as('ana'), await as('bob')]
  const posted = await ana.submit('/posts', { text: 'worth sharing', visibility: 'public' })
  const id = /post-(\d+)/.exec(String(posted.headers.location))![1]!
  for (const act of ['boost', 'favourite', 'bookmark', 'unboost', 'unfavourite', 'unbookmark']) {
    const answer = await bob.submit(`/posts/${id}/${act}`, { returnTo: '/local?before=9007199254740991#post-1' })
    assert.equal(answer.statusCode, 303, act)
    assert.equal(answer.headers.location, `/local?before=9007199254740991#post-${id}`)
  }
})
