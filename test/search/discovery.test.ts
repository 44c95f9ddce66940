import assert from 'node:assert/strict'
import { test } from 'node:test'
import { and, eq } from 'drizzle-orm'
import { auditEntries } from '#db/schema/moderation.ts'
import { trends } from '#db/schema/trends.ts'
import { refreshTrends } from '#server/trends/refresh-trends.ts'
import { Gathering } from '#server/trends/gather.ts'
import { linksOf } from '#server/trends/links-of.ts'
import { silenceAccount } from '#server/moderation/silence-account.ts'
import { suggestPeople } from '#server/search/suggest-people.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { textOf } from '#test/helpers/html.ts'
import { addRemoteAccount, handlesOf, write } from '#test/web/world.ts'

const hourMs = 3_600_000

test('trends count different people, of one server five at most, and older words less', () => {
  const now = 100 * hourMs
  const gathering = new Gathering()
  for (let at = 0; at < 50; at++) gathering.add('farm', { accountId: at, host: 'farm.example', at: now })
  for (let at = 0; at < 6; at++) gathering.add('tide', { accountId: at, host: `host${at}.example`, at: now })
  for (let at = 0; at < 9; at++) gathering.add('alone', { accountId: 7, host: '', at: now })
  for (let at = 0; at < 6; at++) gathering.add('stale', { accountId: at, host: `host${at}.example`, at: now - 48 * hourMs })
  assert.deepEqual(
    gathering.top(now, 10).map(({ key, people, posts, score }) => [key, people, posts, score]),
    [
      ['tide', 6, 6, 6_000],
      ['farm', 5, 50, 5_000],
      ['stale', 6, 6, 1_500]
    ]
  )
})

test('servers below one site count as one: whoever has a domain has as many as they like', () => {
  const gathering = new Gathering()
  for (let at = 0; at < 50; at++) gathering.add('farm', { accountId: at, host: `h${at}.farm.example`, at: 1 })
  assert.equal(gathering.top(1, 10)[0]?.people, 5)
})

test('a post that was changed after a moderator approved it waits for a word once more', async (t) => {
  const instance = await startInstance(t)
  const people = [await instance.as('ana'), await instance.as('bo'), await instance.as('cleo')]
  const [mo, dee] = [await instance.as('mo', { role: 'moderator' }), await instance.as('dee')]
  const warm = await write(dee, { text: 'The comet from my roof' })
  for (const person of people) await person.submit(`/posts/${warm}/favourite`)
  await refreshTrends(instance.ctx)
  const approve = () => mo.submit('/admin/trends/approval', { kind: 'post', key: String(warm) })
  await approve()
  assert.match(textOf(await mo.page('/explore')), /The comet from my roof/)
  instance.clock.advance(1_000)
  await dee.submit(`/posts/${warm}/edit`, { text: 'Buy my coins' })
  assert.doesNotMatch(textOf(await mo.page('/explore')), /Buy my coins/)
  await refreshTrends(instance.ctx)
  assert.match(textOf(await mo.page('/admin/trends?kind=post')), /Buy my coins[\s\S]*waits for you/)
  await approve()
  assert.match(textOf(await mo.page('/explore')), /Buy my coins/)
})

test('links are told from mentions and tags, and one page has one address', () => {
  const html = `<a class="u-url mention" href="https://x.example/@a">@a</a> <a class="mention hashtag" rel="tag" href="https://x.example/tags/b">#b</a>
    <a href="https://news.example/story?id=1&amp;utm_source=z#part">n</a> <a href="https://news.example/story?id=1">n</a> <a href="ftp://old.example/">f</a>`
  assert.deepEqual(linksOf(html), ['https://news.example/story?id=1'])
})

