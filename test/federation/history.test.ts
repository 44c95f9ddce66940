import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { histories } from '#db/schema/histories.ts'
import { jobs } from '#db/schema/jobs.ts'
import { notifications } from '#db/schema/notifications.ts'
import { posts } from '#db/schema/posts.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { leaseJobs } from '#server/jobs/lease-jobs.ts'
import { runningMax, runningPerHostMax } from '#server/peers/histories.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { whoIs } from '#test/helpers/who-is.ts'

const dayMs = 24 * 60 * 60_000

/** Ben with a past: `count` posts in his outbox in pages of ten, the oldest pinned. */
async function startPast(t: TestContext, count = 25, { isEmbedded = true } = {}): Promise<World & { notes: { id: string }[] }> {
  const world = await startWorld(t)
  const { b, servers, instance, alice } = world
  b.document.featured = `${b.uri}/featured`
  const now = instance.clock.now()
  const notes = Array.from({ length: count }, (_, at) =>
    b.note(`past ${at} of ben`, {
      published: new Date(now - (at + 1) * dayMs).toISOString(),
      tag: at === 0 ? [{ type: 'Mention', href: alice.account.uri, name: '@alice' }] : []
    })
  )
  const itemOf = (note: { id: string }) => b.activity('Create', isEmbedded ? note : note.id)
  servers.b.documents.set('/users/ben/outbox', {
    id: `${b.uri}/outbox`,
    '@context': 'https://www.w3.org/ns/activitystreams',
    type: 'OrderedCollection',
    totalItems: count,
    first: `${b.uri}/outbox?page=1`
  })
  for (let page = 1; (page - 1) * 10 < count; page += 1) {
    servers.b.documents.set(`/users/ben/outbox?page=${page}`, {
      '@context': 'https://www.w3.org/ns/activitystreams',
      type: 'OrderedCollectionPage',
      ...(page * 10 < count ? { next: `${b.uri}/outbox?page=${page + 1}` } : {}),
      orderedItems: [b.activity('Announce', 'https://a.test/notes/1'), ...notes.slice((page - 1) * 10, page * 10).map(itemOf)]
    })
  }
  servers.b.documents.set('/users/ben/featured', {
    id: `${b.uri}/featured`,
    '@context': 'https://www.w3.org/ns/activitystreams',
    type: 'OrderedCollection',
    orderedItems: [notes.at(-1)!.id]
  })
  await world.knowing(b)
  return { ...world, notes }
}

const pastOf = (world: World) => world.instance.ctx.db.select().from(posts)

for (const isEmbedded of [true, false]) {
  test(`a profile opened by somebody signed in fills with pinned and older posts (${isEmbedded ? 'whole' : 'by id'}), and nobody is notified`, async (t) => {
    const world = await startPast(t, 25, { isEmbedded })
    const { alice, b, instance } = world
    const path = `/@${b.handle}`
    const loading = await alice.page(path)
    assert.match(loading, /Loading posts from b\.test…/)
    assert.match(loading, new RegExp(`<a href="${path}">Show again</a>`))
    await instance.runJobs()
    const body = await alice.page(path)
    assert.doesNotMatch(body, /Loading posts/)
    assert.ok(body.indexOf('past 24 of ben') < body.indexOf('past 0 of ben'), 'the pinned one stands first')
    assert.match(body, /past 18 of ben/)
    const rows = await pastOf(world)
    assert.equal(rows.length, 21)
    assert.ok(rows.every((row) => row.createdAt < instance.clock.now() - dayMs / 2))
    assert.equal((await instance.ctx.db.select().from(notifications)).length, 0)
    const [history] = await instance.ctx.db.select().from(histories)
    assert.deepEqual([history?.postsCount, history?.missingCount, history?.failed], [21, 0, null])
  })
}

test('older posts come once a day at most, and never because of a visitor', async (t) => {
  const world = await startPast(t, 3)
  const { alice, b, instance } = world
  const asked = () => world.fetches().filter((url) => url.endsWith('/outbox')).length
  await instance.guest().page(`/@${b.handle}`)
  await instance.runJobs()
  assert.equal(asked(), 0)
  for (let times = 0; times < 3; times += 1) {
    await alice.page(`/@${b.handle}`)
    await instance.runJobs()
  }
  assert.equal(asked(), 1)
  instance.clock.advance(25 * 60 * 60_000)
  await alice.page(`/@${b.handle}`)
  await instance.runJobs()
  assert.equal(asked(), 2)
})

test('who is followed, or found by search, comes with what they wrote before, in its place in the past of the home', async (t) => {
  const world = await startPast(t, 3)
  const { alice, b, instance } = world
  await alice.submit('/posts', { text: 'the newest word', visibility: 'public' })
  const ben = (await world.accountAt(b.uri))!
  await alice.submit(`/accounts/${ben.id}/follow`)
  await instance.runJobs()
  const home = await alice.page('/home')
  assert.match(home, /the newest word/)
  assert.equal((await pastOf(world)).length, 4)
  await alice.page(`/search?q=${encodeURIComponent(world.a.handle)}`)
  await instance.runJobs()
  assert.ok(world.fetches().includes(`${world.a.uri}/outbox`))
})

