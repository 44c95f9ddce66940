import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { media } from '#db/schema/media.ts'
import { favourites, posts } from '#db/schema/posts.ts'
import { type Role, users } from '#db/schema/sign-in.ts'
import { Refusal } from '#server/errors.ts'
import { changeRole } from '#server/moderation/change-role.ts'
import { changeSettings } from '#server/moderation/change-settings.ts'
import { eraseAccount } from '#server/moderation/erase-account.ts'
import { suspendAccount } from '#server/moderation/suspend-account.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { remote } from '#test/helpers/remote.ts'
import { actsOf, anotherProcess, operator, whoOf, withinASecond } from '#test/moderation/acting.ts'
import { linkIn, watchMails } from '#test/sign-in/mails.ts'
import { pictureOf, write } from '#test/web/world.ts'

const isRefused = (kind: string) => (error: unknown) => error instanceof Refusal && error.kind === kind
const signUp = { name: 'newcomer', email: 'new@mail.test', password: testPassword, reason: 'I like boats', consent: 'yes' }

test('a sign-up waits, is approved, and a mail says so', async (t) => {
  const instance = await startInstance(t)
  const mails = watchMails(instance)
  const mia = await instance.as('mia', { role: 'moderator' })
  await instance.guest().submit('/sign-up', signUp)
  await instance.runJobs()
  await instance.guest().submit(linkIn(mails.pop()))
  const [user] = await instance.ctx.db.select().from(users).where(eq(users.email, 'new@mail.test'))
  assert.match(textOf(await mia.page('/admin')), /1 Sign-ups/)
  assert.match(textOf(await mia.page('/admin/sign-ups')), /newcomer @newcomer new@mail.test Confirmed .* I like boats/)
  const approved = await mia.submit(`/admin/sign-ups/${user!.accountId}/approval`)
  assert.equal(approved.statusCode, 303)
  await instance.runJobs()
  assert.match(mails.at(-1)!.text, /your request was approved/)
  assert.equal((await instance.guest().submit('/sign-in', { login: 'newcomer', password: testPassword })).statusCode, 303)
  const again = await mia.submit(`/admin/sign-ups/${user!.accountId}/approval`)
  assert.equal(again.statusCode, 409)
  assert.match(textOf(again.body), /does not wait any more/)
  assert.deepEqual(await actsOf(instance), ['sign-up-approved'])
})

test('a rejected sign-up leaves nothing but a taken name, and the person may ask again under another', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const mails = watchMails(instance)
  const mia = await instance.as('mia', { role: 'moderator' })
  await instance.guest().submit('/sign-up', signUp)
  await instance.runJobs()
  const [user] = await ctx.db.select().from(users).where(eq(users.email, 'new@mail.test'))
  const confirmation = linkIn(mails.at(-1))
  await mia.submit(`/admin/sign-ups/${user!.accountId}/rejection`, { reason: 'Advertising' })
  await instance.runJobs()
  assert.equal(mails.at(-1)!.to, 'new@mail.test')
  assert.match(mails.at(-1)!.text, /decided not to open one/)
  assert.doesNotMatch(mails.at(-1)!.text, /Advertising/, 'the reason is for the log')
  assert.equal(await ctx.db.$count(users, eq(users.email, 'new@mail.test')), 0)
  assert.equal(await ctx.db.$count(accountKeys, eq(accountKeys.accountId, user!.accountId)), 0)
  assert.equal((await instance.guest().get(confirmation)).statusCode, 410)
  const same = await instance.guest().submit('/sign-up', signUp)
  assert.match(textOf(same.body), /This name is taken, or was once/)
  const other = await instance.guest().submit('/sign-up', { ...signUp, name: 'newcomer2' })
  assert.equal(other.statusCode, 303)
  assert.match(textOf(await mia.page('/admin/audit')), /@mia rejected the sign-up of @newcomer Advertising/)
})

