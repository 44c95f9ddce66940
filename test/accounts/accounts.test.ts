import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import { jobs } from '#db/schema/jobs.ts'
import { instanceFacts } from '#db/schema/moderation.ts'
import { checkOrigin, hasFederated, setOrigin } from '#server/accounts/check-origin.ts'
import { findAccountByHandle, findLocalAccount, readHandle } from '#server/accounts/find-account.ts'
import { ensureInstanceActor } from '#server/accounts/instance-actor.ts'
import { createAccount } from '#server/sign-in/create-account.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'

const own = { host: 'social.skerry.test', handleDomain: 'skerry.test' }

test('MOV-08: handles are read without regard to case, and our two hosts are ours', () => {
  for (const typed of ['ana', '@Ana', 'ANA@skerry.test', '@ana@SKERRY.test.', '@ana@social.skerry.test', ' @ana@skerry.test ']) {
    assert.deepEqual(readHandle(typed, own), { nameKey: 'ana', domain: null }, typed)
  }
  assert.deepEqual(readHandle('@Zoë@BÜCHER.example', own), { nameKey: 'zoë', domain: 'xn--bcher-kva.example' })
  assert.deepEqual(readHandle('@a@red.localhost:3001', own), { nameKey: 'a', domain: 'red.localhost:3001' })
  for (const typed of ['', '@', 'a b', '@a@', '@a@b@c', '@a@b/c', '@a@b?c', 'https://x.test/@a', '@a@b%2ec', `@${'x'.repeat(300)}`]) {
    assert.equal(readHandle(typed, own), undefined, typed)
  }
})

test('MOV-08: an account is found by handle, name and in any case', async (t) => {
  const instance = await startInstance(t, { origin: 'https://social.skerry.test', handleDomain: 'skerry.test' })
  const ana = await instance.as('ana')
  for (const typed of ['@ANA', 'ana@skerry.test', '@Ana@social.skerry.test']) {
    assert.equal((await findAccountByHandle(instance.ctx.db, typed, instance.config))?.id, ana.account.id, typed)
  }
  assert.equal(await findAccountByHandle(instance.ctx.db, '@ana@peer.test', instance.config), undefined)
  assert.equal((await findLocalAccount(instance.ctx.db, 'ANA'))?.id, ana.account.id)
})

test('the instance actor is made once, with keys, also by processes that start together', async (t) => {
  const instance = await startInstance(t)
  const actors = await Promise.all([1, 2, 3].map(() => ensureInstanceActor(instance.ctx)))
  assert.equal(new Set(actors.map(({ id }) => id)).size, 1)
  assert.equal(actors[0]!.uri, 'https://skerry.test/@instance')
  assert.equal(actors[0]!.type, 'Application')
  assert.equal(await instance.ctx.db.$count(accountKeys, eq(accountKeys.accountId, actors[0]!.id)), 2)
  await assert.rejects(createAccount(instance.ctx, { kind: 'operator' }, { name: 'instance', email: 'a@b.test', password: testPassword }), {
    field: 'name'
  })
})

test('only who may makes accounts, and nobody gives a role as high as their own', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const input = { name: 'new', email: 'new@mail.test', password: testPassword }
  const whoIs = async (name: string, role: 'admin' | 'moderator' | 'person') => {
    const { account } = await instance.as(name, { role })
    return { kind: 'account' as const, account, user: { role } as never }
  }
  await assert.rejects(createAccount(ctx, await whoIs('bob', 'person'), input), { kind: 'forbidden' })
  await assert.rejects(createAccount(ctx, await whoIs('mo', 'moderator'), input), { kind: 'forbidden' })
  const admin = await whoIs('ad', 'admin')
  for (const role of ['admin', 'owner'] as const) await assert.rejects(createAccount(ctx, admin, { ...input, role }), { kind: 'forbidden' })
  assert.equal((await createAccount(ctx, admin, { ...input, role: 'moderator' })).name, 'new')
  await assert.rejects(createAccount(ctx, { kind: 'operator' }, { ...input, name: 'NEW' }), { kind: 'conflict', field: 'name' })
  await assert.rejects(createAccount(ctx, { kind: 'operator' }, { ...input, name: 'newer', email: 'NEW@mail.test' }), {
    kind: 'conflict',
    field: 'email'
  })
})

