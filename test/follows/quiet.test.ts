import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { listNotifications } from '#server/notifications/list.ts'
import { countUnread } from '#server/notifications/count-unread.ts'
import { hideDomain, hiddenDomainsMax, listHiddenDomains, partFromHidden, showDomain } from '#server/follows/hide-domain.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { receiveFollow } from '#server/follows/receive-follow.ts'
import { isWithinDomain } from '#server/platform/host-names.ts'
import { boostPost } from '#server/posts/boost-post.ts'
import { muteThread, unmuteThread } from '#server/posts/mute-thread.ts'
import { isOnHiddenDomain } from '#server/posts/quieting.ts'
import { attachReply } from '#server/posts/attach-reply.ts'
import { findPostById } from '#server/posts/find-post.ts'
import { findAccounts } from '#server/search/find-accounts.ts'
import { home } from '#server/timelines/home.ts'
import { federated } from '#server/timelines/public.ts'
import { thread } from '#server/timelines/thread.ts'
import type { TimelinePage } from '#server/timelines/rows.ts'
import { createWorld } from '#test/posts/world.ts'

async function start(t: TestContext) {
  const world = await createWorld(t)
  const ana = await world.person('ana')
  const ben = await world.person('ben')
  const cleo = await world.person('cleo')
  const texts = ({ rows }: TimelinePage) => rows.map((row) => (row.boostOfId === null ? (row.source ?? row.html) : `boost`))
  const homeOf = async () => texts(await home(world.ctx, ana.account.id))
  const told = async () => (await listNotifications(world.ctx, ana)).groups.flat().map(({ row, from }) => `${from.name} ${row.kind}`)
  return { ...world, ana, ben, cleo, texts, homeOf, told }
}

test('a muted conversation leaves home and notifications, others stay, and it comes back whole', async (t) => {
  const { ctx, ana, ben, cleo, publish, follow, homeOf, told } = await start(t)
  await follow(ana.account, ben.account)
  await follow(ana.account, cleo.account)
  const root = await publish(ben, 'root')
  const reply = await publish(cleo, '@ana reply', { replyToId: root.id })
  await publish(ben, 'another')
  await boostPost(ctx, cleo, { postId: root.id })
  assert.deepEqual(await told(), ['cleo mention'])
  await muteThread(ctx, ana, { postId: reply.id })
  await muteThread(ctx, ana, { postId: root.id })
  await publish(ben, '@ana more', { replyToId: reply.id })
  assert.deepEqual(await homeOf(), ['another'])
  assert.deepEqual(await told(), [])
  assert.equal(await countUnread(ctx, ana), 0)
  assert.equal((await home(ctx, ben.account.id)).rows.length > 1, true, 'for others nothing changed')
  await unmuteThread(ctx, ana, { postId: root.id })
  assert.deepEqual(await homeOf(), ['@ana more', 'boost', 'another', '@ana reply'])
  assert.deepEqual(await told(), ['cleo mention'], 'what was said meanwhile is not told later')
})

test('a muted part of a conversation stays muted when its beginning is found', async (t) => {
  const { ctx, ana, ben, cleo, publish, follow, homeOf } = await start(t)
  await follow(ana.account, ben.account)
  await follow(ana.account, cleo.account)
  const root = await publish(ben, 'root')
  const part = await publish(cleo, 'a part')
  await muteThread(ctx, ana, { postId: part.id })
  assert.deepEqual(await homeOf(), ['root'])
  const reply = (await findPostById(ctx.db, part.id))!
  await ctx.transact((tx) => attachReply(tx, reply, root))
  assert.deepEqual(await homeOf(), [])
})

test('nobody mutes a conversation they may not see', async (t) => {
  const { ctx, ana, ben, publish } = await start(t)
  const secret = await publish(ben, 'among friends', { visibility: 'followers' })
  await assert.rejects(muteThread(ctx, ana, { postId: secret.id }), { kind: 'missing' })
  await assert.rejects(muteThread(ctx, { kind: 'operator' }, { postId: secret.id }), { kind: 'forbidden' })
})

