import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { signInAttempts } from '#db/schema/factors.ts'
import { posts } from '#db/schema/posts.ts'
import { users } from '#db/schema/sign-in.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { remote } from '#test/helpers/remote.ts'
import { setUpCodes } from '#test/sign-in/factors.ts'
import { watchMails } from '#test/sign-in/mails.ts'

const path = '/settings/account/deletion'
const minuteMs = 60_000

test('somebody deletes their account: what they wrote goes, other servers are told, every session ends, and the name stays taken', async (t) => {
  const instance = await startInstance(t)
  const mails = watchMails(instance)
  const ana = await instance.as('ana')
  const far = await remote(t, instance, 'far.test')
  const ben = await far.actor('ben')
  await ben.send(ben.activity('Follow', ana.account.uri))
  await ana.submit('/posts', { text: 'Low tide', visibility: 'public', idempotencyKey: 'one' })
  await setUpCodes(instance, ana)
  await instance.runJobs()
  const page = textOf(await ana.page(path))
  assert.match(page, /stays taken/)
  assert.match(page, /Move your followers/)
  assert.equal((await ana.submit(path, { name: 'anna', password: testPassword })).statusCode, 422)
  instance.clock.advance(11 * minuteMs)
  assert.equal((await ana.submit(path, { name: '@ana' })).statusCode, 422, 'the password is asked for')
  assert.equal((await ana.submit(path, { name: '@ana', password: 'wrong password' })).statusCode, 422)
  const done = await ana.submit(path, { name: '@ana', password: testPassword })
  assert.deepEqual([done.statusCode, done.headers.location], [303, '/'])
  assert.match(String(done.headers['clear-site-data']), /"cache", "storage"/)
  await instance.runJobs()

  const { db } = instance.ctx
  const [account] = await db.select().from(accounts).where(eq(accounts.id, ana.account.id))
  assert.ok(account!.deletedAt)
  assert.equal(await db.$count(users, eq(users.accountId, ana.account.id)), 0)
  assert.equal(await db.$count(signInAttempts, eq(signInAttempts.accountId, ana.account.id)), 0)
  assert.equal(
    (await db.select().from(posts).where(eq(posts.authorId, ana.account.id))).filter(({ deletedAt }) => deletedAt === null).length,
    0
  )
  assert.ok(JSON.stringify(far.received).includes('"Delete"'), 'other servers are told')
  assert.equal((await ana.get('/settings/account')).statusCode, 303)
  assert.equal((await instance.guest().submit('/sign-in', { login: 'ana', password: testPassword })).statusCode, 422)
  assert.ok(mails.some(({ to, subject }) => to === 'ana@mail.test' && /is deleted/.test(subject)))
})

test('the last owner is told who must come first; one of two may go', async (t) => {
  const instance = await startInstance(t)
  const olga = await instance.as('olga', { role: 'owner' })
  assert.match(textOf(await olga.page(path)), /only owner/)
  const refused = await olga.submit(path, { name: 'olga', password: testPassword })
  assert.equal(refused.statusCode, 409)
  assert.match(textOf(refused.body), /Make somebody else owner first/)
  await instance.as('otto', { role: 'owner' })
  assert.equal((await olga.submit(path, { name: 'olga', password: testPassword })).statusCode, 303)
})
