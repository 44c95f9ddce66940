import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { jobs } from '#db/schema/jobs.ts'
import { auditEntries, domainLimits, reports } from '#db/schema/moderation.ts'
import { activities, deliveries, parkedAt } from '#db/schema/peers.ts'
import { invites } from '#db/schema/sign-in.ts'
import { writeLimit } from '#server/moderation/limit-domain.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'
import { testPassword } from '#test/helpers/people.ts'
import { actsOf } from '#test/moderation/acting.ts'
import { addRemoteAccount, write } from '#test/web/world.ts'

test('ADM-05: every act stands in the log with who, whom, when and why, and nobody can change it', async (t) => {
  const instance = await startInstance(t)
  const ada = await instance.as('ada', { role: 'admin' })
  const ben = await instance.as('ben')
  const id = await write(ben, { text: 'A word' })
  const path = `/admin/accounts/${ben.account.id}`
  const acts: [string, Record<string, string>, RegExp][] = [
    [`${path}/suspension`, { reason: 'Threats' }, /@ada suspended @ben Threats/],
    [`${path}/suspension/lift`, { reason: 'An error' }, /@ada lifted the suspension of @ben An error/],
    [`${path}/silence`, { reason: 'Noise' }, /@ada silenced @ben Noise/],
    [`${path}/silence/lift`, { reason: 'Quiet now' }, /@ada lifted the silence of @ben Quiet now/],
    [`${path}/role`, { role: 'moderator' }, /@ada made @ben “Moderator”, before “Person”/],
    [`${path}/sessions/end`, {}, /@ada ended all sessions of @ben/],
    ['/admin/domains', { domain: 'Bad.example.', severity: 'suspend', reason: 'Spam' }, /@ada suspended bad\.example Spam/],
    ['/admin/domains/bad.example/lift', {}, /@ada lifted the limit on bad\.example/],
    ['/admin/invites', { uses: '3', days: '7' }, /@ada made an invitation for 3 people/]
  ]
  for (const [to, fields, sentence] of acts) {
    const response = await ada.submit(to, fields)
    assert.equal(response.statusCode, 303, `${to}: ${response.statusCode} ${textOf(response.body).slice(0, 300)}`)
    const log = textOf(await ada.page('/admin/audit'))
    assert.match(log, sentence)
  }
  assert.match(textOf(await ada.page(path)), /suspended @ben Threats/, 'on the account too')
  assert.match(textOf(await ada.page('/admin/audit?q=bad.ex&act=domain-limited')), /suspended bad\.example/)
  assert.doesNotMatch(textOf(await ada.page('/admin/audit?q=bad.ex&act=domain-limited')), /@ben|lifted the limit/)
  assert.match(textOf(await ada.page('/admin/audit?q=nothing-of-the-kind')), /Nothing happened yet/)
  const changing = instance.app.routeTable.filter(
    ({ method, url }) => url.startsWith('/admin/audit') && method !== 'GET' && method !== 'HEAD'
  )
  assert.deepEqual(changing, [])
  assert.ok(id > 0)
})

test('a form of the panel that is not right comes back with what was typed, and names the field', async (t) => {
  const instance = await startInstance(t)
  const ada = await instance.as('ada', { role: 'admin' })
  const ben = await instance.as('ben')
  const path = `/admin/accounts/${ben.account.id}`
  const wrong: [string, Record<string, string>, string, RegExp][] = [
    [`${path}/suspension`, { reason: ' ' }, 'reason-suspension', /Please fill this in/],
    [`${path}/suspension`, { reason: 'long '.repeat(500) }, 'reason-suspension', /at most 2,000/],
    [`${path}/silence`, { reason: '' }, 'reason-silence', /Please fill this in/],
    [`${path}/role`, { role: 'emperor' }, 'field-role', /Please choose/],
    [`${path}/role`, { role: 'owner' }, 'field-role', /only give roles below your own/],
    ['/admin/domains', { domain: 'no domain', severity: 'suspend', reason: 'kept words' }, 'field-domain', /is not a domain/],
    [
      '/admin/domains',
      { domain: 'skerry.test', severity: 'suspend', reason: 'kept words' },
      'field-domain',
      /domain of this very instance/
    ],
    ['/admin/domains', { domain: 'bad.example', severity: 'suspend', reason: '' }, 'field-reason', /Please fill this in/],
    ['/admin/domains', { domain: 'bad.example', severity: 'maybe', reason: 'kept words' }, 'field-severity', /Please choose/],
    ['/admin/invites', { uses: '0', days: '7' }, 'field-uses', /whole number from 1 to 1,000/],
    ['/admin/invites', { uses: '1', days: 'soon' }, 'field-days', /whole number from 1 to 365/]
  ]
  for (const [to, fields, field, expected] of wrong) {
    const response = await ada.submit(to, fields)
    assert.ok([422, 403].includes(response.statusCode), `${to}: ${response.statusCode}`)
    assert.match(textOf(response.body), expected, `${to} ${field}`)
    assert.match(response.body, new RegExp(`id="${field}-error"|aria-describedby="${field}-error`), `${to} ${field}`)
    for (const value of Object.values(fields))
      if (value.trim() !== '' && !['emperor', 'maybe', 'owner', 'suspend'].includes(value))
        assert.ok(response.body.includes(value.trim().slice(0, 50)), `${to} keeps ${value}`)
  }
  assert.deepEqual(await actsOf(instance), [])
})

