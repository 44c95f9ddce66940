import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import { instanceFacts } from '#db/schema/moderation.ts'
import { invites, users } from '#db/schema/sign-in.ts'
import { findLocalAccount } from '#server/accounts/find-account.ts'
import { hasOwner, createOwnerLink } from '#server/sign-in/owner-link.ts'
import { sweepSignIn } from '#server/sign-in/sweep.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { linkIn, watchMails } from '#test/sign-in/mails.ts'

const dayMs = 86_400_000
const typed = { name: 'ana', email: 'ana@mail.test', password: testPassword, reason: 'I like islands', consent: 'on', inviteCode: '' }

function withMode(signUp: 'approval' | 'open' | 'invite' | 'closed', rules: string[] = []) {
  return { config: { instance: { signUp, rules } } }
}

test('open: mail confirmed, then one can sign in, and exists for others', async (t) => {
  const instance = await startInstance(t, withMode('open', ['Be kind']))
  const mails = watchMails(instance)
  const guest = instance.guest()
  assert.match(await guest.page('/sign-up'), /Be kind/)
  const response = await guest.submit('/sign-up', typed)
  assert.equal(response.headers.location, '/sign-up/sent', response.body)
  assert.match(textOf(await guest.page('/sign-up/sent')), /ana@mail\.test/)

  assert.equal(await findLocalAccount(instance.ctx.db, 'ana'), undefined, 'nobody sees a sign-up that waits')
  const early = await guest.submit('/sign-in', { login: 'ana', password: testPassword })
  assert.equal(early.statusCode, 403)
  assert.match(textOf(early.body), /confirm/i)

  await instance.runJobs()
  const link = linkIn(mails[0])
  assert.match(link, /^\/confirm\//)
  // Programs that follow every link in a mail do not use it up.
  assert.equal((await instance.guest().get(link)).statusCode, 200)
  assert.match(textOf(await guest.page(link)), /ana@mail\.test/)
  const confirmed = await guest.submit(link)
  assert.equal(confirmed.headers.location, '/sign-in')
  assert.equal((await guest.submit(link)).statusCode, 410)
  assert.equal((await guest.get(link)).statusCode, 410)

  assert.equal((await guest.submit('/sign-in', { login: 'ana', password: testPassword })).statusCode, 303)
  assert.equal((await findLocalAccount(instance.ctx.db, 'ANA'))?.uri, 'https://skerry.test/@ana')
  const [user] = await instance.ctx.db.select().from(users)
  assert.deepEqual(user!.rulesAccepted, ['Be kind'])
  assert.ok(user!.rulesAcceptedAt)
})

test('an account has an RSA and an Ed25519 key whose private halves only the instance can open', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const keys = await instance.ctx.db.select().from(accountKeys).where(eq(accountKeys.accountId, ana.account.id))
  assert.deepEqual(keys.map(({ kind, uri }) => [kind, uri]).sort(), [
    ['ed25519', 'https://skerry.test/@ana#ed25519-key'],
    ['rsa', 'https://skerry.test/@ana#main-key']
  ])
  for (const key of keys) {
    assert.doesNotMatch(key.privateSealed!, /PRIVATE/)
    assert.match(instance.ctx.seal.unseal(key.privateSealed!).toString(), /BEGIN PRIVATE KEY/)
  }
})

test('approval: a reason is asked, and a moderator has to say yes', async (t) => {
  const instance = await startInstance(t, withMode('approval'))
  const mails = watchMails(instance)
  const guest = instance.guest()
  const without = await guest.submit('/sign-up', { ...typed, reason: '  ' })
  assert.equal(without.statusCode, 422)
  assert.match(without.body, /value="ana@mail\.test"/, 'what was typed is kept')
  assert.doesNotMatch(without.body, new RegExp(testPassword))
  assert.equal((await guest.submit('/sign-up', typed)).statusCode, 303)
  await instance.runJobs()
  await guest.submit(linkIn(mails[0]))
  assert.match(textOf(await guest.page('/sign-in')), /moderator/)
  const early = await guest.submit('/sign-in', { login: 'ana', password: testPassword })
  assert.equal(early.statusCode, 403)
  assert.match(textOf(early.body), /waiting/)
  assert.equal(await findLocalAccount(instance.ctx.db, 'ana'), undefined)
  await instance.ctx.transact(async (tx) => void (await tx.update(users).set({ approvedAt: tx.now })))
  assert.equal((await guest.submit('/sign-in', { login: 'ana', password: testPassword })).statusCode, 303)
})

