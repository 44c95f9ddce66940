import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { blocks, follows, hiddenDomains, mutes } from '#db/schema/follows.ts'
import { imports, importRows } from '#db/schema/imports.ts'
import { jobs } from '#db/schema/jobs.ts'
import { bookmarks } from '#db/schema/posts.ts'
import { sweepImports } from '#server/imports/start-import.ts'
import { eraseRows } from '#server/accounts/erase-rows.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { remote } from '#test/helpers/remote.ts'

test('a file of follows is worked off: who is found is asked, who is not is named with the reason, and tried again', async (t) => {
  const instance = await startInstance(t)
  const far = await remote(t, instance, 'far.test')
  await far.actor('bo')
  const [ana, ben] = [await instance.as('ana'), await instance.as('ben')]
  const csv = `Account address,Show boosts,Notify on new posts\nbo@far.test,false,true\nben@skerry.test,true,false\nlater@far.test,true,false\nana@skerry.test,true,false\n`
  const file = { filename: 'follows.csv', type: 'text/csv', bytes: Buffer.from(csv) }
  const sent = await ana.submit('/settings/import', { kind: 'follows', text: '', file })
  const path = String(sent.headers.location)
  assert.match(path, /^\/imports\/\d+$/)
  assert.match(await ana.page(path), /0 of 4 done/)
  await instance.runJobs()
  const page = await ana.page(path)
  assert.match(page, /2 of 4 done, 2 failed\./)
  assert.match(page, /later@far\.test<\/bdi><span class="soft">Nobody was found/)
  const made = await instance.ctx.db.select().from(follows).where(eq(follows.followerId, ana.account.id))
  assert.deepEqual(made.map(({ state, showBoosts, notifies }) => [state, showBoosts, notifies]).sort(), [
    ['accepted', true, false],
    ['pending', false, true]
  ])
  assert.equal((await ben.get(path)).statusCode, 404)
  assert.equal((await ben.submit(`${path}/retry`)).statusCode, 404)

  await far.actor('later')
  instance.clock.advance(60 * 60_000)
  assert.equal((await ana.submit(`${path}/retry`)).headers.location, path)
  await instance.runJobs()
  assert.match(await ana.page(path), /3 of 4 done, 1 failed\./)
  assert.match(await ana.page('/settings/import'), /4 rows, ended/)
})

test('blocks, mutes, servers, lists and bookmarks come along too', async (t) => {
  const instance = await startInstance(t)
  const far = await remote(t, instance, 'far.test')
  const bo = await far.actor('bo')
  const ana = await instance.as('ana')
  for (const name of ['ben', 'cat', 'dan']) await instance.as(name)
  const bring = async (kind: string, text: string) => {
    const { headers } = await ana.submit('/settings/import', { kind, text })
    await instance.runJobs()
    return ana.page(String(headers.location))
  }
  assert.match(await bring('blocks', 'Account address\nben@skerry.test'), /1 of 1 done/)
  assert.match(await bring('mutes', 'Account address,Hide notifications\ncat@skerry.test,false'), /1 of 1 done/)
  assert.match(await bring('servers', 'spam.test\nnot a host'), /1 of 2 done, 1 failed/)
  assert.match(await bring('bookmarks', `${bo.note('keep me').id}\nhttps://far.test/nothing`), /1 of 2 done, 1 failed/)
  assert.match(await bring('lists', 'Boats,dan@skerry.test'), /0 of 1 done, 1 failed[\s\S]*follow/)
  await bring('follows', 'dan@skerry.test')
  assert.match(await bring('lists', 'Boats,dan@skerry.test\nBoats,dan@skerry.test'), /1 of 1 done/)
  assert.match(await ana.page('/lists'), /Boats/)
  const mine = ana.account.id
  const { db } = instance.ctx
  assert.equal((await db.select().from(blocks).where(eq(blocks.accountId, mine))).length, 1)
  assert.deepEqual(
    (await db.select().from(mutes).where(eq(mutes.accountId, mine))).map((mute) => mute.hidesNotifications),
    [false]
  )
  assert.deepEqual(
    (await db.select().from(hiddenDomains).where(eq(hiddenDomains.accountId, mine))).map(({ domain }) => domain),
    ['spam.test']
  )
  assert.equal((await db.select().from(bookmarks).where(eq(bookmarks.accountId, mine))).length, 1)
})

