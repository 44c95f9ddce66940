import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { deliveries } from '#db/schema/peers.ts'
import { suspendAccount } from '#server/moderation/suspend-account.ts'
import { unsuspendAccount } from '#server/moderation/unsuspend-account.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { remote } from '#test/helpers/remote.ts'
import { anotherProcess, operator, withinASecond } from '#test/moderation/acting.ts'
import { pictureOf, write } from '#test/web/world.ts'

test('a suspended person is signed out, cannot come back, and is gone from every page at once', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const ben = await instance.as('ben')
  await ben.submit(`/accounts/${ana.account.id}/follow`)
  await instance.runJobs()
  const id = await write(ana, { text: 'A word from Ana #boats', visibility: 'public', images: pictureOf('boat.png') })
  const post = `/@ana/${id}`
  const [picture] = /\/media\/[\w-]+/.exec(await ben.page(post)) ?? []
  const shown = ['/home', '/local', '/federated', '/tags/boats', '/search?q=ana']
  for (const path of ['/home', '/local', '/federated', '/tags/boats']) assert.match(textOf(await ben.page(path)), /A word from Ana/, path)

  await suspendAccount(instance.ctx, operator, { accountId: ana.account.id, reason: 'Threats' })
  assert.equal((await ana.get('/settings/profile')).statusCode, 303, 'signed out')
  const wrong = await instance.guest().submit('/sign-in', { login: 'ana', password: 'wrong password' })
  assert.match(textOf(wrong.body), /do not fit together/)
  const right = await instance.guest().submit('/sign-in', { login: 'ana', password: testPassword })
  assert.equal(right.statusCode, 403)
  assert.match(textOf(right.body), /This account is suspended/)
  for (const path of shown) assert.doesNotMatch(textOf(await ben.page(path)), /A word from Ana/, path)
  for (const path of ['/@ana', post, `${picture}`]) assert.equal((await ben.get(path)).statusCode, 404, path)
  const document = await instance.guest().get('/@ana', { accept: 'application/activity+json' })
  assert.equal(document.json().suspended, true)
  assert.equal((await instance.guest().get(post, { accept: 'application/activity+json' })).statusCode, 404)
  assert.equal((await instance.guest().get('/@ana/outbox', { accept: 'application/activity+json' })).statusCode, 404)

  await unsuspendAccount(instance.ctx, operator, { accountId: ana.account.id, reason: 'A misunderstanding' })
  for (const path of ['/home', '/local', '/@ana', post]) assert.match(textOf(await ben.page(path)), /A word from Ana/, path)
  assert.equal((await ben.get(`${picture}`)).statusCode, 200)
  assert.equal((await instance.guest().submit('/sign-in', { login: 'ana', password: testPassword })).statusCode, 303)
})

test('what a suspended person said and is not sent yet stays here; the news of the suspension goes out', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const peer = await remote(t, instance, 'far.test')
  const rita = await peer.actor('rita')
  await rita.send(rita.activity('Follow', ana.account.uri))
  await instance.runJobs()
  peer.received.length = 0
  await write(ana, { text: 'said before' })
  await suspendAccount(instance.ctx, operator, { accountId: ana.account.id, reason: 'Threats' })
  await instance.runJobs()
  assert.deepEqual(
    peer.received.map(({ activity }) => activity.type),
    ['Update']
  )
  const [update] = peer.received
  assert.equal((update!.activity.object as { suspended?: boolean }).suspended, true)
  assert.equal(await instance.ctx.db.$count(deliveries), 0)
  await unsuspendAccount(instance.ctx, operator, { accountId: ana.account.id, reason: '' })
  await instance.runJobs()
  assert.equal((peer.received.at(-1)!.activity.object as { suspended?: boolean }).suspended ?? false, false)
})

test('VIS-25: posts of a suspended remote account show nowhere, boosted by others neither, and nothing of it is taken in', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const far = await remote(t, instance, 'far.test')
  const rita = await far.actor('rita')
  const carl = await (await remote(t, instance, 'third.test')).actor('carl')
  for (const actor of [rita, carl]) {
    const response = await actor.send(actor.activity('Follow', ana.account.uri))
    assert.equal(response.status, 202, response.text)
  }
  await instance.runJobs()
  const idOf = async (uri: string) => (await instance.ctx.db.select({ id: accounts.id }).from(accounts).where(eq(accounts.uri, uri)))[0]!.id
  for (const actor of [rita, carl]) await ana.submit(`/accounts/${await idOf(actor.uri)}/follow`)
  await instance.runJobs()
  for (const actor of [rita, carl]) {
    const [follow] = await instance.ctx.db
      .select()
      .from(follows)
      .where(eq(follows.followedId, await idOf(actor.uri)))
    await actor.send(actor.activity('Accept', follow!.uri))
  }
  const old = rita.note('old words of rita')
  await rita.send(rita.activity('Create', old))
  await carl.send(carl.activity('Announce', old.id))
  await instance.runJobs()
  assert.match(textOf(await ana.page('/home')), /old words of rita/)

  await suspendAccount(instance.ctx, operator, { accountId: await idOf(rita.uri), reason: 'Spam' })
  const fresh = rita.note('new words of rita')
  assert.equal((await rita.send(rita.activity('Create', fresh))).status, 202, 'dropped without a word')
  assert.equal((await carl.send(carl.activity('Announce', fresh.id))).status, 202)
  await instance.runJobs()
  for (const path of ['/home', '/federated', '/@rita@far.test', `/search?q=${encodeURIComponent(fresh.id)}`]) {
    assert.doesNotMatch(textOf((await ana.get(path)).body), /words of rita/, path)
  }
})

test('an act of another process shows here within a second', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await write(ana, { text: 'A word from Ana' })
  const other = await anotherProcess(t, instance)
  await suspendAccount(other, operator, { accountId: ana.account.id, reason: 'From the command line' })
  await withinASecond(async () => (await ana.get('/settings/profile')).statusCode === 303, 'signed out')
  await withinASecond(async () => !textOf(await instance.guest().page('/local')).includes('A word from Ana'), 'not on the local timeline')
  await unsuspendAccount(other, operator, { accountId: ana.account.id, reason: '' })
  await withinASecond(async () => textOf(await instance.guest().page('/local')).includes('A word from Ana'), 'back again')
})
