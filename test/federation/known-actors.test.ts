import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import { createKnownActors } from '#server/federation/gate/known-actors.ts'
import { findStanding, isAsRead } from '#server/peers/standing.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'

test('a remembered actor who is suspended meanwhile, by any process, is heard no more at once', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const server = await remote(t, instance, 'a.test')
  const ana = await server.actor('ana')
  for (const text of ['one', 'two']) assert.equal((await ana.send(ana.activity('Create', ana.note(text)))).status, 202)
  assert.equal(await ctx.db.$count(posts), 2)

  // Straight in the table and without a signal, as another process would.
  const change = (values: object) =>
    ctx.transact(async (tx) => void (await tx.update(accounts).set(values).where(eq(accounts.uri, ana.uri))))
  await change({ suspendedAt: ctx.clock.now(), suspendedBy: 'here' })
  assert.equal((await ana.send(ana.activity('Create', ana.note('three')))).status, 202)
  assert.equal(await ctx.db.$count(posts), 2)

  await change({ suspendedAt: null, suspendedBy: null })
  assert.equal((await ana.send(ana.activity('Create', ana.note('four')))).status, 202)
  assert.equal(await ctx.db.$count(posts), 3, 'and whoever is let free is heard at once')
})

test('a key that was taken away in the table speaks for nobody any more', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const server = await remote(t, instance, 'a.test')
  const ana = await server.actor('ana')
  assert.equal((await ana.send(ana.activity('Create', ana.note('one')))).status, 202)
  const actors = createKnownActors(ctx)
  assert.equal((await actors.find(ana.uri, true))?.isKept, false)
  const kept = await actors.find(ana.uri, true)
  assert.ok(kept?.isKept)
  assert.equal(isAsRead(await findStanding(ctx.db, kept.account.id, 'a.test'), kept.account, kept.keys), true)
  await ctx.transact(
    async (tx) => void (await tx.update(accountKeys).set({ publicPem: 'another' }).where(eq(accountKeys.accountId, kept.account.id)))
  )
  assert.equal(isAsRead(await findStanding(ctx.db, kept.account.id, 'a.test'), kept.account, kept.keys), false)
  await ctx.transact(async (tx) => void (await tx.delete(accountKeys).where(eq(accountKeys.accountId, kept.account.id))))
  assert.equal(isAsRead(await findStanding(ctx.db, kept.account.id, 'a.test'), kept.account, kept.keys), false)
})

test('an actor against whom something is held is never remembered', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const server = await remote(t, instance, 'a.test')
  const ana = await server.actor('ana')
  assert.equal((await ana.send(ana.activity('Create', ana.note('one')))).status, 202)
  await ctx.transact(async (tx) => void (await tx.update(accounts).set({ silencedAt: tx.now }).where(eq(accounts.uri, ana.uri))))
  const actors = createKnownActors(ctx)
  await actors.find(ana.uri, true)
  assert.equal((await actors.find(ana.uri, true))?.isKept, false)
  assert.equal(await actors.find('https://a.test/users/nobody', true), undefined)
  assert.ok(await findAccountByUri(ctx.db, ana.uri))
})
