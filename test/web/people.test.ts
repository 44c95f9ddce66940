import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'
import { textOf } from '#test/helpers/html.ts'
import { addRemoteAccount, handlesOf, write } from '#test/web/world.ts'

const flashOf = (html: string) => textOf(/<p class="flash[\s\S]*?<\/p>/.exec(html)?.[0] ?? '')

test('following changes the button, the counts, the home and both lists, and says so once', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  await write(ana, { text: 'Kettle on' })
  assert.doesNotMatch(await bo.page('/home'), /Kettle on/)
  const response = await bo.submit(`/accounts/${ana.account.id}/follow`, { returnTo: '/@ana?before=9' })
  assert.equal(response.statusCode, 303)
  assert.equal(response.headers.location, `/@ana?before=9#account-${ana.account.id}`)
  const page = await bo.page('/@ana')
  assert.equal(flashOf(page), 'You follow @ana now.')
  assert.match(page, /aria-label="Unfollow @ana"/)
  assert.match(textOf(page), /1 follower /)
  assert.equal(flashOf(await bo.page('/@ana')), '')
  assert.match(await bo.page('/home'), /Kettle on/)
  assert.match(textOf(await instance.guest().page('/@ana/followers')), /bo @bo/)
  assert.match(textOf(await ana.page('/@bo/following')), /ana @ana You/)
  assert.match(await ana.page('/@bo'), /Follows you/)

  await bo.submit(`/accounts/${ana.account.id}/unfollow`, { returnTo: '/@bo/following' })
  assert.doesNotMatch(await bo.page('/home'), /Kettle on/)
  assert.doesNotMatch(await bo.page('/@bo/following'), /account-/)
})

test('a locked account answers requests on a page of its own', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const [bo, carol] = [await instance.as('bo'), await instance.as('carol')]
  await ana.submit('/settings/profile', { isLocked: 'yes' })
  await bo.submit(`/accounts/${ana.account.id}/follow`)
  assert.equal(flashOf(await bo.page('/@ana')), '@ana has been asked; you follow as soon as they say yes.')
  assert.match(await bo.page('/@ana'), /aria-label="Cancel request to @ana"/)
  await carol.submit(`/accounts/${ana.account.id}/follow`)
  const requests = await ana.page('/follow-requests')
  assert.match(requests, new RegExp(`action="/accounts/${bo.account.id}/accept"`))
  assert.match(requests, new RegExp(`action="/accounts/${carol.account.id}/reject"`))
  assert.match(textOf(requests), /2 waiting/)
  await ana.submit(`/accounts/${bo.account.id}/accept`, { returnTo: '/follow-requests' })
  assert.equal(flashOf(await ana.page('/follow-requests')), '@bo follows you now.')
  await ana.submit(`/accounts/${carol.account.id}/reject`)
  assert.match(await ana.page('/follow-requests'), /No requests are waiting/)
  assert.match(await bo.page('/@ana'), /aria-label="Unfollow @ana"/)
  assert.match(await carol.page('/@ana'), /aria-label="Request to follow @ana"/)
  const again = await ana.submit(`/accounts/${carol.account.id}/accept`)
  assert.equal(again.statusCode, 404)
  await ana.submit(`/accounts/${bo.account.id}/remove-follower`)
  assert.deepEqual(handlesOf(await ana.page('/@ana/followers')), [])
})

