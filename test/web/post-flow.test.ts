import assert from 'node:assert/strict'
import { test } from 'node:test'
import { articleOf, hiddenFieldsOf, textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { pictureOf, write } from '#test/web/world.ts'

test('a post with pictures asks for their descriptions before it goes out, and shows them under the pictures', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const fields = { text: 'Two boats #boats', warning: 'Bright colours', visibility: 'unlisted', images: pictureOf('boat.png') }
  const step = String((await ana.submit('/posts', fields)).headers.location)
  const asked = await ana.page(step)
  assert.match(textOf(asked), /Describe your images .*Two boats #boats/)
  assert.doesNotMatch(await ana.page('/@ana'), /Two boats/)
  const { idempotencyKey } = hiddenFieldsOf(asked)
  const done = await ana.submit(step, { idempotencyKey: idempotencyKey!, [/alt-\d+/.exec(asked)![0]]: 'A <red> boat' })
  assert.match(String(done.headers.location), /^\/home#post-\d+$/)
  const page = await ana.page('/home')
  assert.match(page, /alt="A &lt;red&gt; boat"/)
  assert.match(page, /<figcaption[^>]*>A &lt;red&gt; boat<\/figcaption>/)
  assert.match(textOf(page), /Content warning Bright colours/)
  const picture = / src="(\/media\/[^"]+\/preview)"/.exec(page)?.[1]
  assert.equal((await instance.guest().get(picture!)).statusCode, 200)
})

test('of several pictures those that could be read are kept when one could not', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const broken = { filename: 'broken.png', type: 'image/png', bytes: Buffer.from('no picture') }
  const refused = await ana.submit('/posts', { text: 'Two boats', visibility: 'public', images: [pictureOf('boat.png'), broken] })
  assert.equal(refused.statusCode, 415)
  assert.match(refused.body, /Two boats/)
  const { media } = hiddenFieldsOf(refused.body)
  assert.ok(media, 'the first picture stands in the form')
  const sent = { ...hiddenFieldsOf(refused.body), text: 'Two boats', visibility: 'public', [`alt-${media}`]: 'A boat' }
  await ana.submit('/posts', sent)
  assert.match(await ana.page('/home'), /alt="A boat"/)
})

test('whoever was signed out meanwhile is given back what they typed, and sends it once they are in again', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const typed = { text: 'Long thought over', warning: 'Weather', visibility: 'unlisted' }
  await ana.submit('/sign-out')
  const kept = await ana.submit('/posts', typed)
  assert.equal(kept.statusCode, 401)
  assert.match(textOf(kept.body), /Sign in first .*in another tab/)
  await ana.submit('/sign-in', { login: 'ana', password: testPassword })
  const { csrf: _, ...hidden } = hiddenFieldsOf(kept.body)
  assert.equal(hidden.text, typed.text)
  await ana.page('/home')
  await ana.submit('/posts', hidden)
  assert.match(textOf(await ana.page('/home')), /Content warning Weather[\s\S]*Long thought over/)
  const stranger = instance.guest()
  for (const [path, fields] of Object.entries({ '/posts': typed, '/settings/privacy': {}, '/admin/settings': typed }))
    assert.equal((await stranger.submit(path, fields)).statusCode, 401, path)
  const large = await stranger.submit('/posts', { ...typed, text: 'x'.repeat(1_100_000) })
  assert.equal(large.statusCode, 401, 'what is larger than any text is not read')
  assert.doesNotMatch(large.body, /xxxx/)
  const elsewhere = await stranger.submit('/posts', typed, { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' })
  assert.equal(elsewhere.statusCode, 403)
})

test('a reply stands below what it answers, names whom it answers, and leads there', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  const postId = await write(ana, { text: 'Fog?' })
  const form = await bo.page(`/@ana/${postId}?reply`)
  assert.match(form, /<details class="composer panel" id="reply" open>/)
  assert.match(form, />\s*@ana <\/textarea>/)
  const replyId = await write(bo, { text: '@ana Thick as wool', replyTo: String(postId) })
  const thread = await instance.guest().page(`/@ana/${postId}`)
  assert.match(textOf(articleOf(thread, replyId)), /In reply to ana B bo @bo/)
  assert.match(textOf(thread), /1 reply/)
  assert.match(articleOf(await instance.guest().page(`/@bo/${replyId}`), postId), /Fog\?/)
})