test('a hidden server is gone from home, public lists, notifications and search, and shown again', async (t) => {
  const { ctx, ana, ben, texts, homeOf, told, remote, receive, follow, publish } = await start(t)
  const far = await remote('far', 'b.example')
  const below = await remote('below', 'a.b.example')
  const near = await remote('near', 'notb.example')
  for (const each of [far, below, near, ben.account]) await follow(ana.account, each)
  await ctx.transact((tx) => tx.update(accounts).set({ isDiscoverable: true }))
  await receive(far, 'from far', { mentionIds: [ana.account.id] })
  await receive(below, 'from below')
  await receive(near, 'from near')
  assert.equal((await homeOf()).length, 3)
  assert.equal(await hideDomain(ctx, ana, { domain: ' B.Example. ' }), 'b.example')
  assert.deepEqual(await homeOf(), ['<p>from near</p>'])
  assert.deepEqual(texts(await federated(ctx, ana.account.id)), ['<p>from near</p>'])
  assert.equal(texts(await federated(ctx, ben.account.id)).length, 3, 'for that person alone')
  assert.deepEqual(await told(), [])
  assert.deepEqual(
    (await findAccounts(ctx.db, ana.account.id, 'far')).map(({ name }) => name),
    []
  )
  assert.deepEqual(
    (await findAccounts(ctx.db, ben.account.id, 'far')).map(({ name }) => name),
    ['far']
  )
  const own = await publish(ben, 'hello')
  await receive(far, 'answer', { replyToUri: own.uri })
  await receive(near, 'other answer', { replyToUri: own.uri })
  await receive(far, 'again', { mentionIds: [ana.account.id] })
  assert.deepEqual(await told(), [])
  assert.deepEqual(
    (await thread(ctx.db, ana.account.id, own.id)).descendants.map(({ row }) => row.html),
    ['<p>other answer</p>']
  )
  assert.equal((await thread(ctx.db, ben.account.id, own.id)).descendants.length, 2)
  await showDomain(ctx, ana, { domain: 'b.example' })
  assert.deepEqual(await listHiddenDomains(ctx.db, ana.account.id), [])
  assert.deepEqual(await told(), ['far mention'], 'what came before it was hidden')
})

test('hiding a server ends follows both ways, keeps new ones out, and can end many', async (t) => {
  const { ctx, ana, ben, remote, follow } = await start(t)
  const far = await remote('far', 'b.example')
  const other = await remote('other', 'c.example')
  for (const each of [far, other]) {
    await follow(ana.account, each)
    await follow(each, ana.account)
  }
  for (let at = 0; at < 60; at++) await follow(await remote(`crowd${at}`, 'b.example'), ana.account)
  await follow(far, ben.account)
  await hideDomain(ctx, ana, { domain: 'b.example' })
  await partFromHidden(ctx, { accountId: ana.account.id })
  const left = await ctx.db.select().from(follows)
  assert.equal(left.length, 3)
  await assert.rejects(followAccount(ctx, ana, { accountId: far.id }), { key: 'follow.showServerFirst' })
  await ctx.transact((tx) => receiveFollow(tx, { followerId: far.id, followedId: ana.account.id, uri: `${far.uri}#again` }))
  assert.equal(await ctx.db.$count(follows, eq(follows.followerId, far.id)), 1, 'that of ben alone')
})

test('what is hidden by a domain is what lies within it', async (t) => {
  const { ctx, ana, remote } = await start(t)
  const hosts = [
    'b.example',
    'a.b.example',
    'x.a.b.example',
    'ab.example',
    'b.example.org',
    'b.example:8443',
    'a.b.example:8443',
    'b_c.example',
    'bxc.example'
  ]
  const people = await Promise.all(hosts.map((host, at) => remote(`p${at}`, host)))
  for (const domain of ['b.example', 'b.example:8443', 'a.b.example', 'b_c.example']) {
    await hideDomain(ctx, ana, { domain })
    const rows = await ctx.db.select({ domain: accounts.domain }).from(accounts).where(isOnHiddenDomain(ana.account.id, accounts.id))
    assert.deepEqual(rows.map((row) => row.domain).sort(), hosts.filter((host) => isWithinDomain(host, domain)).sort(), domain)
    await showDomain(ctx, ana, { domain })
  }
  assert.equal(people.length, hosts.length)
})

test('our own server, what is none, and more than the limit are refused', async (t) => {
  const { ctx, ana } = await start(t)
  for (const domain of ['skerry.test', 'test', 'not a host', '', 'https://b.example/x']) {
    await assert.rejects(hideDomain(ctx, ana, { domain }), { kind: 'invalid', field: 'domain' }, domain)
  }
  for (let at = 0; at < hiddenDomainsMax; at++) await hideDomain(ctx, ana, { domain: `h${at}.example` })
  await assert.rejects(hideDomain(ctx, ana, { domain: 'one.more' }), { kind: 'conflict', field: 'domain' })
})
