import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { addRemoteAccount, write } from '#test/web/world.ts'

const flashOf = (html: string) => textOf(/<p class="flash[\s\S]*?<\/p>/.exec(html)?.[0] ?? '')
const dayMs = 86_400_000

test('muting for a day takes a page and a press, says so, stands in the settings and ends by itself', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  await ana.submit(`/accounts/${bo.account.id}/follow`)
  await write(bo, { text: 'Low tide' })
  const path = `/accounts/${bo.account.id}/mute`
  for (const page of ['/home', '/@bo']) assert.match(await ana.page(page), new RegExp(`href="${path}"`), page)
  const form = await ana.page(path)
  assert.match(form, new RegExp(`<input type="radio"[^>]*name="duration" value="${dayMs}"`))
  assert.match(form, /name="hidesNotifications" value="yes" checked/)
  const muted = await ana.submit(path, { duration: String(dayMs), chosen: 'yes', returnTo: '/home' })
  assert.equal(muted.statusCode, 303)
  const home = await ana.page('/home')
  assert.equal(flashOf(home), '@bo is muted for 1 day.')
  assert.doesNotMatch(home, /Low tide/)
  await bo.submit('/posts', { text: '@ana are you there?' })
  assert.match(await ana.page('/notifications'), /are you there/, 'notifications were left')
  const settings = await ana.page('/settings/mutes')
  assert.match(textOf(settings), /@bo For another 1 day \(until [^)]+\) Notifications come through/)
  assert.match(settings, new RegExp(`action="/accounts/${bo.account.id}/unmute"`))
  instance.clock.advance(dayMs - 3_600_000)
  assert.match(textOf(await ana.page('/settings/mutes')), /For another 1 hour/)
  instance.clock.advance(3_600_000)
  assert.match(await ana.page('/home'), /Low tide/)
  assert.match(await ana.page('/settings/mutes'), /You have muted nobody/)

  assert.equal((await ana.submit(path, { duration: '5', chosen: 'yes' })).statusCode, 422)
  await ana.submit(path, { duration: 'never', chosen: 'yes', hidesNotifications: 'yes' })
  assert.doesNotMatch(await ana.page('/notifications'), /are you there/)
  await ana.submit(`/accounts/${bo.account.id}/unmute`)
  assert.match(await ana.page('/home'), /Low tide/)
})

test('a conversation is muted from a post’s menu, its page says so, and it is undone there', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  await ana.submit(`/accounts/${bo.account.id}/follow`)
  const id = await write(bo, { text: 'An endless talk' })
  assert.match(await ana.page('/home'), new RegExp(`formaction="/posts/${id}/mute-thread">Mute conversation`))
  await ana.submit(`/posts/${id}/mute-thread`, { returnTo: '/home' })
  const home = await ana.page('/home')
  assert.equal(flashOf(home), 'You hear no more of this conversation.')
  assert.doesNotMatch(home, /An endless talk/)
  const reply = await write(bo, { text: '@ana and on', replyTo: String(id) })
  assert.doesNotMatch(await ana.page('/notifications'), /and on/)
  const thread = await ana.page(`/@bo/${reply}`)
  assert.match(textOf(thread), /You have muted this conversation/)
  assert.match(thread, new RegExp(`action="/posts/${reply}/unmute-thread"`))
  await ana.submit(`/posts/${reply}/unmute-thread`, { returnTo: `/@bo/${reply}` })
  assert.doesNotMatch(textOf(await ana.page(`/@bo/${reply}`)), /You have muted this conversation/)
  assert.match(await ana.page('/home'), /An endless talk/)
})

test('a server is hidden from a profile’s menu or by name, and shown again in the settings', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  const far = await addRemoteAccount(instance, 'far', 'peer.test')
  const profile = await ana.page('/@far@peer.test')
  assert.match(profile, new RegExp(`href="/accounts/${far.id}/hide-server"`))
  const asks = await ana.page(`/accounts/${far.id}/hide-server`)
  assert.match(textOf(asks), /Hide everything from peer\.test\?/)
  assert.match(asks, /name="domain" value="peer.test"/)
  const hidden = await ana.submit('/settings/servers', { domain: 'peer.test', returnTo: '/@far@peer.test' })
  assert.equal(hidden.headers.location, '/@far@peer.test')
  const after = await ana.page('/@far@peer.test')
  assert.equal(flashOf(after), 'You see nothing from peer.test any more.')
  assert.match(textOf(after), /You have hidden everything from peer\.test/)
  assert.match(await ana.page('/settings/servers'), /Show again/)
  assert.doesNotMatch(textOf(await bo.page('/@far@peer.test')), /You have hidden/)
  const wrong = await ana.submit('/settings/servers', { domain: 'https://peer.test/' })
  assert.equal(wrong.statusCode, 422)
  assert.match(wrong.body, /value="https:\/\/peer.test\/"/)
  await ana.submit('/settings/servers/remove', { domain: 'peer.test' })
  assert.match(textOf(await ana.page('/settings/servers')), /You have hidden no server/)
  assert.equal((await ana.get(`/accounts/${bo.account.id}/hide-server`)).statusCode, 404)
})
