import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { users } from '#db/schema/sign-in.ts'
import { follows } from '#db/schema/follows.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { remote } from '#test/helpers/remote.ts'

test('whoever is new is shown first steps once, and finds them again from an empty home', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await instance.ctx.transact((tx) => tx.update(users).set({ welcomedAt: null }).where(eq(users.accountId, ana.account.id)))
  const guest = instance.guest()
  const signIn = () => guest.submit('/sign-in', { login: 'ana', password: testPassword })
  assert.equal((await signIn()).headers.location, '/welcome')
  assert.match(await guest.page('/welcome'), /Fill your home/)
  assert.equal((await signIn()).headers.location, '/home')
  const home = await ana.page('/home')
  assert.match(home, /Your home is empty/)
  assert.match(home, /<a class="button" href="\/welcome">/)
  await ana.submit('/posts', { text: 'first words' })
  assert.doesNotMatch(await ana.page('/home'), /href="\/welcome"/)
  assert.equal((await instance.guest().get('/welcome')).statusCode, 303)
})

test('an admin says whom and what to follow first, and new people follow one or all', async (t) => {
  const instance = await startInstance(t)
  const far = await remote(t, instance, 'far.test')
  await far.actor('bo')
  const admin = await instance.as('root', { role: 'admin' })
  const [ana, ben] = [await instance.as('ana'), await instance.as('ben')]
  const welcome = { text: 'Ahoy & <b>welcome</b>', handles: '@ben\nbo@far.test, @root', tags: '#Tides lichen' }
  assert.equal((await admin.submit('/admin/welcome', { ...welcome, handles: '@nobody@far.test' })).statusCode, 422)
  assert.equal((await admin.submit('/admin/welcome', { ...welcome, tags: '#!' })).statusCode, 422)
  assert.equal((await ana.submit('/admin/welcome', welcome)).statusCode, 403)
  assert.equal((await admin.submit('/admin/welcome', welcome)).statusCode, 303)
  assert.match(await admin.page('/admin/audit'), /changed what new people are shown first/)

  await ben.submit(`/accounts/${ana.account.id}/block`)
  const page = await ana.page('/welcome')
  assert.match(page, /Ahoy &amp; &lt;b&gt;welcome&lt;\/b&gt;/)
  assert.match(page, /@bo@far\.test/)
  assert.doesNotMatch(page, /href="\/@ben"/, 'who blocks is not offered')
  assert.match(page, /formaction="\/tags\/tides\/follow"/)
  await ana.submit('/tags/tides/follow', { returnTo: '/welcome' })
  assert.match(await ana.page('/welcome'), /formaction="\/tags\/tides\/unfollow"/)
  assert.equal((await ana.submit('/welcome/follows')).headers.location, '/welcome')
  assert.equal((await instance.ctx.db.select().from(follows).where(eq(follows.followerId, ana.account.id))).length, 2)
  assert.doesNotMatch(await ana.page('/welcome'), /Follow all/)
})

test('handles are pasted on the page of first steps', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await instance.as('ben')
  const sent = await ana.submit('/settings/import', { kind: 'follows', text: '@ben\n@nobody' })
  await instance.runJobs()
  assert.match(await ana.page(String(sent.headers.location)), /1 of 2 done, 1 failed/)
})
