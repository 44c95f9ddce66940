import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { activities, deliveries } from '#db/schema/peers.ts'
import { type DomainSeverity, hardestLimit } from '#server/moderation/domain-limits.ts'
import { limitDomain } from '#server/moderation/limit-domain.ts'
import { silenceAccount } from '#server/moderation/silence-account.ts'
import { unlimitDomain } from '#server/moderation/unlimit-domain.ts'
import { unsilenceAccount } from '#server/moderation/unsilence-account.ts'
import { Refusal } from '#server/errors.ts'
import { isWithinDomain } from '#server/platform/host-names.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'
import { actsOf, anotherProcess, operator, withinASecond } from '#test/moderation/acting.ts'
import { addRemoteAccount, write } from '#test/web/world.ts'

/** Ana and Rita of far.test follow each other, and Rita has written. */
async function twoWhoFollow(t: TestContext, host = 'far.test') {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const peer = await remote(t, instance, host)
  const rita = await peer.actor('rita')
  await rita.send(rita.activity('Follow', ana.account.uri))
  await instance.runJobs()
  const [row] = await instance.ctx.db.select().from(accounts).where(eq(accounts.uri, rita.uri))
  await ana.submit(`/accounts/${row!.id}/follow`)
  const [follow] = await instance.ctx.db.select().from(follows).where(eq(follows.followedId, row!.id))
  await rita.send(rita.activity('Accept', follow!.uri))
  await rita.send(rita.activity('Create', rita.note('words of rita')))
  await instance.runJobs()
  peer.received.length = 0
  return { instance, ana, peer, rita, ritaId: row!.id }
}

test('ADM-06: a suspended domain is gone at once, nothing goes there or comes from there, and lifting brings it back', async (t) => {
  const { instance, ana, peer, rita } = await twoWhoFollow(t, 'sub.far.test')
  const { ctx } = instance
  for (const path of ['/home', '/federated', '/@rita@sub.far.test']) assert.match(textOf(await ana.page(path)), /words of rita/, path)
  // Something waits for it, and a job is about to write more.
  await write(ana, { text: 'queued before the limit' })
  await limitDomain(ctx, operator, { domain: 'far.test', severity: 'suspend', reason: 'Spam' })
  for (const path of ['/home', '/federated']) assert.doesNotMatch(textOf(await ana.page(path)), /words of rita/, path)
  assert.equal((await ana.get('/@rita@sub.far.test')).statusCode, 404)
  assert.doesNotMatch(textOf(await ana.page('/@ana/followers')), /rita/)
  await instance.runJobs()
  await write(ana, { text: 'written under the limit' })
  await instance.runJobs()
  assert.equal(peer.received.length, 0, 'nothing was sent')
  assert.equal(await ctx.db.$count(deliveries), 0)
  assert.equal(await ctx.db.$count(activities), 0)
  const asked = peer.requests.length
  assert.equal((await rita.send(rita.activity('Create', rita.note('said under the limit')))).status, 202)
  assert.equal(await ctx.db.$count(follows), 2, 'relations are kept')
  await instance.runJobs()
  assert.equal(peer.requests.slice(asked).filter((request) => request.startsWith('GET')).length, 0, 'nothing is asked of it')

  await unlimitDomain(ctx, operator, { domain: 'far.test', reason: 'They have new admins' })
  assert.match(textOf(await ana.page('/home')), /words of rita/)
  assert.doesNotMatch(textOf(await ana.page('/home')), /said under the limit/)
  await write(ana, { text: 'hello again' })
  await instance.runJobs()
  assert.deepEqual(
    peer.received.map(({ activity }) => activity.type),
    ['Create']
  )
  assert.deepEqual(await actsOf(instance), ['domain-limited', 'domain-unlimited'])
})

test('deliveries that waited for a domain are dropped when it is suspended, and kept when it is silenced', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const ana = await instance.as('ana')
  const dora = await addRemoteAccount(instance, 'dora', 'a.dead.test')
  instance.network.add('a.dead.test', 9)
  await ctx.transact(async (tx) => {
    const follow = {
      id: tx.newId(),
      followerId: dora.id,
      followedId: ana.account.id,
      state: 'accepted' as const,
      uri: 'https://a.dead.test/f',
      createdAt: tx.now
    }
    await tx.insert(follows).values(follow)
  })
  await write(ana, { text: 'nobody answers' })
  await instance.runJobs()
  assert.equal(await ctx.db.$count(deliveries), 1)
  await limitDomain(ctx, operator, { domain: 'dead.test', severity: 'silence', reason: '' })
  await instance.runJobs()
  assert.equal(await ctx.db.$count(deliveries), 1)
  await limitDomain(ctx, operator, { domain: 'dead.test', severity: 'suspend', reason: '' })
  await instance.runJobs()
  assert.equal(await ctx.db.$count(deliveries), 0)
})