test('ADM-04: whatever strangers write is only words in the panel', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const ada = await instance.as('ada', { role: 'admin' })
  const evil = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'><b>'
  await instance
    .guest()
    .submit(
      '/sign-up',
      { name: 'eve', email: 'eve@mail.test', password: testPassword, reason: evil, consent: 'yes' },
      { 'user-agent': evil }
    )
  const peer = await remote(t, instance, 'far.test')
  const rita = await peer.actor('rita', { name: evil, summary: evil })
  assert.equal((await rita.send(rita.activity('Flag', [ada.account.uri], { content: evil }))).status, 202)
  const ben = await instance.as('ben')
  await ben.submit(`/accounts/${(await ctx.db.select().from(accounts).where(eq(accounts.name, 'rita')))[0]!.id}/report`, {
    category: 'spam',
    comment: evil
  })
  await ada.submit('/admin/domains', { domain: 'far.test', severity: 'silence', reason: evil })
  const ids = (await ctx.db.select({ id: reports.id, targetId: reports.targetId }).from(reports)).filter(
    ({ targetId }) => targetId !== ada.account.id
  )
  assert.equal(ids.length, 1)
  const known = await ctx.db.select({ id: accounts.id }).from(accounts)
  const pages = [
    '/admin',
    '/admin/sign-ups',
    '/admin/reports',
    `/admin/reports/${ids[0]!.id}`,
    '/admin/accounts?origin=all',
    '/admin/domains',
    '/admin/audit',
    `/admin/audit?q=${encodeURIComponent(evil)}`,
    ...known.map(({ id }) => `/admin/accounts/${id}`)
  ]
  let seen = 0
  for (const path of pages) {
    const response = await ada.get(path)
    if (response.statusCode === 404) continue
    assert.doesNotMatch(response.body, /<script>alert|<img src=x|onerror=alert\(1\)>(?!&)/, path)
    if (response.body.includes('&lt;script&gt;alert')) seen++
  }
  assert.ok(seen >= 4, `the words are shown on ${seen} pages`)
})

test('the first page says what waits and failed, and that mail reaches nobody', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const own = await instance.as('own', { role: 'owner' })
  const mia = await instance.as('mia', { role: 'moderator' })
  await ctx.transact(async (tx) => {
    await tx.insert(jobs).values({
      id: tx.newId(),
      kind: 'mail: confirm-email',
      input: {},
      lane: 'quick',
      runAt: tx.now,
      createdAt: tx.now,
      deadAt: tx.now,
      attempts: 15,
      lastError: 'nobody answered <b>'
    })
    const id = tx.newId()
    await tx.insert(activities).values({ id, uri: 'https://skerry.test/x', actorId: own.account.id, body: '{}', createdAt: tx.now })
    await tx.insert(deliveries).values({
      id: tx.newId(),
      activityId: id,
      inboxUrl: 'https://far.test/inbox',
      host: 'far.test',
      lane: 'direct',
      runAt: tx.now,
      createdAt: tx.now,
      deadAt: tx.now,
      attempts: 2,
      lastError: '403'
    })
  })
  const first = textOf(await own.page('/admin'))
  for (const expected of [
    /Mail is only written to files; nobody gets any\. Set SMTP_URL/,
    /2 Failed for good/,
    /First steps \d+ of \d+ done/,
    /No backup was ever made/,
    /Deliveries, direct 0 waiting 1 failed/,
    /Free disk space/,
    /Last backup Never/
  ])
    assert.match(first, expected)
  const everything = await own.submit('/admin/examination')
  assert.equal(everything.statusCode, 200)
  assert.match(textOf(everything.body), /WebFinger and actor/)
  assert.equal((await own.submit('/admin/checklist/dismissal')).statusCode, 303)
  assert.doesNotMatch(textOf(await own.page('/admin')), /First steps/)
  assert.match(textOf(await own.page('/admin')), /Mail is only written to files/)

  const queue = textOf(await mia.page('/admin/queue'))
  assert.match(queue, /mail: confirm-email nobody answered <b> 15 attempts/)
  assert.match(queue, /Delivery to far\.test 403 2 attempts/)
  assert.doesNotMatch(queue, /Try again/, 'a moderator looks on')
  assert.equal((await own.submit('/admin/queue/failed/retry', { id: '77' })).statusCode, 404)
  assert.equal((await own.submit('/admin/queue/failed/retry')).statusCode, 303)
  assert.match(textOf(await own.page('/admin/queue')), /2 are tried again.*Nothing failed for good/)
})

