import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'
import { write } from '#test/web/world.ts'

const open = { strangers: 'show', newcomers: 'show', directs: 'show', limited: 'review' }
const longAgo = Date.UTC(2020, 0)

test('many who do something with one post are told together, with all of them named or shown', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const postId = await write(ana, { text: 'Kettle on' })
  for (const name of ['bo', 'cleo', 'dan']) await (await instance.as(name)).submit(`/posts/${postId}/favourite`)
  assert.match(textOf(await ana.page('/notifications')), /dan and 2 others favourited your post/)
  await (await instance.as('bo')).submit(`/posts/${postId}/boost`)
  const page = await ana.page('/notifications')
  assert.match(
    textOf(page),
    /bo and 2 others favourited, boosted or reacted to your post.*3 favourites · ?1 boost|bo and 2 others favourited.*3 favourites.*1 boost/
  )
  assert.equal(page.match(/<section class="notification/g)?.length, 1)
})

test('strangers wait apart or stay away when somebody wants it so, and come back with the wish', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo, cleo] = [await instance.as('ana'), await instance.as('bo'), await instance.as('cleo')]
  await ana.submit(`/accounts/${cleo.account.id}/follow`)
  await write(bo, { text: '@ana a stranger speaks' })
  await write(cleo, { text: '@ana a friend speaks' })
  const all = async () => textOf(await ana.page('/notifications'))
  const apart = async () => textOf(await ana.page('/notifications/requests'))
  assert.match(await all(), /a stranger speaks/)

  await ana.submit('/settings/notifications', { ...open, strangers: 'review' })
  assert.match(await all(), /a friend speaks/)
  assert.doesNotMatch(await all(), /a stranger speaks/)
  assert.match(await apart(), /a stranger speaks/)
  assert.match(await all(), /1 unread/, 'what waits apart is not counted')

  await ana.submit('/settings/notifications', { ...open, strangers: 'ignore' })
  assert.doesNotMatch((await all()) + (await apart()), /a stranger speaks/)
  await ana.submit('/settings/notifications', open)
  assert.match(await all(), /a stranger speaks/)
  assert.equal((await ana.submit('/settings/notifications', { ...open, strangers: 'shout' })).statusCode, 422)
})

test('whoever waits apart is let in, or put away, by a button', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo, cleo] = [await instance.as('ana'), await instance.as('bo'), await instance.as('cleo')]
  await ana.submit('/settings/notifications', { ...open, strangers: 'review' })
  await write(bo, { text: '@ana let me in' })
  await write(cleo, { text: '@ana and me' })
  const requests = await ana.page('/notifications/requests')
  assert.match(requests, new RegExp(`formaction="/notifications/senders/${bo.account.id}/admit"`))
  await ana.submit(`/notifications/senders/${bo.account.id}/admit`)
  await ana.submit(`/notifications/senders/${cleo.account.id}/dismiss`)
  assert.match(textOf(await ana.page('/notifications')), /let me in/)
  assert.match(textOf(await ana.page('/notifications/requests')), /No requests wait/)
  await write(cleo, { text: '@ana again' })
  assert.match(textOf(await ana.page('/notifications/requests')), /again/, 'putting away is no block')
  assert.doesNotMatch(textOf(await ana.page('/notifications/requests')), /and me/)
})

test('new accounts, direct messages nobody asked for and silenced people are told apart from other strangers', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const [ana, old, fresh, quiet] = [
    await instance.as('ana'),
    await instance.as('old'),
    await instance.as('fresh'),
    await instance.as('quiet')
  ]
  await ctx.transact(async (tx) => {
    for (const { account } of [old, quiet]) await tx.update(accounts).set({ createdAt: longAgo }).where(eq(accounts.id, account.id))
    await tx.update(accounts).set({ silencedAt: tx.now }).where(eq(accounts.id, quiet.account.id))
  })
  const question = await write(ana, { text: 'Who comes along?' })
  await write(old, { text: '@ana old says hello' })
  await write(fresh, { text: '@ana fresh says hello' })
  await write(quiet, { text: '@ana quiet says hello' })
  await write(old, { text: '@ana psst', visibility: 'direct' })
  await write(old, { text: '@ana me, quietly', visibility: 'direct', replyTo: String(question) })
  const texts = ['old says hello', 'fresh says hello', 'quiet says hello', 'psst', 'me, quietly']
  const shown = async (path: string) => {
    const page = textOf(await ana.page(path))
    return texts.filter((text) => page.includes(text))
  }
  assert.deepEqual(await shown('/notifications'), ['old says hello', 'fresh says hello', 'psst', 'me, quietly'])
  assert.deepEqual(await shown('/notifications/requests'), ['quiet says hello'], 'whom moderators silenced waits apart from the start')
  await ana.submit('/settings/notifications', { ...open, newcomers: 'review', directs: 'ignore', limited: 'ignore' })
  assert.deepEqual(await shown('/notifications'), ['old says hello', 'me, quietly'])
  assert.deepEqual(await shown('/notifications/requests'), ['fresh says hello'])
  await ana.submit(`/accounts/${fresh.account.id}/follow`)
  assert.deepEqual(await shown('/notifications'), ['old says hello', 'fresh says hello', 'me, quietly'])
})

test('a suspended server is told to those who know people there, with a file of whom they follow, until it is lifted', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  const mod = await instance.as('mod', { role: 'admin' })
  const far = await remote(t, instance, 'far.test')
  const mia = await far.actor('mia')
  await mia.send(mia.activity('Follow', ana.account.uri))
  const [miaHere] = await instance.ctx.db.select().from(accounts).where(eq(accounts.uri, mia.uri))
  await ana.submit(`/accounts/${miaHere!.id}/follow`)
  await instance.runJobs()
  const [request] = far.received.filter(({ activity }) => activity.type === 'Follow')
  await mia.send(mia.activity('Accept', request!.activity))
  const limited = await mod.submit('/admin/domains', { domain: 'far.test', severity: 'suspend', reason: 'loud' })
  assert.equal(limited.statusCode, 303, limited.body)
  await instance.runJobs()
  const page = await ana.page('/notifications')
  assert.match(textOf(page), /suspended a server where you know people.*far\.test: you follow one person there, one person follows you/)
  const [, path] = /href="(\/notifications\/severed\/\d+)"/.exec(page)!
  assert.match(textOf(await ana.page(path!)), /@mia@far\.test/)
  const file = await ana.get(`${path}/follows.csv`)
  assert.equal(file.body, 'Account address,Show boosts,Notify on new posts\nmia@far.test,true,false\n')
  assert.equal((await bo.get(path!)).statusCode, 404)
  assert.equal((await bo.get(`${path}/follows.csv`)).statusCode, 404)
  assert.doesNotMatch(await bo.page('/notifications'), /far\.test/)
  const lifted = await mod.submit('/admin/domains/far.test/lift', { reason: 'sorry' })
  assert.equal(lifted.statusCode, 303, lifted.body)
  await instance.runJobs()
  assert.doesNotMatch(await ana.page('/notifications'), /suspended a server/)
  assert.equal((await ana.get(path!)).statusCode, 404)
})
