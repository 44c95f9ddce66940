import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows, mutes } from '#db/schema/follows.ts'
import { jobs } from '#db/schema/jobs.ts'
import { notifications } from '#db/schema/notifications.ts'
import type { Account, Person } from '#server/accounts/who.ts'
import { acceptRequest, rejectRequest, removeFollower } from '#server/follows/answer-request.ts'
import { blockAccount, unblockAccount } from '#server/follows/block-account.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { blockedBy, countRequests, followersOf, followingOf, mutedBy, requestsTo } from '#server/follows/lists.ts'
import { muteAccount, sweepMutes, unmuteAccount } from '#server/follows/mute-account.ts'
import { relationsOf } from '#server/follows/relations.ts'
import { unfollowAccount } from '#server/follows/unfollow-account.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

test('following an open account of ours counts at once, and once', async (t) => {
  const instance = await startInstance(t)
  const [ana, bob] = [await whoIs(instance, 'ana'), await whoIs(instance, 'bob')]
  const made = await followAccount(instance.ctx, ana, { accountId: bob.account.id })
  assert.equal(made.state, 'accepted')
  assert.equal(made.uri, `https://skerry.test/@ana#follow-${made.id}`)
  const again = await followAccount(instance.ctx, ana, { accountId: bob.account.id, showBoosts: false })
  assert.equal(again.id, made.id)
  assert.equal(again.showBoosts, false)
  assert.deepEqual(await countsOf(instance, 'ana'), { followers: 0, following: 1 })
  assert.deepEqual(await countsOf(instance, 'bob'), { followers: 1, following: 0 })
  assert.deepEqual(await kindsTold(instance, bob.account), ['follow'])

  await Promise.all([1, 2, 3].map(() => unfollowAccount(instance.ctx, ana, { accountId: bob.account.id })))
  assert.deepEqual(await countsOf(instance, 'bob'), { followers: 0, following: 0 })
  assert.deepEqual(await kindsTold(instance, bob.account), [])
  const anew = await followAccount(instance.ctx, ana, { accountId: bob.account.id })
  assert.notEqual(anew.uri, made.uri, 'each follow has an id of its own')
})

test('many follows at the same moment are one', async (t) => {
  const instance = await startInstance(t)
  const [ana, bob] = [await whoIs(instance, 'ana'), await whoIs(instance, 'bob')]
  await Promise.all(Array.from({ length: 8 }, () => followAccount(instance.ctx, ana, { accountId: bob.account.id })))
  assert.equal(await instance.ctx.db.$count(follows), 1)
  assert.deepEqual(await countsOf(instance, 'bob'), { followers: 1, following: 0 })
})

test('a locked account is asked, and says yes or no', async (t) => {
  const instance = await startInstance(t)
  const [ana, bob, cy] = [await whoIs(instance, 'ana'), await whoIs(instance, 'bob'), await whoIs(instance, 'cy')]
  await change(instance, bob.account, { isLocked: true })
  assert.equal((await followAccount(instance.ctx, ana, { accountId: bob.account.id })).state, 'pending')
  await followAccount(instance.ctx, cy, { accountId: bob.account.id })
  assert.deepEqual(await countsOf(instance, 'bob'), { followers: 0, following: 0 })
  assert.equal(await countRequests(instance.ctx.db, bob.account.id), 2)
  assert.deepEqual(namesOf(await requestsTo(instance.ctx.db, bob.account.id)), ['cy', 'ana'])
  assert.deepEqual(await kindsTold(instance, bob.account), ['follow-request', 'follow-request'])

  await acceptRequest(instance.ctx, bob, { accountId: ana.account.id })
  await rejectRequest(instance.ctx, bob, { accountId: cy.account.id })
  assert.deepEqual(await countsOf(instance, 'bob'), { followers: 1, following: 0 })
  assert.deepEqual(namesOf(await followersOf(instance.ctx.db, bob.account.id)), ['ana'])
  for (const { account } of [ana, cy]) {
    await assert.rejects(acceptRequest(instance.ctx, bob, { accountId: account.id }), { kind: 'missing' })
    await assert.rejects(rejectRequest(instance.ctx, bob, { accountId: account.id }), { kind: 'missing' })
  }
  await removeFollower(instance.ctx, bob, { accountId: ana.account.id })
  assert.deepEqual(await countsOf(instance, 'bob'), { followers: 0, following: 0 })
  assert.deepEqual(await countsOf(instance, 'ana'), { followers: 0, following: 0 })
})