test('a page says what its server did not give', async (t) => {
  const world = await startPast(t, 3)
  const { alice, b, servers, instance, notes } = world
  servers.b.documents.set(new URL(notes[2]!.id).pathname, { status: 404 })
  const path = `/@${b.handle}`
  await alice.page(path)
  await instance.runJobs()
  assert.match(await alice.page(path), /1 older post could not be fetched from b\.test/)
  servers.b.documents.set('/users/ben/outbox', { status: 500 })
  servers.b.documents.set('/users/ben/featured', { status: 500 })
  instance.clock.advance(2 * dayMs)
  await alice.page(path)
  await instance.runJobs()
  assert.match(await alice.page(path), /b\.test did not send its older posts/)
})

test('what an outbox says of others, or holds of other servers, is not believed', async (t) => {
  const world = await startPast(t, 1)
  const { alice, a, b, e, servers, instance } = world
  await world.knowing(a, e)
  const forged = { type: 'Note', content: '<p>forged</p>', to: ['https://www.w3.org/ns/activitystreams#Public'] }
  servers.b.documents.set('/users/ben/outbox', {
    '@context': 'https://www.w3.org/ns/activitystreams',
    type: 'OrderedCollection',
    orderedItems: [
      { ...forged, id: 'https://a.test/notes/forged', attributedTo: a.uri },
      { ...forged, id: 'https://a.test/notes/forged-2', attributedTo: b.uri },
      { ...forged, id: 'https://b.test/notes/forged', attributedTo: 'https://b.test/users/other' },
      b.activity('Create', { ...forged, id: 'https://e.test/notes/forged', attributedTo: e.uri }),
      'https://e.test/notes/by-id'
    ]
  })
  await alice.page(`/@${b.handle}`)
  await instance.runJobs()
  assert.deepEqual(await world.saying('forged'), [])
  assert.ok(!world.fetches().some((url) => url.startsWith('https://e.test/notes')))
})

/** Accounts of one server that nobody has looked at. */
async function addStrangers(world: World, host: string, count: number): Promise<number[]> {
  const { transact } = world.instance.ctx
  return transact(async (tx) => {
    const ids: number[] = []
    for (let at = 0; at < count; at += 1) {
      const id = tx.newId()
      const uri = `https://${host}/users/x${at}`
      const urls = { inboxUrl: `${uri}/inbox`, outboxUrl: `${uri}/outbox` }
      await tx.insert(accounts).values({ id, name: `x${at}`, nameKey: `x${at}`, domain: host, host, uri, ...urls, createdAt: tx.now })
      ids.push(id)
    }
    return ids
  })
}

test('histories of one server are read one after another, few of them are promised at once, and the rest when somebody looks again', async (t) => {
  const world = await startWorld(t)
  const { instance, alice } = world
  const { ctx } = instance
  const open = (host: string, count: number) => Promise.all(Array.from({ length: count }, (_, at) => alice.page(`/@x${at}@${host}`)))
  const running = () => ctx.db.$count(jobs, eq(jobs.kind, 'load-history'))
  await addStrangers(world, 'b.test', runningPerHostMax + 2)
  await open('b.test', runningPerHostMax + 2)
  assert.equal(await running(), runningPerHostMax)
  const leased = await ctx.transact((tx) => leaseJobs(tx, 'fetch', 16))
  assert.equal(leased.length, 1, 'one at a time')
  instance.clock.advance(60_000)
  await instance.runJobs()
  assert.equal(await running(), 0)
  await open('b.test', runningPerHostMax + 2)
  assert.equal(await running(), 2)

  for (let number = 0; number < runningMax / runningPerHostMax; number += 1) {
    await addStrangers(world, `n${number}.test`, runningPerHostMax)
    await open(`n${number}.test`, runningPerHostMax)
  }
  assert.equal(await running(), runningMax)
})

test('histories of very many who are followed at once come some a minute, and none is left out', async (t) => {
  const world = await startWorld(t)
  const { ctx } = world.instance
  const alice = await whoIs(world.instance, 'alice')
  const ids = await addStrangers(world, 'b.test', 2 * runningMax + 1)
  for (const accountId of ids) await followAccount(ctx, alice, { accountId })
  const rows = await ctx.db.select().from(jobs).where(eq(jobs.kind, 'load-history'))
  const minutes = Map.groupBy(rows, (row) => Math.floor((row.runAt - ctx.clock.now()) / 60_000))
  assert.equal(rows.length, 2 * runningMax + 1)
  assert.ok(minutes.size >= 3 && [...minutes.values()].every((each) => each.length <= runningMax))
})
