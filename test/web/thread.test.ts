import assert from 'node:assert/strict'
import { test } from 'node:test'
import { threadPulls } from '#db/schema/threads.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { articleOf, textOf, unescapeHtml } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

test('a thread of more replies than a page holds leads on to all of them, and back', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const who = await whoIs(instance, 'ana')
  const root = await publishPost(instance.ctx, who, { text: 'Count with me', visibility: 'public' })
  for (let n = 1; n <= 105; n++)
    await publishPost(instance.ctx, who, { text: `reply number ${n}.`, visibility: 'public', replyToId: root.id })
  const first = await ana.page(`/@ana/${root.id}`)
  assert.match(textOf(first), /105 replies/)
  assert.ok(first.includes('reply number 100.') && !first.includes('reply number 101.'))
  const [, next] = /rel="next" href="([^"]+)"/.exec(first)!
  const second = await ana.page(unescapeHtml(next!).replace('#replies', ''))
  assert.ok(second.includes('reply number 101.') && second.includes('reply number 105.') && !second.includes('reply number 100.'))
  assert.match(second, new RegExp(`href="/@ana/${root.id}#replies"`))
  assert.equal((await ana.get(`/@ana/${root.id}?from=-1`)).statusCode, 422)
})

test('a post says who boosted and who favourited it, to whoever may see it', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  const cleo = await instance.as('cleo')
  const who = await whoIs(instance, 'ana')
  const post = await publishPost(instance.ctx, who, { text: 'Low water', visibility: 'public' })
  const quiet = await publishPost(instance.ctx, who, { text: 'Mine', visibility: 'followers' })
  await bo.submit(`/posts/${post.id}/boost`)
  await cleo.submit(`/posts/${post.id}/favourite`)
  const thread = await instance.guest().page(`/@ana/${post.id}`)
  assert.match(thread, new RegExp(`href="/@ana/${post.id}/boosts">1 boost<`))
  assert.match(thread, new RegExp(`href="/@ana/${post.id}/favourites">1 favourite<`))
  assert.match(textOf(await instance.guest().page(`/@ana/${post.id}/boosts`)), /@bo/)
  const favourites = textOf(await ana.page(`/@ana/${post.id}/favourites`))
  assert.ok(favourites.includes('@cleo') && !favourites.includes('@bo'))
  for (const list of ['boosts', 'favourites', 'reactions']) assert.equal((await bo.get(`/@ana/${quiet.id}/${list}`)).statusCode, 404, list)
  // Whom one has blocked is not shown.
  await ana.submit(`/accounts/${cleo.account.id}/block`)
  assert.match(textOf(await ana.page(`/@ana/${post.id}/favourites`)), /Nobody has favourited this yet/)
})

test('a reader may have a conversation looked for again, a minute after the last time', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const who = await whoIs(instance, 'ana')
  const post = await publishPost(instance.ctx, who, { text: 'Anybody there?', visibility: 'public' })
  const { now } = instance.ctx.clock
  await instance.ctx.transact(async (tx) => {
    const at = { startedAt: now() - 90_000, endedAt: now() - 70_000, againAt: now() + 3_600_000 }
    await tx.insert(threadPulls).values({ id: tx.newId(), threadId: post.threadId, anchorId: post.id, fetchesLeft: 0, ...at })
  })
  const page = await ana.page(`/@ana/${post.id}`)
  assert.match(page, new RegExp(`formaction="/posts/${post.id}/pull"`))
  const answer = await ana.submit(`/posts/${post.id}/pull`, { returnTo: `/@ana/${post.id}` })
  assert.equal(answer.statusCode, 303)
  assert.equal(answer.headers.location, `/@ana/${post.id}#replies`)
  assert.doesNotMatch(await instance.guest().page(`/@ana/${post.id}`), /\/pull"/, 'strangers have nothing fetched')
})

test('in a list a post is six stops of Tab at most, and its menu leads wherever its other links do', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  await bo.submit(`/accounts/${ana.account.id}/follow`)
  const who = await whoIs(instance, 'ana')
  const plain = await publishPost(instance.ctx, who, { text: 'Plain', visibility: 'public' })
  const warned = await publishPost(instance.ctx, who, { text: 'Warned', warning: 'Mind the gap', visibility: 'public' })
  const home = await bo.page('/home')
  for (const id of [plain.id, warned.id]) {
    const article = articleOf(home, id)
    const closed = article.replace(/<ul class="more-list">[\s\S]*?<\/ul>/, '')
    const stops = [...closed.matchAll(/<(?:a|button|summary|input|select|textarea)\b(?![^>]*tabindex="-1")(?![^>]*type="hidden")[^>]*>/g)]
    assert.ok(stops.length <= 6, stops.map(([tag]) => tag).join('\n'))
    const [menu] = /<ul class="more-list">[\s\S]*?<\/ul>/.exec(article)!
    for (const path of [`/@ana/${id}`, '/@ana']) assert.ok(menu.includes(`href="${path}"`), path)
  }
})
