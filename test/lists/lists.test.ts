import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listMembers } from '#db/schema/timelines.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import { follows } from '#db/schema/follows.ts'
import { unescapeHtml } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'
import { remote } from '#test/helpers/remote.ts'
import { textsOf } from '#test/web/posts-shown.ts'
import { write } from '#test/web/world.ts'

async function makeList(person: TestPerson, title: string): Promise<string> {
  const made = await person.submit('/lists', { title })
  assert.equal(made.statusCode, 303, made.body.slice(0, 300))
  return String(made.headers.location).replace('/members', '')
}

test('somebody makes a list, finds people they follow for it, and reads it; nobody else learns of it', async (t) => {
  const { as } = await startInstance(t)
  const [ana, bo, carol] = [await as('ana'), await as('bo'), await as('carol')]
  await ana.submit(`/accounts/${bo.account.id}/follow`)
  await write(bo, { text: 'from the harbour' })
  const list = await makeList(ana, '  Harbour\u202e people ')
  assert.match(await ana.page('/lists'), /Harbour people/)
  assert.match(await ana.page(`${list}/members?q=@BO`), new RegExp(`${list}/members/${bo.account.id}/add`))
  assert.match(unescapeHtml(await ana.page(`${list}/members?q=carol`)), /You follow nobody called “carol”/)
  assert.equal((await ana.submit(`${list}/members/${carol.account.id}/add`)).statusCode, 403, 'only people one follows')
  await ana.submit(`${list}/members/${bo.account.id}/add`)
  await ana.submit(`${list}/members/${bo.account.id}/add`)
  assert.deepEqual(textsOf(await ana.page(list)), ['from the harbour'])
  for (const path of ['', '/edit', '/members', '/delete', '/newer?since=1'])
    assert.equal((await bo.get(`${list}${path}`)).statusCode, 404, path)
  assert.equal((await bo.submit(`${list}/edit`, { title: 'Mine', repliesPolicy: 'none' })).statusCode, 404)
  assert.equal((await bo.submit(`${list}/delete`)).statusCode, 404)
  assert.equal((await bo.submit(`${list}/members/${carol.account.id}/add`)).statusCode, 404)
  assert.equal((await ana.get(list)).headers['cache-control'], 'no-store')

  assert.equal((await ana.submit(`${list}/edit`, { title: '', repliesPolicy: 'none' })).statusCode, 422)
  assert.equal((await ana.submit(`${list}/edit`, { title: 'News', repliesPolicy: 'none', isExclusive: 'yes' })).statusCode, 303)
  assert.deepEqual(textsOf(await ana.page('/home')), [], 'members of an exclusive list leave home')
  await ana.submit(`${list}/delete`)
  assert.equal((await ana.get(list)).statusCode, 404)
  assert.deepEqual(textsOf(await ana.page('/home')), ['from the harbour'])
})

test('a list is changed from the profile of whoever stands in it, and left when they are followed no more', async (t) => {
  const { as, ctx } = await startInstance(t)
  const [ana, bo] = [await as('ana'), await as('bo')]
  await ana.submit(`/accounts/${bo.account.id}/follow`)
  const lists = [await makeList(ana, 'One'), await makeList(ana, 'Two'), await makeList(bo, 'Of bo')]
  const ids = lists.map((path) => path.replace('/lists/', ''))
  assert.match(await ana.page('/@bo'), new RegExp(`/accounts/${bo.account.id}/lists`))
  await ana.submit(`/accounts/${bo.account.id}/lists`, { lists: ids })
  const held = async () => (await ctx.db.select({ id: listMembers.listId }).from(listMembers)).map(({ id }) => String(id)).sort()
  assert.deepEqual(await held(), ids.slice(0, 2).sort(), 'lists of others are none of hers')
  await ana.submit(`/accounts/${bo.account.id}/lists`, { lists: ids[1]! })
  assert.deepEqual(await held(), [ids[1]])
  assert.match(await ana.page(`/accounts/${bo.account.id}/lists`), new RegExp(`value="${ids[1]}" checked`))
  await ana.submit(`/accounts/${bo.account.id}/unfollow`)
  assert.deepEqual(await held(), [])
  const refused = await ana.submit(`/accounts/${bo.account.id}/lists`, { lists: ids[0]! })
  assert.equal(refused.statusCode, 403)
  assert.match(refused.body, new RegExp(`value="${ids[0]}" checked`), 'what was ticked is still there')
})

test('whoever moves stands with the new account in the lists of those who go along', async (t) => {
  const instance = await startInstance(t)
  const { as, ctx, runJobs } = instance
  const ana = await as('ana')
  const far = await remote(t, instance, 'far.test')
  const old = await far.actor('old')
  const next = await far.actor('next', { alsoKnownAs: [old.uri] })
  await ana.page(`/search?q=${encodeURIComponent(old.uri)}`)
  const { id } = (await findAccountByUri(ctx.db, old.uri))!
  await ana.submit(`/accounts/${id}/follow`)
  await ctx.transact((tx) => tx.update(follows).set({ state: 'accepted' }))
  const list = await makeList(ana, 'Far')
  await ana.submit(`${list}/members/${id}/add`)
  await old.send(old.activity('Move', old.uri, { target: next.uri }))
  await runJobs()
  const members = await ctx.db.select({ id: listMembers.accountId }).from(listMembers)
  assert.deepEqual(
    members.map((row) => row.id),
    [(await findAccountByUri(ctx.db, next.uri))!.id]
  )
})