test('roles are given downward only, owners are unmade by the operator alone, and the last one stays', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const ids: Record<string, number> = {}
  const acting: Record<string, Awaited<ReturnType<typeof whoOf>>> = {}
  for (const [name, role] of [
    ['own', 'owner'],
    ['own2', 'owner'],
    ['adm', 'admin'],
    ['adm2', 'admin'],
    ['mod', 'moderator'],
    ['per', 'person'],
    ['per2', 'person']
  ] as const) {
    const person = await instance.as(name, { role })
    ids[name] = person.account.id
    acting[name] = await whoOf(instance, person)
  }
  const refused: [string, string, Role, string][] = [
    ['per', 'per2', 'moderator', 'forbidden'],
    ['mod', 'per', 'moderator', 'forbidden'],
    ['mod', 'mod', 'admin', 'forbidden'],
    ['adm', 'adm', 'owner', 'forbidden'],
    ['adm', 'adm', 'person', 'forbidden'],
    ['adm', 'per', 'admin', 'forbidden'],
    ['adm', 'per', 'owner', 'forbidden'],
    ['adm', 'adm2', 'person', 'forbidden'],
    ['adm', 'own', 'person', 'forbidden'],
    ['own', 'own2', 'admin', 'forbidden'],
    ['own', 'own', 'person', 'forbidden'],
    ['own', 'per', 'person', 'conflict'],
    ['own', 'per', 'emperor' as Role, 'invalid']
  ]
  for (const [who, whom, role, kind] of refused) {
    await assert.rejects(changeRole(ctx, acting[who]!, { accountId: ids[whom]!, role }), isRefused(kind), `${who} makes ${whom} ${role}`)
  }
  await changeRole(ctx, acting.adm!, { accountId: ids.per!, role: 'moderator' })
  await changeRole(ctx, acting.own!, { accountId: ids.per2!, role: 'owner' })
  await changeRole(ctx, operator, { accountId: ids.per2!, role: 'person' })
  await changeRole(ctx, operator, { accountId: ids.own2!, role: 'admin' })
  await assert.rejects(changeRole(ctx, operator, { accountId: ids.own!, role: 'admin' }), isRefused('conflict'), 'the last owner')
  assert.equal((await actsOf(instance)).filter((act) => act === 'role-changed').length, 4)
})

test('nobody acts upon themselves, their equals or their betters', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const mia = await instance.as('mia', { role: 'moderator' })
  const max = await instance.as('max', { role: 'moderator' })
  const ada = await instance.as('ada', { role: 'admin' })
  for (const target of [mia, max, ada]) {
    const page = await mia.page(`/admin/accounts/${target.account.id}`)
    assert.doesNotMatch(page, /action="\/admin\/accounts\/\d+\/(suspension|silence|role|erasure|sessions)/, 'no act is offered')
    for (const noun of ['suspension', 'silence', 'sessions/end']) {
      assert.equal(
        (await mia.submit(`/admin/accounts/${target.account.id}/${noun}`, { reason: 'x' })).statusCode,
        403,
        `${target.name} ${noun}`
      )
    }
  }
  const actor = await instance.guest().get('/.well-known/webfinger?resource=acct:skerry.test@skerry.test')
  assert.ok(actor.statusCode < 500)
  const [own] = await ctx.db.select().from(accounts).where(eq(accounts.type, 'Application'))
  assert.equal((await ada.submit(`/admin/accounts/${own!.id}/suspension`, { reason: 'x' })).statusCode, 404, 'the instance itself')
  assert.deepEqual(await actsOf(instance), [])
})

test("settings are an admin's, are checked, and hold in other processes within a second", async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const ada = await instance.as('ada', { role: 'admin' })
  const form = {
    name: 'Outer Skerries',
    description: 'Boats',
    contactEmail: 'ada@mail.test',
    signUp: 'open',
    rules: 'Be kind.\n\n No spam. ',
    postCharactersMax: '300',
    timeZone: 'Europe/Oslo',
    linkPreviews: 'yes',
    sourceUrl: ' https://code.test/skerry '
  }
  const other = await anotherProcess(t, instance)
  assert.equal((await other.settings.get()).name, 'Skerry')
  assert.equal((await ada.submit('/admin/settings', form)).statusCode, 303)
  await withinASecond(async () => (await other.settings.get()).name === 'Outer Skerries', 'the name in another process')
  const { name, rules, signUp, postCharactersMax } = await ctx.settings.get()
  assert.deepEqual(
    { name, rules, signUp, postCharactersMax },
    { name: 'Outer Skerries', rules: ['Be kind.', 'No spam.'], signUp: 'open', postCharactersMax: 300 }
  )
  const wrong: [Record<string, string>, string, RegExp][] = [
    [{ name: '' }, 'name', /Please fill this in/],
    [{ name: 'x'.repeat(201) }, 'name', /at most 200/],
    [{ contactEmail: 'nobody' }, 'contactEmail', /no e-mail address/],
    [{ signUp: 'maybe' }, 'signUp', /Please choose/],
    [{ postCharactersMax: '0' }, 'postCharactersMax', /whole number from 1 to 100,000/],
    [{ postCharactersMax: 'many' }, 'postCharactersMax', /whole number from 1 to 100,000/],
    [{ timeZone: 'Atlantis/City' }, 'timeZone', /Please choose/],
    [{ sourceUrl: 'javascript:alert(1)' }, 'sourceUrl', /a whole web address/],
    [{ sourceUrl: 'https://ada:secret@code.test/' }, 'sourceUrl', /a whole web address/],
    [{ sourceUrl: `https://code.test/${'x'.repeat(500)}` }, 'sourceUrl', /at most 500/],
    [{ rules: 'x'.repeat(1_001) }, 'rules', /at most 1,000/],
    [{ rules: 'rule\n'.repeat(101) }, 'rules', /At most 100\./]
  ]
  for (const [change, field, expected] of wrong) {
    const response = await ada.submit('/admin/settings', { ...form, description: 'typed and kept', ...change })
    assert.equal(response.statusCode, 422, field)
    assert.match(textOf(response.body), expected, field)
    assert.match(response.body, /typed and kept/)
    assert.match(response.body, new RegExp(`field-${field}-error`), field)
  }
  const mia = await whoOf(instance, await instance.as('mia', { role: 'moderator' }))
  await assert.rejects(changeSettings(ctx, mia, { name: 'Mine' }), isRefused('forbidden'))
  assert.deepEqual(await changeSettings(ctx, operator, { name: 'Outer Skerries' }), [], 'nothing differs')
  assert.match(textOf(await ada.page('/admin/audit')), /@ada changed “Name of the instance”, “Description”,/)
  assert.doesNotMatch(textOf(await ada.page('/admin/audit')), /“Show previews of links”/, 'what held before was not changed')
  await ada.submit('/admin/settings', { ...form, linkPreviews: [], sourceUrl: '' })
  assert.match(textOf(await ada.page('/admin/audit')), /@ada changed “Show previews of links” and “Address of the source code”/)
})