test('invite: a code works as often as it says, also when used at the same time', async (t) => {
  const instance = await startInstance(t, withMode('invite'))
  const owner = await instance.as('boss', { role: 'owner' })
  await instance.ctx.transact(async (tx) => {
    await tx.insert(invites).values({ id: tx.newId(), code: 'welcome-2', createdBy: owner.account.id, usesLeft: 2, createdAt: tx.now })
    await tx
      .insert(invites)
      .values({ id: tx.newId(), code: 'old', createdBy: owner.account.id, usesLeft: 2, expiresAt: tx.now - 1, createdAt: tx.now })
  })
  for (const inviteCode of ['', 'wrong', 'old']) {
    const response = await instance.guest().submit('/sign-up', { ...typed, inviteCode })
    assert.equal(response.statusCode, 422, inviteCode)
    assert.match(textOf(response.body), /invitation/i)
  }
  const statuses = await Promise.all(
    ['a', 'b', 'c', 'd'].map((name) =>
      instance
        .guest()
        .submit('/sign-up', { ...typed, name, email: `${name}@mail.test`, inviteCode: 'welcome-2' })
        .then(({ statusCode }) => statusCode)
    )
  )
  assert.deepEqual(statuses.sort(), [303, 303, 422, 422])
})

test('closed: nobody signs up, and the page says so', async (t) => {
  const instance = await startInstance(t, withMode('closed'))
  assert.match(textOf(await instance.guest().page('/sign-up')), /no new accounts/)
  assert.equal((await instance.guest().submit('/sign-up', typed)).statusCode, 403)
})

test('every mistake is named at its field, all at once, and nothing typed is lost', async (t) => {
  const instance = await startInstance(t, withMode('open'))
  const cases: [Partial<typeof typed> | { consent: undefined }, RegExp][] = [
    [{ name: '' }, /Please fill this in/],
    [{ name: 'ä' }, /letters a to z/],
    [{ name: 'a'.repeat(31) }, /letters a to z/],
    [{ email: 'nonsense' }, /no e-mail address/],
    [{ email: 'a@b.test\r\nBcc: c@d.test' }, /no e-mail address/],
    [{ password: 'short' }, /too short: at least 10/],
    [{ password: 'x'.repeat(201) }, /too long: at most 200/],
    [{ password: 'aaaaaaaaaaaaaa' }, /easy to guess/],
    [{ name: 'ana_of_skerry', password: 'ana_of_skerry123' }, /easy to guess/],
    [{ password: 'ana@mail.test' }, /easy to guess/]
  ]
  for (const [wrong, message] of cases) {
    const response = await instance.guest().submit('/sign-up', { ...typed, ...wrong } as Record<string, string>)
    assert.equal(response.statusCode, 422, JSON.stringify(wrong))
    assert.match(textOf(response.body), message, JSON.stringify(wrong))
  }
  const { consent: _, ...without } = typed
  assert.match(textOf((await instance.guest().submit('/sign-up', without)).body), /agree/)
  const several = await instance.guest().submit('/sign-up', { ...typed, name: '', email: '', password: '' })
  assert.equal(textOf(several.body).match(/Please fill this in/g)?.length, 3)
})

test('AUT-15: of twenty who ask for one name at once, exactly one gets it', async (t) => {
  const instance = await startInstance(t, withMode('open'))
  const spellings = ['ana', 'Ana', 'ANA', '@ana']
  const responses = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      instance.guest().submit('/sign-up', { ...typed, name: spellings[at % 4]!, email: `ana${at}@mail.test` })
    )
  )
  const statuses = responses.map(({ statusCode }) => statusCode)
  assert.equal(statuses.filter((status) => status === 303).length, 1, statuses.join())
  assert.ok(
    statuses.every((status) => status === 303 || status === 409),
    statuses.join()
  )
  assert.equal((await instance.ctx.db.select().from(accounts).where(eq(accounts.nameKey, 'ana'))).length, 1)
})

test('AUT-15, API-15: reserved names and look-alikes are refused', async (t) => {
  const instance = await startInstance(t, withMode('open'))
  for (const name of [
    'admin',
    'Admin',
    'inbox',
    '.well-known',
    'api',
    'instance',
    'аdmin',
    'admin ',
    'admin\u200b',
    'ａdmin',
    'a.b',
    'a-b',
    'ana@evil.example',
    'K\u212Aa',
    'sign-up',
    '../x'
  ]) {
    const response = await instance.guest().submit('/sign-up', { ...typed, name })
    assert.equal(response.statusCode, 422, JSON.stringify(name))
  }
})