test('a silenced account has to ask, also an open one', async (t) => {
  const instance = await startInstance(t)
  const [ana, bob] = [await whoIs(instance, 'ana'), await whoIs(instance, 'bob')]
  await change(instance, ana.account, { silencedAt: 1 })
  assert.equal((await followAccount(instance.ctx, ana, { accountId: bob.account.id })).state, 'pending')
})

test('a remote account stays pending until its server answers', async (t) => {
  const instance = await startInstance(t)
  const ana = await whoIs(instance, 'ana')
  const zoe = await addRemote(instance, 'zoe', 'peer.test')
  const made = await followAccount(instance.ctx, ana, { accountId: zoe.id })
  assert.equal(made.state, 'pending')
  assert.deepEqual(await countsOf(instance, 'ana'), { followers: 0, following: 0 })
  const waiting = await instance.ctx.db.select({ kind: jobs.kind }).from(jobs)
  assert.ok(waiting.some(({ kind }) => kind.startsWith('follow-requested')))
})

test('nobody follows themselves, who is gone, suspended, on a suspended server, or the instance itself', async (t) => {
  const instance = await startInstance(t)
  const [ana, bob] = [await whoIs(instance, 'ana'), await whoIs(instance, 'bob')]
  const follow = (accountId: number) => followAccount(instance.ctx, ana, { accountId })
  await assert.rejects(follow(ana.account.id), { kind: 'invalid' })
  await assert.rejects(follow(12_345), { kind: 'missing' })
  const [actor] = await instance.ctx.db.select().from(accounts).where(eq(accounts.nameKey, 'instance'))
  await assert.rejects(follow(actor!.id), { kind: 'forbidden' })
  await change(instance, bob.account, { suspendedAt: 1 })
  await assert.rejects(follow(bob.account.id), { kind: 'forbidden' })
  await change(instance, bob.account, { suspendedAt: null, deletedAt: 1 })
  await assert.rejects(follow(bob.account.id), { kind: 'gone' })
  await assert.rejects(followAccount(instance.ctx, { kind: 'operator' }, { accountId: ana.account.id }), { kind: 'forbidden' })
})

test('a block ends follows both ways, keeps both from following, and can be lifted', async (t) => {
  const instance = await startInstance(t)
  const [ana, bob] = [await whoIs(instance, 'ana'), await whoIs(instance, 'bob')]
  await followAccount(instance.ctx, ana, { accountId: bob.account.id })
  await followAccount(instance.ctx, bob, { accountId: ana.account.id })
  await Promise.all([1, 2].map(() => blockAccount(instance.ctx, ana, { accountId: bob.account.id })))
  assert.equal(await instance.ctx.db.$count(follows), 0)
  assert.equal(await instance.ctx.db.$count(blocks), 1)
  for (const name of ['ana', 'bob']) assert.deepEqual(await countsOf(instance, name), { followers: 0, following: 0 })
  await assert.rejects(followAccount(instance.ctx, bob, { accountId: ana.account.id }), { kind: 'forbidden' })
  await assert.rejects(followAccount(instance.ctx, ana, { accountId: bob.account.id }), { key: 'follow.unblockFirst' })
  assert.deepEqual(namesOf(await blockedBy(instance.ctx.db, ana.account.id)), ['bob'])
  const relation = (me: Person, other: Person) =>
    relationsOf(instance.ctx.db, me.account.id, [other.account.id], 0).then((map) => map.get(other.account.id)!)
  assert.equal((await relation(ana, bob)).isBlocking, true)
  assert.equal((await relation(bob, ana)).isBlockedBy, true)
  await unblockAccount(instance.ctx, ana, { accountId: bob.account.id })
  await unblockAccount(instance.ctx, ana, { accountId: bob.account.id })
  assert.equal((await followAccount(instance.ctx, bob, { accountId: ana.account.id })).state, 'accepted')
})