test('a silenced domain or account is there for its followers, and offered to nobody else', async (t) => {
  const { instance, ana, rita, ritaId } = await twoWhoFollow(t)
  const { ctx } = instance
  const ben = await instance.as('ben')
  const isOffered = async (path: string) => textOf(await ben.page(path)).includes('words of rita')
  assert.equal(await isOffered('/federated'), true)
  const toldTo = async (reader: typeof ana, ending = '') =>
    (await reader.page(`/notifications${ending}`)).match(/class="notification [^"]*is-mention/g)?.length ?? 0
  const notified = async () => (await toldTo(ana)) + (await toldTo(ben))
  const mention = async () => {
    const tags = [ana, ben].map(({ account }) => ({ type: 'Mention', href: account.uri, name: `@${account.name}` }))
    await rita.send(rita.activity('Create', rita.note('a mention', { tag: tags, cc: tags.map(({ href }) => href) })))
    await instance.runJobs()
  }
  const silences: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
    [
      'domain',
      () => limitDomain(ctx, operator, { domain: 'far.test', severity: 'silence', reason: '' }),
      () => unlimitDomain(ctx, operator, { domain: 'far.test', reason: '' })
    ],
    [
      'account',
      () => silenceAccount(ctx, operator, { accountId: ritaId, reason: '' }),
      () => unsilenceAccount(ctx, operator, { accountId: ritaId, reason: '' })
    ]
  ]
  for (const [name, silence, lift] of silences) {
    await silence()
    assert.equal(await isOffered('/federated'), false, name)
    assert.match(textOf(await ana.page('/home')), /words of rita/, `${name}: who follows sees it`)
    assert.match(textOf(await ben.page('/@rita@far.test')), /words of rita/, `${name}: who looks for it finds it`)
    const before = await notified()
    const waiting = await toldTo(ben, '/requests')
    await mention()
    assert.equal(await notified(), before + 1, `${name}: the follower alone is told`)
    assert.equal(await toldTo(ben, '/requests'), waiting + 1, `${name}: for others it waits apart`)
    await lift()
    assert.equal(await isOffered('/federated'), true, name)
    const then = await notified()
    await mention()
    assert.equal(await notified(), then + 2, `${name}: lifted`)
  }
})

test('a limit by another process holds here within a second', async (t) => {
  const { instance, ana } = await twoWhoFollow(t)
  const other = await anotherProcess(t, instance)
  assert.equal(await instance.ctx.limits.isSuspended('far.test'), false)
  await limitDomain(other, operator, { domain: 'far.test', severity: 'suspend', reason: '' })
  await withinASecond(() => instance.ctx.limits.isSuspended('a.far.test:8443'), 'suspended')
  await withinASecond(async () => !textOf(await ana.page('/home')).includes('words of rita'), 'gone from home')
})

test('a limit holds for accounts that come later, and for actors whose handle is at another domain', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const severities = async () =>
    Object.fromEntries(
      (await ctx.db.select().from(accounts)).filter(({ domain }) => domain !== null).map((row) => [row.name, row.domainSeverity])
    )
  await addRemoteAccount(instance, 'split', 'handles.test', { host: 'actors.test' })
  await addRemoteAccount(instance, 'both', 'loud.test', { host: 'actors.test' })
  await addRemoteAccount(instance, 'other', 'other.test', { host: 'other.test' })
  await limitDomain(ctx, operator, { domain: 'actors.test', severity: 'suspend', reason: '' })
  await limitDomain(ctx, operator, { domain: 'loud.test', severity: 'silence', reason: '' })
  assert.deepEqual(await severities(), { split: 'suspend', both: 'suspend', other: null })
  await unlimitDomain(ctx, operator, { domain: 'actors.test', reason: '' })
  assert.deepEqual(await severities(), { split: null, both: 'silence', other: null })

  const late = await (await remote(t, instance, 'late.loud.test')).actor('late')
  const ana = await instance.as('ana')
  await late.send(late.activity('Follow', ana.account.uri))
  await instance.runJobs()
  assert.equal((await severities()).late, 'silence')
})

test('the limits that hold for a host are those of the domains it lies within', () => {
  const labels = fc.constantFrom('a', 'far', 'test', 'x', 'ar')
  const name = fc.array(labels, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'))
  const host = fc
    .tuple(fc.oneof(name, fc.constantFrom('10.0.0.1', '[::1]', '0.1')), fc.constantFrom('', ':8443', ':1'))
    .map(([at, port]) => at + port)
  const limit = fc.tuple(host, fc.constantFrom<DomainSeverity>('suspend', 'silence'))
  fc.assert(
    fc.property(host, fc.array(limit, { maxLength: 5 }), (asked, limits) => {
      const byDomain = new Map(limits)
      const holding = [...byDomain].filter(([domain]) => isWithinDomain(asked, domain)).map(([, severity]) => severity)
      assert.equal(hardestLimit(byDomain, asked), holding.includes('suspend') ? 'suspend' : holding[0])
    }),
    { numRuns: 2_000 }
  )
})

test('what is no domain, or our own, is not limited', async (t) => {
  const instance = await startInstance(t)
  for (const domain of ['', 'https://far.test', 'far test', 'skerry.test', 'test', 'Skerry.TEST.']) {
    await assert.rejects(
      limitDomain(instance.ctx, operator, { domain, severity: 'suspend', reason: '' }),
      (error) => error instanceof Refusal && error.field === 'domain',
      domain
    )
  }
  assert.equal(await limitDomain(instance.ctx, operator, { domain: '*.Far.TEST.', severity: 'silence', reason: '' }), 'far.test')
  await assert.rejects(unlimitDomain(instance.ctx, operator, { domain: 'near.test', reason: '' }), /missing/)
})