test('accounts are found by part of a name, by handle, by host and by mail address, and every page leads on', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const ada = await instance.as('ada', { role: 'admin' })
  await instance.as('wilma')
  for (let count = 0; count < 45; count++)
    await addRemoteAccount(instance, `bot${count}`, count % 2 ? 'far.test' : 'near.test', {
      displayName: count === 7 ? 'Wilma of the North 100%' : ''
    })
  const found = async (query: string) => {
    const names: string[] = []
    let path: string | undefined = `/admin/accounts?${query}`
    while (path) {
      const page = await ada.page(path)
      names.push(
        ...[...page.matchAll(/<th scope="row"><a href="[^"]*"><bdi class="name">[^<]*<\/bdi> <bdi class="handle">([^<]*)</g)].map(
          ([, handle]) => handle!
        )
      )
      path = /rel="next" href="([^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=')
    }
    return names
  }
  const all = await found('origin=all')
  assert.equal(all.length, 47)
  assert.equal(new Set(all).size, 47)
  assert.deepEqual(await found('origin=local'), ['@wilma', '@ada'])
  assert.deepEqual(await found('origin=all&q=WILMA'), ['@bot7@far.test', '@wilma'])
  assert.deepEqual(await found('origin=all&q=100%25'), ['@bot7@far.test'])
  assert.deepEqual(await found('origin=all&q=%40bot3%40far.test'), ['@bot3@far.test'])
  assert.equal((await found('origin=remote&q=%40near.test')).length, 23)
  assert.deepEqual(await found('q=wilma%40mail.test'), ['@wilma'])
  assert.deepEqual(await found('state=staff'), ['@ada'])
  assert.deepEqual(await found('state=suspended&origin=all'), [])
  assert.equal(await ctx.db.$count(auditEntries), 0)
})

test('limits on domains are listed by page, found, changed and lifted', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const mia = await instance.as('mia', { role: 'moderator' })
  await ctx.transact(async (tx) => {
    for (let count = 10; count < 95; count++) await writeLimit(tx, { domain: `bad${count}.example`, severity: 'suspend', reason: 'Spam' })
  })
  const seen: string[] = []
  let path: string | undefined = '/admin/domains'
  while (path) {
    const page: string = await mia.page(path)
    seen.push(...[...page.matchAll(/<strong><bdi>(bad\d+\.example)</g)].map(([, domain]) => domain!))
    path = /rel="next" href="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#x3D;', '=')
  }
  assert.equal(new Set(seen).size, 85)
  assert.deepEqual(seen, [...seen].sort())
  const form = await mia.page('/admin/domains?q=bad42&domain=bad42.example')
  assert.match(form, /name="domain" type="text" value="bad42\.example"/)
  assert.match(form, /value="suspend" checked/)
  await mia.submit('/admin/domains', { domain: 'bad42.example', severity: 'silence', reason: 'Better now' })
  const [limit] = await ctx.db.select().from(domainLimits).where(eq(domainLimits.domain, 'bad42.example'))
  assert.equal(limit!.severity, 'silence')
  assert.equal(limit!.reason, 'Better now')
  await mia.submit('/admin/domains/bad42.example/lift')
  assert.equal((await mia.submit('/admin/domains/bad42.example/lift')).statusCode, 404)
})

test('an invitation lets in as many as it says, until it is withdrawn', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const ada = await instance.as('ada', { role: 'admin' })
  await ada.submit('/admin/settings', { name: 'Skerry', signUp: 'invite', postCharactersMax: '5000', timeZone: 'UTC' })
  await ada.submit('/admin/invites', { uses: '1', days: '' })
  await ada.submit('/admin/invites', { uses: '5', days: '2' })
  const [second, first] = (await ctx.db.select().from(invites)).sort((a, b) => b.id - a.id)
  assert.ok(textOf(await ada.page('/admin/invites')).includes(`https://skerry.test/sign-up?invite=${first!.code}`))
  const join = (name: string, inviteCode: string) =>
    instance.guest().submit('/sign-up', { name, email: `${name}@mail.test`, password: testPassword, inviteCode, consent: 'yes' })
  assert.equal((await join('one', first!.code)).statusCode, 303)
  assert.equal((await join('two', first!.code)).statusCode, 422)
  assert.match(textOf(await ada.page('/admin/invites')), /Used up 1 person joined, no place left/)
  await ada.submit(`/admin/invites/${second!.id}/revocation`)
  assert.equal((await join('three', second!.code)).statusCode, 422)
  assert.equal((await ada.submit(`/admin/invites/${second!.id}/revocation`)).statusCode, 404)
})

test('the queue tells how old the oldest is that waits for a server which is away', async (t) => {
  const instance = await startInstance(t)
  const own = await instance.as('olga', { role: 'owner' })
  await instance.ctx.transact(async (tx) => {
    const [activity] = await tx
      .insert(activities)
      .values({ id: tx.newId(), uri: 'https://skerry.test/x', actorId: own.account.id, body: '{}', objectUri: 'x', createdAt: tx.now })
      .returning({ id: activities.id })
    const away = { activityId: activity!.id, inboxUrl: 'https://far.test/inbox', host: 'far.test', lane: 'direct' as const }
    await tx.insert(deliveries).values({ id: tx.newId(), ...away, runAt: parkedAt, createdAt: tx.now - 3 * 24 * 60 * 60_000 })
  })
  assert.match(textOf(await own.page('/admin/queue')), /Deliveries, direct 0 3 days? ago 0 1/)
})