test('a mute ends by itself', async (t) => {
  const instance = await startInstance(t)
  const [ana, bob] = [await whoIs(instance, 'ana'), await whoIs(instance, 'bob')]
  await muteAccount(instance.ctx, ana, { accountId: bob.account.id, durationMs: 60_000 })
  const isMuting = async () =>
    (await relationsOf(instance.ctx.db, ana.account.id, [bob.account.id], instance.clock.now())).get(bob.account.id)!.isMuting
  assert.equal(await isMuting(), true)
  assert.deepEqual(namesOf(await mutedBy(instance.ctx.db, ana.account.id, instance.clock.now())), ['bob'])
  instance.clock.advance(61_000)
  assert.equal(await isMuting(), false)
  assert.deepEqual(await mutedBy(instance.ctx.db, ana.account.id, instance.clock.now()), [])
  await sweepMutes(instance.ctx)
  assert.equal(await instance.ctx.db.$count(mutes), 0)
  await muteAccount(instance.ctx, ana, { accountId: bob.account.id })
  await muteAccount(instance.ctx, ana, { accountId: bob.account.id, hidesNotifications: false })
  await sweepMutes(instance.ctx)
  assert.equal(await isMuting(), true)
  await unmuteAccount(instance.ctx, ana, { accountId: bob.account.id })
  assert.equal(await isMuting(), false)
})

test('lists go on where a page ended, and leave out who is suspended or erased', async (t) => {
  const instance = await startInstance(t)
  const ana = await whoIs(instance, 'ana')
  const names = ['b', 'c', 'd', 'e', 'f']
  for (const name of names) await followAccount(instance.ctx, await whoIs(instance, name), { accountId: ana.account.id })
  const first = await followersOf(instance.ctx.db, ana.account.id, { limit: 2 })
  const second = await followersOf(instance.ctx.db, ana.account.id, { limit: 2, before: first.at(-1)!.cursor })
  const third = await followersOf(instance.ctx.db, ana.account.id, { limit: 2, before: second.at(-1)!.cursor })
  assert.deepEqual([first, second, third].flatMap(namesOf), ['f', 'e', 'd', 'c', 'b'])
  const c = await whoIs(instance, 'c')
  await change(instance, c.account, { suspendedAt: 1 })
  assert.deepEqual(namesOf(await followersOf(instance.ctx.db, ana.account.id)), ['f', 'e', 'd', 'b'])
  assert.deepEqual(namesOf(await followingOf(instance.ctx.db, (await whoIs(instance, 'b')).account.id)), ['ana'])
})

async function change(instance: Instance, { id }: Account, values: Partial<Account>): Promise<void> {
  await instance.ctx.transact(async (tx) => void (await tx.update(accounts).set(values).where(eq(accounts.id, id))))
}

async function addRemote(instance: Instance, name: string, domain: string): Promise<Account> {
  const uri = `https://${domain}/users/${name}`
  return instance.ctx.transact(async (tx) => {
    const [account] = await tx
      .insert(accounts)
      .values({ id: tx.newId(), name, nameKey: name, domain, uri, inboxUrl: `${uri}/inbox`, createdAt: tx.now, fetchedAt: tx.now })
      .returning()
    return account!
  })
}

async function countsOf(instance: Instance, name: string): Promise<{ followers: number; following: number }> {
  const [row] = await instance.ctx.db.select().from(accounts).where(eq(accounts.nameKey, name))
  return { followers: row!.followersCount, following: row!.followingCount }
}

async function kindsTold(instance: Instance, { id }: Account): Promise<string[]> {
  const rows = await instance.ctx.db.select({ kind: notifications.kind }).from(notifications).where(eq(notifications.accountId, id))
  return rows.map(({ kind }) => kind).sort()
}

function namesOf(rows: { account: Account }[]): string[] {
  return rows.map(({ account }) => account.name)
}