test('blocking asks first, ends both follows, stands in the settings and can be lifted', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  const cleo = await addRemoteAccount(instance, 'cleo', 'remote.test')
  await bo.submit(`/accounts/${ana.account.id}/follow`)
  await ana.submit(`/accounts/${bo.account.id}/follow`)
  const question = await ana.page(`/accounts/${bo.account.id}/block`)
  assert.match(textOf(question), /Block @bo\? .*You can unblock them at any time/)
  assert.doesNotMatch(question, /Their server is told/)
  assert.match(await ana.page(`/accounts/${cleo.id}/block`), /Their server is told/)
  assert.match(await ana.page('/@bo'), /Unfollow @bo/)
  const from = await ana.get(`/accounts/${bo.account.id}/block`, { referer: 'https://skerry.test/home?before=5' })
  assert.match(from.body, /name="returnTo" value="\/home\?before&#x3D;5"/)
  for (const referer of ['https://evil.example/x', 'https://skerry.test//evil.example', 'https://skerry.test/\\evil']) {
    assert.match((await ana.get(`/accounts/${bo.account.id}/block`, { referer })).body, /name="returnTo" value="\/(@bo|evil)"/, referer)
  }

  const done = await ana.submit(`/accounts/${bo.account.id}/block`, { returnTo: '/home' })
  assert.equal(done.statusCode, 303)
  assert.deepEqual(handlesOf(await ana.page('/@ana/followers')), [])
  assert.deepEqual(handlesOf(await ana.page('/@ana/following')), [])
  assert.match(textOf(await ana.page('/settings/blocks')), /Blocked accounts .*bo @bo Blocked Unblock/)
  assert.equal((await bo.submit(`/accounts/${ana.account.id}/follow`)).statusCode, 403)
  await ana.submit(`/accounts/${bo.account.id}/unblock`, { returnTo: '/settings/blocks' })
  assert.match(await ana.page('/settings/blocks'), /You have blocked nobody/)
})

test('muting is quiet, and leads back to the post it was done at', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  await bo.submit(`/accounts/${ana.account.id}/follow`)
  const postId = await write(ana, { text: 'Kettle on' })
  const muted = await bo.submit(`/accounts/${ana.account.id}/mute`, { returnTo: `/home#post-${postId}` })
  assert.equal(muted.headers.location, `/home#post-${postId}`)
  assert.doesNotMatch(await bo.page('/home'), /Kettle on/)
  assert.match(await bo.page('/@ana'), /Kettle on/)
  assert.match(textOf(await bo.page('/settings/mutes')), /ana @ana .*Unmute/)
  await bo.submit(`/accounts/${ana.account.id}/unmute`)
  assert.match(await bo.page('/home'), /Kettle on/)
  await bo.submit(`/accounts/${ana.account.id}/hide-boosts`)
  assert.match(await bo.page('/@ana'), /Show boosts by @ana/)
})

test('people parted from the reader by a block stand in nobody else’s lists either', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo, carol] = [await instance.as('ana'), await instance.as('bo'), await instance.as('carol')]
  await bo.submit(`/accounts/${ana.account.id}/follow`)
  await carol.submit(`/accounts/${ana.account.id}/follow`)
  await bo.submit(`/accounts/${carol.account.id}/block`)
  assert.deepEqual(handlesOf(await bo.page('/@ana/followers')), ['@bo'])
  assert.deepEqual(handlesOf(await carol.page('/@ana/followers')), ['@carol'])
  assert.match(await instance.guest().page('/@ana/followers'), /@carol/)
})

test('lists of people go on in pages, none twice and none missing', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const names = Array.from({ length: 45 }, (_, at) => `p${at}`)
  for (const name of names) {
    const account = await addRemoteAccount(instance, name, 'remote.test')
    await ana.submit(`/accounts/${account.id}/mute`)
  }
  const seen: string[] = []
  let path: string | undefined = '/settings/mutes'
  while (path !== undefined) {
    const html: string = await ana.page(path)
    seen.push(...[...html.matchAll(/class="handle">@(p\d+)@remote\.test/g)].map(([, name]) => name!))
    path = /rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&#x3D;', '=')
  }
  assert.deepEqual(seen.toSorted(), names.toSorted())
})

test('what may not be done is refused in words', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  assert.equal((await ana.submit(`/accounts/${ana.account.id}/follow`)).statusCode, 422)
  assert.equal((await ana.submit('/accounts/12345/follow')).statusCode, 404)
  assert.equal((await ana.submit('/accounts/abc/follow')).statusCode, 404)
  assert.equal((await ana.get('/accounts/abc/block')).statusCode, 404)
  assert.equal((await instance.guest().submit(`/accounts/${bo.account.id}/follow`)).statusCode, 401)
  assert.equal((await instance.guest().get('/follow-requests')).statusCode, 303)
  assert.equal((await ana.get('/settings/mutes?before=x')).statusCode, 422)
  const long = await addRemoteAccount(instance, '𝒜'.repeat(200), 'remote.test')
  assert.equal((await ana.submit(`/accounts/${long.id}/mute`)).statusCode, 303)
})