test('an erased account leaves a taken name, and others are told to forget it', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const ada = await instance.as('ada', { role: 'admin' })
  const ben = await instance.as('ben')
  const ana = await instance.as('ana')
  const peer = await remote(t, instance, 'far.test')
  const rita = await peer.actor('rita')
  await rita.send(rita.activity('Follow', ana.account.uri))
  const id = await write(ana, { text: 'A word from Ana', images: pictureOf('boat.png') })
  const bens = await write(ben, { text: 'A word from Ben' })
  await ana.submit(`/posts/${bens}/favourite`)
  await ana.submit(`/posts/${bens}/boost`)
  await ana.submit(`/accounts/${ben.account.id}/follow`)
  await instance.runJobs()
  peer.received.length = 0
  const path = `/admin/accounts/${ana.account.id}`
  assert.equal((await ada.submit(`${path}/erasure`, { reason: 'Asked for it', isConfirmed: 'yes' })).statusCode, 409, 'suspend first')
  await ada.submit(`${path}/suspension`, { reason: 'Asked for it' })
  const question = await ada.submit(`${path}/erasure`, { reason: 'Asked for it' })
  assert.match(textOf(question.body), /Erase @ana for good\?/)
  assert.equal((await ctx.db.select().from(accounts).where(eq(accounts.id, ana.account.id)))[0]!.deletedAt, null, 'not yet')
  assert.equal((await ada.submit(`${path}/erasure`, { reason: 'Asked for it', isConfirmed: 'yes' })).statusCode, 303)
  await instance.runJobs()

  assert.equal((await ben.get('/@ana')).statusCode, 410)
  assert.equal((await instance.guest().get('/@ana', { accept: 'application/activity+json' })).statusCode, 410)
  assert.ok([404, 410].includes((await ben.get(`/@ana/${id}`)).statusCode))
  assert.equal(await ctx.db.$count(users, eq(users.accountId, ana.account.id)), 0)
  const left = await ctx.db.select().from(posts).where(eq(posts.authorId, ana.account.id))
  assert.ok(left.every((post) => post.deletedAt !== null && post.html === '' && post.source === null))
  for (const [what, count] of [
    ['pictures', ctx.db.$count(media, eq(media.accountId, ana.account.id))],
    ['favourites', ctx.db.$count(favourites, eq(favourites.accountId, ana.account.id))],
    ['follows', ctx.db.$count(follows, eq(follows.followerId, ana.account.id))]
  ] as const)
    assert.equal(await count, 0, what)
  const [post] = await ctx.db.select().from(posts).where(eq(posts.id, bens))
  assert.equal(post!.favouritesCount, 0)
  assert.equal(post!.boostsCount, 0)
  assert.deepEqual(
    peer.received.map(({ activity }) => activity.type),
    ['Delete']
  )
  await assert.rejects(eraseAccount(ctx, operator, { accountId: ana.account.id, reason: '' }), isRefused('conflict'))
  await assert.rejects(suspendAccount(ctx, operator, { accountId: ana.account.id, reason: '' }), isRefused('conflict'))
  const taken = await instance.guest().submit('/sign-up', { ...signUp, name: 'Ana' })
  assert.match(textOf(taken.body), /This name is taken, or was once/)
  assert.match(textOf(await ada.page(path)), /Erased/)
})