test('another origin or handle domain than that of the first start refuses in a sentence', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const changed = (config: object) => ({ ...ctx, config: { ...ctx.config, ...config } })
  await checkOrigin(ctx)
  await assert.rejects(checkOrigin(changed({ origin: 'https://other.test' })), {
    name: 'StartError',
    message: /https:\/\/skerry\.test.*ORIGIN.*https:\/\/other\.test.*origin set/s
  })
  await assert.rejects(checkOrigin(changed({ handleDomain: 'other.test' })), { name: 'StartError', message: /HANDLE_DOMAIN/ })
})

test('the origin moves while nothing has federated, and never after', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const ana = await instance.as('ana')
  assert.equal(await hasFederated(ctx.db), false)
  await setOrigin(ctx, { origin: 'https://other.test', handleDomain: 'handles.test' })
  const [moved] = await ctx.db.select().from(accounts).where(eq(accounts.id, ana.account.id))
  assert.equal(moved!.uri, 'https://other.test/@ana')
  const keys = await ctx.db.select().from(accountKeys).where(eq(accountKeys.accountId, ana.account.id))
  assert.ok(keys.every(({ uri }) => uri.startsWith('https://other.test/@ana#')))
  const facts = await ctx.db.select().from(instanceFacts)
  assert.equal(facts.find(({ key }) => key === 'handle-domain')!.value, 'handles.test')
  await ctx.transact(async (tx) => {
    await tx
      .insert(accounts)
      .values({ id: tx.newId(), name: 'z', nameKey: 'z', domain: 'peer.test', uri: 'https://peer.test/z', createdAt: tx.now })
  })
  await assert.rejects(setOrigin(ctx, { origin: 'https://third.test', handleDomain: 'third.test' }), { kind: 'conflict' })
})

test('a profile is changed on its page: text becomes HTML, fields and switches are kept, peers are told', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await instance.as('bob')
  const response = await ana.submit('/settings/profile', {
    displayName: 'Ana \u202e<b>of the Isles</b>',
    note: 'Hello @bob\n\nhttps://example.org <script>alert(1)</script>',
    'fieldName-1': 'Web',
    'fieldValue-1': 'https://example.org/a/very/long/path/that/goes/on/and/on',
    'fieldName-2': 'Empty',
    'fieldValue-2': '',
    isLocked: 'on',
    isBot: 'on'
  })
  assert.equal(response.statusCode, 303, response.body)
  const [account] = await instance.ctx.db.select().from(accounts).where(eq(accounts.id, ana.account.id))
  assert.equal(account!.displayName, 'Ana <b>of the Isles</b>')
  assert.match(account!.bioHtml, /<p>Hello .*href="https:\/\/skerry\.test\/@bob"/)
  assert.doesNotMatch(account!.bioHtml, /<script/)
  assert.equal(account!.fields.length, 1)
  assert.match(account!.fields[0]!.valueHtml, /^<a href="https:\/\/example\.org/)
  assert.deepEqual(
    [account!.isLocked, account!.isDiscoverable, account!.type],
    [true, true, 'Service'],
    'who may find it is said elsewhere'
  )
  const waiting = await instance.ctx.db.select({ kind: jobs.kind }).from(jobs)
  assert.ok(waiting.some(({ kind }) => kind.startsWith('profile-changed')))
  const html = await ana.page('/settings/profile')
  assert.match(html, /Saved\./)
  assert.match(
    html,
    /value="https:\/\/example\.org\/a\/very\/long\/path\/that\/goes\/on\/and\/on"/,
    'the field is there to be edited as it was typed'
  )
  assert.match(html, /Ana &lt;b&gt;of the Isles/)
})