test('ADM-02: a role sent along with a sign-up or profile is ignored', async (t) => {
  const instance = await startInstance(t, withMode('open'))
  await instance.guest().submit('/sign-up', { ...typed, role: 'owner', approvedAt: '1', emailConfirmedAt: '1' })
  const bob = await instance.as('bob')
  await bob.submit('/settings/profile', { displayName: 'Bob', role: 'owner' })
  const rows = await instance.ctx.db.select({ role: users.role }).from(users)
  assert.deepEqual([...new Set(rows.map(({ role }) => role))], ['person'])
})

test('AUT-06: signing up with an address that has an account looks like any other; its owner gets a mail', async (t) => {
  const instance = await startInstance(t, withMode('open'))
  await instance.as('ana')
  const mails = watchMails(instance)
  const guests = [instance.guest(), instance.guest()] as const
  const known = await guests[0].submit('/sign-up', { ...typed, name: 'eve', email: 'Ana@mail.test' })
  const fresh = await guests[1].submit('/sign-up', { ...typed, name: 'eva', email: 'Eva@mail.test' })
  assert.deepEqual([known.statusCode, known.headers.location, known.body], [303, fresh.headers.location, fresh.body])
  const [first, second] = [await guests[0].page('/sign-up/sent'), await guests[1].page('/sign-up/sent')]
  assert.equal(second.replaceAll('Eva@', 'Ana@'), first)
  await instance.runJobs()
  assert.deepEqual(mails.map(({ to }) => to).sort(), ['Eva@mail.test', 'ana@mail.test'])
  assert.match(mails.find(({ to }) => to === 'ana@mail.test')!.text, /already/)
  assert.equal((await instance.ctx.db.select().from(accounts).where(eq(accounts.nameKey, 'eve'))).length, 0)
})

test('a sign-up that nobody confirms is forgotten after a week, and its name is free again', async (t) => {
  const instance = await startInstance(t, withMode('open'))
  await instance.guest().submit('/sign-up', typed)
  instance.clock.advance(6 * dayMs)
  await sweepSignIn(instance.ctx)
  assert.equal((await instance.guest().submit('/sign-up', { ...typed, email: 'b@mail.test' })).statusCode, 409)
  instance.clock.advance(2 * dayMs)
  await sweepSignIn(instance.ctx)
  assert.equal((await instance.guest().submit('/sign-up', { ...typed, email: 'b@mail.test' })).statusCode, 303)
})

test('MOV-07: the name of an erased account is never used again', async (t) => {
  const instance = await startInstance(t, withMode('open'))
  const ana = await instance.as('ana')
  await instance.ctx.transact(async (tx) => {
    await tx.delete(users).where(eq(users.accountId, ana.account.id))
    await tx.update(accounts).set({ deletedAt: tx.now }).where(eq(accounts.id, ana.account.id))
  })
  assert.equal((await instance.guest().submit('/sign-up', { ...typed, email: 'other@mail.test' })).statusCode, 409)
})

test('the owner’s link creates one owner, signs them in, and closes', async (t) => {
  const instance = await startInstance(t)
  assert.equal(await hasOwner(instance.ctx.db), false)
  const [first, second] = [await createOwnerLink(instance.ctx), await createOwnerLink(instance.ctx)].map(
    (url) => new URL(url).pathname
  ) as [string, string]
  const guest = instance.guest()
  await guest.page(first)
  const weak = await guest.submit(first, { name: 'boss', email: 'boss@mail.test', password: 'short' })
  assert.equal(weak.statusCode, 422)
  const responses = await Promise.all(
    [first, first, second].map((path, at) =>
      instance.guest().submit(path, { name: `boss${at}`, email: `boss${at}@mail.test`, password: testPassword })
    )
  )
  assert.deepEqual(responses.map(({ statusCode }) => statusCode).sort(), [303, 410, 410])
  assert.equal(await instance.ctx.db.$count(users, eq(users.role, 'owner')), 1)
  for (const path of [first, second]) assert.equal((await instance.guest().get(path)).statusCode, 410)
  await assert.rejects(createOwnerLink(instance.ctx), { key: 'owner.exists' })
  assert.equal((await instance.guest().get('/owner/guessed')).statusCode, 410)
  assert.ok(await instance.ctx.db.$count(instanceFacts))
})
