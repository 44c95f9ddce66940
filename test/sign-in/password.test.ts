import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { oneTimeTokens, users } from '#db/schema/sign-in.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { linkIn, watchMails } from '#test/sign-in/mails.ts'

const hourMs = 3_600_000
const next = 'another long password'

test('AUT-03: a changed password ends every other session, and this one goes on under a new id', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const other = instance.guest()
  await other.submit('/sign-in', { login: 'ana', password: testPassword })
  const mails = watchMails(instance)
  const wrong = await ana.submit('/settings/password', { currentPassword: 'not it at all', newPassword: next })
  assert.equal(wrong.statusCode, 422)
  assert.match(textOf(wrong.body), /not your password/)
  const weak = await ana.submit('/settings/password', { currentPassword: testPassword, newPassword: 'ana' })
  assert.equal(weak.statusCode, 422)
  const changed = await ana.submit('/settings/password', { currentPassword: testPassword, newPassword: next })
  assert.equal(changed.statusCode, 303, changed.body)
  assert.ok((changed.cookies as { name: string }[]).some(({ name }) => name === '__Host-session'))
  assert.equal((await other.get('/settings/account')).statusCode, 303)
  assert.match(await ana.page('/settings/account'), /password is changed/)
  await instance.runJobs()
  assert.match(mails[0]!.text, /password/)
  assert.equal((await instance.guest().submit('/sign-in', { login: 'ana', password: testPassword })).statusCode, 422)
  assert.equal((await instance.guest().submit('/sign-in', { login: 'ana', password: next })).statusCode, 303)
})

test('AUT-03: a forgotten password is chosen anew by a link that works once, for an hour, and ends every session', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const mails = watchMails(instance)
  const guest = instance.guest()
  for (let at = 0; at < 2; at++) await guest.submit('/password', { email: 'ANA@mail.test' })
  await instance.runJobs()
  const [first, second] = mails.map(linkIn) as [string, string]
  const stored = await instance.ctx.db.select().from(oneTimeTokens)
  assert.ok(!JSON.stringify(stored).includes(first.split('/').at(-1)!), 'only the hash is stored')
  await guest.page(first)
  assert.equal((await guest.submit(first, { password: 'short' })).statusCode, 422)
  const done = await guest.submit(first, { password: next })
  assert.equal(done.statusCode, 303)
  assert.equal(done.headers.location, '/sign-in')
  assert.equal((await ana.get('/settings/account')).statusCode, 303)
  for (const path of [first, second]) {
    assert.equal((await guest.get(path)).statusCode, 410)
    assert.equal((await instance.guest().submit(path, { password: 'yet another password' })).statusCode, 410)
  }
  assert.equal((await guest.submit('/sign-in', { login: 'ana', password: next })).statusCode, 303)

  await instance.runJobs()
  assert.equal((await instance.guest().submit('/password', { email: 'ana@mail.test' })).statusCode, 303)
  await instance.runJobs()
  const late = linkIn(mails.at(-1))
  instance.clock.advance(hourMs + 1)
  assert.equal((await guest.get(late)).statusCode, 410)
})

test('another mail address counts once its owner followed the link, and the old one is told', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await instance.as('bob')
  const mails = watchMails(instance)
  const email = async () => (await instance.ctx.db.select().from(users).where(eq(users.accountId, ana.account.id)))[0]!.email
  const wrong = await ana.submit('/settings/email', { newEmail: 'new@mail.test', password: 'wrong password' })
  assert.equal(wrong.statusCode, 422)
  assert.match(wrong.body, /value="new@mail\.test"/)
  assert.equal((await ana.submit('/settings/email', { newEmail: 'new@mail.test', password: testPassword })).statusCode, 303)
  assert.equal(await email(), 'ana@mail.test')
  await instance.runJobs()
  assert.equal(mails[0]!.to, 'new@mail.test')
  const link = linkIn(mails[0])
  assert.equal((await ana.submit(link)).statusCode, 303)
  assert.equal(await email(), 'new@mail.test')
  await instance.runJobs()
  assert.equal(mails[1]!.to, 'ana@mail.test')
  // Somebody else's address cannot be taken, and nothing tells that it is somebody's.
  assert.equal((await ana.submit('/settings/email', { newEmail: 'bob@mail.test', password: testPassword })).statusCode, 303)
  await instance.runJobs()
  assert.match(mails.at(-1)!.text, /already/)
  assert.equal(mails.at(-1)!.to, 'bob@mail.test')
})