test('a profile that is too long anywhere is refused at its field, and nothing is saved or lost', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const response = await ana.submit('/settings/profile', {
    displayName: 'x'.repeat(101),
    note: 'kept',
    'fieldName-1': 'kept too',
    'fieldValue-1': 'y'
  })
  assert.equal(response.statusCode, 422)
  assert.match(response.body, /at most 100/)
  assert.match(response.body, /kept too/)
  const [account] = await instance.ctx.db.select().from(accounts).where(eq(accounts.id, ana.account.id))
  assert.equal(account!.bioText ?? '', '')
})

test('a picture is uploaded with the profile; one that is none is refused at its field', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const { default: sharp } = await import('sharp')
  const bytes = await sharp({ create: { width: 40, height: 40, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  const none = await ana.submit('/settings/profile', {
    displayName: 'Ana',
    note: 'kept',
    avatar: { filename: 'a.png', type: 'image/png', bytes: Buffer.from('<svg/>'.repeat(9)) }
  })
  assert.ok(none.statusCode === 415 || none.statusCode === 422, String(none.statusCode))
  assert.match(none.body, /kept/)
  assert.ok(none.body.includes('id="avatar-error"'))
  const response = await ana.submit('/settings/profile', {
    displayName: 'Ana',
    note: '',
    avatar: { filename: 'a.png', type: 'image/png', bytes },
    header: { filename: '', type: 'application/octet-stream', bytes: Buffer.alloc(0) }
  })
  assert.equal(response.statusCode, 303, response.body)
  const html = await ana.page('/settings/profile')
  const [, path] = /<img class="avatar" src="(\/media\/[\w-]+)"/.exec(html) ?? []
  assert.ok(path)
  assert.equal((await instance.guest().get(path)).statusCode, 200)
})

test('colours, time zone and language are a person’s own', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  assert.match(await ana.page('/settings/appearance'), /data-theme="auto"/)
  const usual = { contrast: 'system', motion: 'system', density: 'roomy', textSize: 'm' }
  assert.equal((await ana.submit('/settings/appearance', { theme: 'dark', timeZone: 'Asia/Tokyo', ...usual })).statusCode, 303)
  const html = await ana.page('/settings/appearance')
  assert.match(html, /data-theme="dark"/)
  assert.match(html, /value="Asia\/Tokyo" selected/)
  for (const wrong of [
    { theme: 'pink', timeZone: '', ...usual },
    { theme: 'dark', timeZone: 'Mars/Olympus', ...usual },
    { theme: 'dark', timeZone: '', ...usual, textSize: 'huge' },
    { theme: 'dark', timeZone: '' }
  ]) {
    assert.equal((await ana.submit('/settings/appearance', wrong)).statusCode, 422)
  }
})

test('contrast, motion, density, size of text and plain names are a person’s own, on every page', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await ana.submit('/settings/profile', { displayName: 'Ana 🌻🌻', note: '' })
  assert.match(await ana.page('/home'), /<html[^>]*data-theme="auto">/)
  const chosen = { theme: 'system', timeZone: '', contrast: 'more', motion: 'less', density: 'dense', textSize: 'xl', plainNames: 'yes' }
  assert.equal((await ana.submit('/settings/appearance', chosen)).statusCode, 303)
  await ana.submit('/posts', { text: 'Hello', visibility: 'public' })
  const home = await ana.page('/home')
  assert.match(home, /<html[^>]* class="contrast-more motion-less dense text-xl plain-names" data-shortcuts="off">/)
  assert.match(home, /<bdi class="name">Ana <span class="name-emoji">🌻<\/span><span class="name-emoji">🌻<\/span><\/bdi>/)
  assert.match(home, /aria-label="Boost, post by Ana/, 'what is read out has no emoji')
  assert.doesNotMatch(await instance.guest().page('/local'), /plain-names/)
})