test('what many talk about is shown once a moderator approved it, and never when rejected', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const people = [await instance.as('ana'), await instance.as('bo'), await instance.as('cleo')]
  const [ana, bo] = people as [(typeof people)[number], (typeof people)[number]]
  const mo = await instance.as('mo', { role: 'moderator' })
  const dee = await instance.as('dee')
  for (const person of people) await write(person, { text: 'Look at the #comet https://sky.example/comet' })
  for (const person of people) await write(person, { text: 'secretly #hush', visibility: 'unlisted' })
  for (const person of people) await write(person, { text: 'bad #gore', warning: 'gore' })
  const warm = await write(dee, { text: 'The comet from my roof' })
  for (const person of people) await person.submit(`/posts/${warm}/favourite`)
  await refreshTrends(ctx)
  const rows = await ctx.db.select().from(trends)
  assert.deepEqual(rows.map(({ kind, key, people: count }) => [kind, key, count]).sort(), [
    ['link', 'https://sky.example/comet', 3],
    ['post', String(warm), 3],
    ['tag', 'comet', 3]
  ])
  assert.doesNotMatch(textOf(await bo.page('/explore')), /#comet|sky\.example/)
  assert.match(textOf(await mo.page('/admin/trends')), /#comet[\s\S]*waits for you/)
  assert.equal((await ana.submit('/admin/trends/approval', { kind: 'tag', key: 'comet' })).statusCode, 403)
  await mo.submit('/admin/trends/approval', { kind: 'tag', key: 'comet' })
  await mo.submit('/admin/trends/approval', { kind: 'post', key: String(warm) })
  await mo.submit('/admin/trends/rejection', { kind: 'link', key: 'https://sky.example/comet' })
  assert.equal((await mo.submit('/admin/trends/approval', { kind: 'tag', key: 'nothing' })).statusCode, 404)
  const shown = textOf(await bo.page('/explore'))
  assert.match(shown, /#comet 3 people, 3 posts/)
  assert.match(shown, /The comet from my roof/)
  assert.doesNotMatch(shown, /sky\.example/)
  assert.match(textOf(await mo.page('/admin/trends?kind=post')), /@dee: The comet from my roof[\s\S]*approved/)
  const acts = await ctx.db.select().from(auditEntries).where(eq(auditEntries.targetKind, 'trend'))
  assert.deepEqual(acts.map(({ act, targetLabel }) => [act, targetLabel]).sort(), [
    ['trend-approved', '#comet'],
    ['trend-approved', String(warm)],
    ['trend-rejected', 'https://sky.example/comet']
  ])
  assert.match(textOf(await mo.page('/admin/audit')), /approved the trend #comet/)

  // Silenced since, or blocked by the reader: the post is not offered any more.
  await dee.submit(`/accounts/${ana.account.id}/block`)
  assert.doesNotMatch(textOf(await ana.page('/explore')), /from my roof/)
  await silenceAccount(ctx, { kind: 'operator' }, { accountId: dee.account.id, reason: 'test' })
  assert.doesNotMatch(textOf(await bo.page('/explore')), /from my roof/)

  const owner = await instance.as('olga', { role: 'owner' })
  assert.equal((await mo.submit('/admin/trends', { mode: 'open' })).statusCode, 403)
  assert.equal((await owner.submit('/admin/trends', { mode: 'sideways' })).statusCode, 422)
  await owner.submit('/admin/trends', { mode: 'off' })
  assert.match(textOf(await bo.page('/explore')), /does not count/)
  await owner.submit('/admin/trends', { mode: 'open' })
  await refreshTrends(ctx)
  const open = textOf(await bo.page('/explore'))
  assert.match(open, /#comet/)
  assert.doesNotMatch(open, /sky\.example/)
})

test('a trend that is over leaves the list, and is forgotten in time unless it was decided', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  for (const name of ['ana', 'bo', 'cleo']) await write(await instance.as(name), { text: '#flood' })
  await refreshTrends(ctx)
  instance.clock.advance(4 * 24 * hourMs)
  await refreshTrends(ctx)
  const [row] = await ctx.db
    .select()
    .from(trends)
    .where(and(eq(trends.kind, 'tag'), eq(trends.key, 'flood')))
  assert.equal(row?.score, 0)
  instance.clock.advance(4 * 24 * hourMs)
  await refreshTrends(ctx)
  assert.equal(await ctx.db.$count(trends), 0)
})

test('suggestions are people whom several followed follow; never one who is blocked, muted, put away or does not want to be found', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const [me, a, b, c] = [await instance.as('me'), await instance.as('ann'), await instance.as('ben'), await instance.as('cat')]
  const names = ['good', 'blocked', 'blocking', 'muted', 'shy', 'silent', 'known', 'away']
  const targets = new Map<string, Awaited<ReturnType<typeof instance.as>>>()
  for (const name of names) targets.set(name, await instance.as(name))
  const id = (name: string) => targets.get(name)!.account.id
  for (const person of [a, b, c]) {
    await me.submit(`/accounts/${person.account.id}/follow`)
    for (const name of names) if (person !== c || name === 'good') await person.submit(`/accounts/${id(name)}/follow`)
  }
  await me.submit(`/accounts/${id('blocked')}/block`)
  await targets.get('blocking')!.submit(`/accounts/${me.account.id}/block`)
  await me.submit(`/accounts/${id('muted')}/mute`)
  await targets.get('shy')!.submit('/settings/privacy', {})
  await silenceAccount(ctx, { kind: 'operator' }, { accountId: id('silent'), reason: 'test' })
  await me.submit(`/accounts/${id('known')}/follow`)
  const suggested = async () =>
    (await suggestPeople(ctx.db, me.account.id, ctx.clock.now(), 10)).map(({ account, sharedCount }) => [account.name, sharedCount])
  assert.deepEqual(await suggested(), [
    ['good', 3],
    ['away', 2]
  ])
  const page = await me.page('/explore')
  assert.match(textOf(page), /3 people you follow follow them/)
  assert.match(page, new RegExp(`formaction="/explore/${id('away')}/dismissal" aria-label="Not for me: away"`))
  await me.submit(`/explore/${id('away')}/dismissal`)
  await me.submit(`/explore/${id('away')}/dismissal`)
  assert.deepEqual(await suggested(), [['good', 3]])
  assert.deepEqual(handlesOf(await me.page('/search')), ['@good'])
  assert.equal((await me.submit('/explore/999/dismissal')).statusCode, 404)
  assert.deepEqual(handlesOf(await instance.guest().page('/explore')), [])
})

test('the directory lists whom wants to be found, of elsewhere for people signed in', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo, cleo] = [await instance.as('ana'), await instance.as('bo'), await instance.as('cleo')]
  await addRemoteAccount(instance, 'far', 'remote.test')
  await addRemoteAccount(instance, 'hidden', 'remote.test', { isDiscoverable: false })
  await write(bo, { text: 'first' })
  await write(ana, { text: 'second' })
  await write(bo, { text: 'third' })
  await write(cleo, { text: 'not public', visibility: 'followers' })
  const guest = instance.guest()
  assert.deepEqual(handlesOf(await guest.page('/directory')), ['@bo', '@ana'])
  assert.deepEqual(handlesOf(await guest.page('/directory?order=new')), ['@cleo', '@bo', '@ana'])
  assert.deepEqual(handlesOf(await guest.page('/directory?of=elsewhere&order=new')), ['@cleo', '@bo', '@ana'])
  assert.deepEqual(handlesOf(await ana.page('/directory?of=elsewhere&order=new')), ['@far@remote.test'])
  assert.deepEqual(handlesOf(await ana.page('/directory?of=elsewhere')), [])
  await bo.submit('/settings/privacy', {})
  assert.deepEqual(handlesOf(await ana.page('/directory')), ['@ana'])
  await ana.submit(`/accounts/${cleo.account.id}/mute`)
  assert.deepEqual(handlesOf(await ana.page('/directory?order=new')), ['@ana'])
})