test('a long import goes on in steps, and after a crash where it was', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const text = Array.from({ length: 45 }, (_, at) => `nobody${at}@skerry.test`).join('\n')
  const path = String((await ana.submit('/settings/import', { kind: 'follows', text })).headers.location)
  const { transact } = instance.ctx
  let writes = 0
  Object.assign(instance.ctx, {
    transact: (body: Parameters<typeof transact>[0]) => {
      if (++writes === 30) throw new Error('the lights go out')
      return transact(body)
    }
  })
  await instance.runJobs()
  Object.assign(instance.ctx, { transact })
  const left = (await instance.ctx.db.select().from(importRows)).filter(({ state }) => state === 'waiting').length
  assert.ok(left > 0 && left < 45, `${left} rows are left`)
  assert.equal((await instance.ctx.db.select().from(jobs).where(eq(jobs.kind, 'work-import'))).length, 1)
  instance.clock.advance(60 * 60_000)
  await instance.runJobs()
  assert.match(await ana.page(path), /0 of 45 done, 45 failed/)
})

test('what is empty, too large or too much at once is refused beside its field, with what was pasted', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const empty = await ana.submit('/settings/import', { kind: 'follows', text: '   ' })
  assert.equal(empty.statusCode, 422)
  assert.match(empty.body, /nothing in it that could be imported/)
  const bytes = Buffer.alloc(1_000_001, 'a\n')
  const large = await ana.submit('/settings/import', { kind: 'blocks', text: 'x', file: { filename: 'a.csv', type: 'text/csv', bytes } })
  assert.equal(large.statusCode, 413)
  assert.match(large.body, /Larger than/)
  assert.equal((await ana.submit('/settings/import', { kind: 'passwords', text: 'a' })).statusCode, 422)
  for (let at = 0; at < 5; at++) assert.equal((await ana.submit('/settings/import', { kind: 'follows', text: `n${at}` })).statusCode, 303)
  assert.equal((await ana.submit('/settings/import', { kind: 'follows', text: 'n6' })).statusCode, 409)
  await instance.runJobs()
  assert.equal((await ana.submit('/settings/import', { kind: 'follows', text: 'n6' })).statusCode, 303)
})

test('imports go three months after their end, and with their account', async (t) => {
  const instance = await startInstance(t)
  const [ana, ben] = [await instance.as('ana'), await instance.as('ben')]
  await ana.submit('/settings/import', { kind: 'follows', text: 'nobody' })
  await ben.submit('/settings/import', { kind: 'follows', text: 'nobody' })
  await instance.runJobs()
  await instance.ctx.transact((tx) => eraseRows(tx, ben.account.id))
  await instance.runJobs()
  assert.equal((await instance.ctx.db.select().from(imports)).length, 1)
  instance.clock.advance(91 * 24 * 60 * 60_000)
  await sweepImports(instance.ctx)
  assert.equal((await instance.ctx.db.select().from(imports)).length, 0)
  assert.equal((await instance.ctx.db.select().from(importRows)).length, 0)
})

test('an import of somebody suspended ends there, says why, and can be tried again once they are back', async (t) => {
  const instance = await startInstance(t)
  const [ana, mo] = [await instance.as('ana'), await instance.as('mo', { role: 'moderator' })]
  await instance.as('ben')
  const { headers } = await ana.submit('/settings/import', { kind: 'follows', text: 'ben@skerry.test\nnobody@skerry.test' })
  const path = String(headers.location)
  await mo.submit(`/admin/accounts/${ana.account.id}/suspension`, { reason: 'Spam' })
  await instance.runJobs()
  assert.ok((await instance.ctx.db.select().from(imports)).every(({ endedAt }) => endedAt !== null))
  assert.equal(await instance.ctx.db.$count(importRows, eq(importRows.state, 'waiting')), 0)
  assert.equal(await instance.ctx.db.$count(jobs, eq(jobs.kind, 'work-import')), 0)
  assert.equal(await instance.ctx.db.$count(follows), 0)

  await mo.submit(`/admin/accounts/${ana.account.id}/suspension/lift`, { reason: 'A mistake' })
  await ana.page('/sign-in')
  await ana.submit('/sign-in', { login: 'ana', password: testPassword })
  const page = await ana.page(path)
  assert.match(page, /0 of 2 done, 2 failed\.[\s\S]*Try the 2 that failed again/)
  assert.match(page, /ben@skerry\.test<\/bdi><span class="soft">Not done: this account was suspended\./)
  await ana.submit(`${path}/retry`)
  await instance.runJobs()
  assert.match(await ana.page(path), /1 of 2 done, 1 failed\./)
})