test('what answers a post that is gone meanwhile is not lost, and can go out on its own', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  const postId = await write(ana, { text: 'Fog?' })
  await ana.submit(`/posts/${postId}/delete`)
  const refused = await bo.submit('/posts', { text: '@ana Thick as wool', visibility: 'unlisted', replyTo: String(postId) })
  assert.equal(refused.statusCode, 409)
  assert.match(textOf(refused.body), /is not there any more, or not for you\. You can post this on its own\./)
  assert.match(refused.body, /@ana Thick as wool<\/textarea>/)
  assert.match(refused.body, /<option value="unlisted" selected/)
  assert.doesNotMatch(refused.body, /name="replyTo"/)
})

test('an edit keeps what was there before, for everybody who may see the post', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const postId = await write(ana, { text: 'The boot is red' })
  assert.match(await ana.page(`/posts/${postId}/edit`), /The boot is red<\/textarea>/)
  const response = await ana.submit(`/posts/${postId}/edit`, { text: 'The boat is red' })
  assert.equal(response.headers.location, `/@ana/${postId}`)
  const guest = instance.guest()
  assert.match(await guest.page(`/@ana/${postId}`), new RegExp(`href="/@ana/${postId}/history">edited`))
  assert.match(textOf(await guest.page(`/@ana/${postId}/history`)), /Now The boat is red .*First version The boot is red/)
  const bo = await instance.as('bo')
  assert.equal((await bo.get(`/posts/${postId}/edit`)).statusCode, 404)
  assert.equal((await bo.submit(`/posts/${postId}/edit`, { text: 'mine' })).statusCode, 404)
})

test('deleting asks first, and then the post is on no page', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  const postId = await write(ana, { text: 'Forget this #gone' })
  await bo.submit(`/posts/${postId}/bookmark`)
  await bo.submit(`/posts/${postId}/favourite`)
  assert.match(textOf(await ana.page(`/posts/${postId}/delete`)), /Delete this post\? .*Forget this/)
  assert.equal((await bo.submit(`/posts/${postId}/delete`)).statusCode, 403)
  assert.equal((await ana.submit(`/posts/${postId}/delete`)).statusCode, 303)
  for (const path of ['/home', '/local', '/@ana', '/tags/gone', '/bookmarks', '/favourites', '/notifications', '/search?q=%23gone']) {
    assert.doesNotMatch(await bo.page(path), /Forget this/, path)
  }
  assert.doesNotMatch(await ana.page('/notifications'), /Forget this/)
  assert.ok([404, 410].includes((await bo.get(`/@ana/${postId}`)).statusCode))
})

test('what one keeps is found again, and only by oneself', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  const postId = await write(ana, { text: 'Tide tables' })
  await bo.submit(`/posts/${postId}/bookmark`, { returnTo: '/local' })
  await bo.submit(`/posts/${postId}/favourite`, { returnTo: '/local' })
  assert.match(articleOf(await bo.page('/local'), postId), /aria-pressed="true"/)
  assert.match(await bo.page('/bookmarks'), /Tide tables/)
  assert.match(await bo.page('/favourites'), /Tide tables/)
  assert.doesNotMatch(await ana.page('/bookmarks'), /Tide tables/)
  await bo.submit(`/posts/${postId}/unbookmark`)
  assert.doesNotMatch(await bo.page('/bookmarks'), /Tide tables/)
})

test('the history shows each version with the pictures, their words and the options it had', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const poll = { pollOption1: 'Red', pollOption2: 'Blue', pollChoice: 'one', pollEnds: '3600' }
  const postId = await write(ana, { text: 'A boat', images: pictureOf('a.png'), ...poll })
  const [, media] = /name="media" value="(\d+)"/.exec(await ana.page(`/posts/${postId}/edit`)) ?? []
  const edited = { text: 'A red boat', media: media!, [`alt-${media}`]: 'A red boat', ...poll, pollOption2: 'Green' }
  assert.equal((await ana.submit(`/posts/${postId}/edit`, edited)).statusCode, 303)
  const history = textOf(await instance.guest().page(`/@ana/${postId}/history`))
  assert.match(history, /Now A red boat Red Green .*A red boat.*First version A boat Red Blue .*A boat at the pier/)
})
