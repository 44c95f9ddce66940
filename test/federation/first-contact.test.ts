import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { auditEntries } from '#db/schema/moderation.ts'
import { follows } from '#db/schema/follows.ts'
import { heldActivities, peers } from '#db/schema/peers.ts'
import { posts } from '#db/schema/posts.ts'
import type { FirstContactMode } from '#server/peers/first-contact.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { everybody, remote } from '#test/helpers/remote.ts'

const dayMs = 24 * 60 * 60_000

async function meet(t: TestContext, mode: FirstContactMode, newHostsPerHour = 30) {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const boss = await instance.as('boss', { role: 'admin' })
  await boss.submit('/admin/first-contact', { mode, days: '7', newHostsPerHour: String(newHostsPerHour) })
  const peer = await remote(t, instance, 'new.test')
  const zoe = await peer.actor('zoe')
  const mention = (words: string) =>
    zoe.activity(
      'Create',
      zoe.note(`<p>${words}</p>`, {
        to: [everybody],
        cc: [ana.account.uri],
        tag: [{ type: 'Mention', href: ana.account.uri, name: `@ana@${instance.config.host}` }]
      })
    )
  const seen = async (path: string) => textOf(await ana.page(path))
  return { instance, ctx: instance.ctx, ana, boss, peer, zoe, mention, seen }
}

test('A mention of a server never met waits apart, until it has been known for some days', async (t) => {
  const { instance, zoe, mention, seen } = await meet(t, 'requests')
  assert.equal((await zoe.send(mention('hello stranger'))).status, 202)
  await instance.runJobs()
  assert.doesNotMatch(await seen('/notifications'), /hello stranger/)
  assert.doesNotMatch(await seen('/notifications/mentions'), /hello stranger/)
  assert.match(await seen('/notifications/requests'), /hello stranger/)
  assert.doesNotMatch(await seen('/home'), /Notifications[^a-z]*1/)
  instance.clock.advance(8 * dayMs)
  assert.match(await seen('/notifications'), /hello stranger/)
  assert.doesNotMatch(await seen('/notifications/requests'), /hello stranger/)
})

test('A follow that was accepted makes friends of a new server, and an admin may', async (t) => {
  const { instance, ctx, ana, zoe, mention, seen } = await meet(t, 'requests')
  await zoe.send(mention('hello stranger'))
  const [account] = await ctx.db.select().from(accounts).where(eq(accounts.uri, zoe.uri))
  // Whoever follows us is no less a stranger for that.
  await zoe.send(zoe.activity('Follow', ana.account.uri))
  assert.match(await seen('/notifications/requests'), /hello stranger/)
  await ana.submit(`/accounts/${account!.id}/follow`)
  await instance.runJobs()
  const [follow] = await ctx.db.select().from(follows).where(eq(follows.followedId, account!.id))
  await zoe.send(zoe.activity('Accept', follow!.uri))
  assert.match(await seen('/notifications'), /hello stranger/)
  assert.ok((await ctx.db.select().from(peers).where(eq(peers.host, 'new.test')))[0]?.trustedAt)
})

test('What a new server sends may be put by, and is taken in once it is trusted, except what it took back', async (t) => {
  const { instance, ctx, ana, boss, zoe, mention, seen } = await meet(t, 'hold')
  const first = mention('the first word')
  const second = mention('the second word')
  for (const activity of [first, second, zoe.activity('Follow', ana.account.uri)]) assert.equal((await zoe.send(activity)).status, 202)
  const replay = zoe.sign(mention('a third word'))
  for (let time = 0; time < 2; time++) await fetchOf(replay)
  async function fetchOf(signed: typeof replay) {
    const answer = await instance.app.inject({ method: 'POST', url: signed.path, headers: signed.headers, payload: signed.body })
    assert.equal(answer.statusCode, 202)
  }
  assert.equal(await ctx.db.$count(heldActivities), 4, 'a replay is put by once')
  assert.equal(await ctx.db.$count(posts), 0)
  assert.equal(await ctx.db.$count(follows), 0)
  await zoe.send(zoe.activity('Delete', (second.object as { id: string }).id))
  assert.match(await textOf(await boss.page('/admin/first-contact')), /new\.test.*1 person known, 4 activities held back/s)
  await boss.submit('/admin/first-contact/new.test/trust')
  await instance.runJobs()
  assert.match(await seen('/notifications'), /the first word/)
  assert.doesNotMatch(await seen('/notifications'), /the second word/)
  assert.equal(await ctx.db.$count(heldActivities), 0)
  assert.equal(await ctx.db.$count(follows), 1)
  assert.equal(await ctx.db.$count(auditEntries, eq(auditEntries.act, 'host-trusted')), 1)
  await zoe.send(mention('said as a friend'))
  assert.match(await seen('/notifications'), /said as a friend/)
})

test('What is put by of one server is bounded, and may be dropped', async (t) => {
  const { ctx, boss, zoe, mention } = await meet(t, 'hold')
  await zoe.send(mention('one'))
  await ctx.transact(async (tx) => {
    const [row] = await tx.select().from(heldActivities)
    for (let at = 0; at < 199; at++) await tx.insert(heldActivities).values({ ...row!, id: tx.newId() })
  })
  const refused = await zoe.send(mention('too many'))
  assert.equal(refused.status, 429)
  assert.ok(Number(refused.headers['retry-after']) > 0)
  assert.equal((await boss.submit('/admin/first-contact/new.test/drop')).statusCode, 200, 'it asks once more')
  await boss.submit('/admin/first-contact/new.test/drop', { isConfirmed: 'yes' })
  assert.equal(await ctx.db.$count(heldActivities), 0)
})

test('Of one registrable domain only so many new servers are met in an hour, and nothing is asked of the others', async (t) => {
  const { instance, ctx, ana } = await meet(t, 'off', 2)
  const statuses: number[] = []
  const asked: number[] = []
  for (const name of ['a', 'b', 'c', 'd']) {
    const peer = await remote(t, instance, `${name}.many.test`)
    const spammer = await peer.actor('spam')
    statuses.push((await spammer.send(spammer.activity('Follow', ana.account.uri))).status)
    asked.push(peer.requests.length)
  }
  assert.deepEqual(statuses, [202, 202, 429, 429])
  assert.deepEqual(asked.slice(2), [0, 0])
  const other = await remote(t, instance, 'other.test')
  const friend = await other.actor('friend')
  assert.equal((await friend.send(friend.activity('Follow', ana.account.uri))).status, 202, 'other domains go on')
  instance.clock.advance(60 * 60_000)
  const later = await remote(t, instance, 'e.many.test')
  const one = await later.actor('one')
  assert.equal((await one.send(one.activity('Follow', ana.account.uri))).status, 202)
  assert.equal(await ctx.db.$count(accounts, eq(accounts.name, 'spam')), 2)
})

test('What no database keeps breaks nothing: half of a surrogate pair, and NUL, in addresses and in what is held', async (t) => {
  const { ctx, zoe, mention } = await meet(t, 'hold')
  const odd = mention('kept')
  Object.assign(odd.object as object, {
    'odd\ud800': 1,
    summary: 'a\ud800b\0c',
    tag: [{ type: 'Mention', href: 'https://new.test/\ud800', name: '\udc00' }]
  })
  assert.equal((await zoe.send(odd)).status, 202)
  assert.equal(await ctx.db.$count(heldActivities), 1)
  const move = zoe.activity('Move', zoe.uri, { target: 'https://new.test/\ud800', content: '\ud800' })
  assert.equal((await zoe.send(move)).status, 400)
})
