import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { users } from '#db/schema/sign-in.ts'
import { createOwnerLink } from '#server/sign-in/owner-link.ts'
import { createLog } from '#server/platform/log.ts'
import { createPasswords } from '#server/platform/passwords.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { linkIn, watchMails } from '#test/sign-in/mails.ts'

const next = 'another long password'

test('a new password also closes the link by which a thief would put their own address in', async (t) => {
  const instance = await startInstance(t)
  const mails = watchMails(instance)
  const ana = await instance.as('ana')
  const thief = instance.guest()
  await thief.submit('/sign-in', { login: 'ana', password: testPassword })
  await thief.page('/settings/account')
  assert.equal((await thief.submit('/settings/email', { newEmail: 'thief@evil.test', password: testPassword })).statusCode, 303)
  await instance.runJobs()
  const link = linkIn(mails.find(({ to }) => to === 'thief@evil.test'))
  assert.equal((await ana.submit('/settings/password', { currentPassword: testPassword, newPassword: next })).statusCode, 303)
  assert.equal((await instance.guest().submit(link)).statusCode, 410)
  const [user] = await instance.ctx.db.select().from(users).where(eq(users.accountId, ana.account.id))
  assert.equal(user?.email, 'ana@mail.test')
})

test('whoever reads the mail of an address that was left behind holds no link to the account', async (t) => {
  const instance = await startInstance(t)
  const mails = watchMails(instance)
  const ana = await instance.as('ana')
  await instance.guest().submit('/password', { email: 'ana@mail.test' })
  await ana.submit('/settings/email', { newEmail: 'new@mail.test', password: testPassword })
  await instance.runJobs()
  const reset = linkIn(mails.find(({ to }) => to === 'ana@mail.test'))
  assert.equal((await ana.submit(linkIn(mails.find(({ to }) => to === 'new@mail.test')))).statusCode, 303)
  assert.equal((await instance.guest().get(reset)).statusCode, 410)
})

test('AUT-07: one person cannot have mails sent to many addresses', async (t) => {
  const instance = await startInstance(t)
  const mails = watchMails(instance)
  const ana = await instance.as('ana')
  const statuses: number[] = []
  for (let at = 0; at < 12; at++) {
    statuses.push((await ana.submit('/settings/email', { newEmail: `victim-${at}@mail.test`, password: testPassword })).statusCode)
  }
  assert.deepEqual(statuses.slice(-2), [429, 429])
  await instance.runJobs()
  assert.equal(mails.length, 10)
})

test('the owner’s link of an instance that has an owner by another way is closed', async (t) => {
  const instance = await startInstance(t)
  const { pathname } = new URL(await createOwnerLink(instance.ctx))
  await instance.as('olga', { role: 'owner' })
  const guest = instance.guest()
  assert.equal((await guest.get(pathname)).statusCode, 410)
  assert.equal((await guest.submit(pathname, { name: 'second', email: 'second@mail.test', password: testPassword })).statusCode, 410)
  assert.equal((await instance.ctx.db.select().from(users)).length, 1)
})

test('a flood of sign-ups is stopped before its passwords are hashed', async (t) => {
  let hashes = 0
  const cheap = createPasswords({ cost: { memoryKib: 8, passes: 1, lanes: 1 } })
  const passwords = {
    ...cheap,
    hash(password: string) {
      hashes++
      return cheap.hash(password)
    }
  }
  const instance = await startInstance(t, { config: { instance: { signUp: 'open' } }, overrides: { passwords } })
  const guest = instance.guest()
  const typed = { password: testPassword, reason: '', inviteCode: '', consent: 'on' }
  for (let at = 0; at < 40; at++) await guest.submit('/sign-up', { ...typed, name: `flood_${at}`, email: `flood-${at}@mail.test` })
  assert.equal(hashes, 30)
})

test('AUT-07: one network cannot ask for links to any number of addresses', async (t) => {
  const instance = await startInstance(t)
  const guest = instance.guest()
  const statuses: number[] = []
  for (let at = 0; at < 103; at++) statuses.push((await guest.submit('/password', { email: `any-${at}@mail.test` })).statusCode)
  assert.deepEqual(statuses.slice(98), [303, 303, 429, 429, 429])
})

test('API-06: a secret link is not in the log, with a slash too many either', async (t) => {
  const lines: string[] = []
  const log = createLog('info', { write: (line: string) => void lines.push(line) })
  const instance = await startInstance(t, { overrides: { log } })
  const token = 'T'.repeat(32)
  for (const path of [`/owner/${token}`, `/owner/${token}/`, `//password/${token}/`, `/confirm/${token}/x`, `/PASSWORD/${token}`]) {
    await instance.guest().get(path)
  }
  assert.ok(lines.length >= 5)
  assert.ok(
    !lines.join('').includes(token),
    lines.find((line) => line.includes(token))
  )
})
