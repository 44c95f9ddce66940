import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import { findPosts } from '#server/search/find-posts.ts'
import { readQuery } from '#server/search/read-query.ts'
import { silenceAccount } from '#server/moderation/silence-account.ts'
import { startInstance } from '#test/helpers/instance.ts'
import type { Guest, TestPerson } from '#test/helpers/people.ts'
import { textOf } from '#test/helpers/html.ts'
import { pictureOf, write } from '#test/web/world.ts'

const search = (query: string) => `/search?q=${encodeURIComponent(query)}`
const idsOf = (html: string) => [...html.matchAll(/id="post-(\d+)"/g)].map(([, id]) => Number(id))
const find = async (person: Guest, query: string) => idsOf(await person.page(search(query)))

async function world(t: TestContext) {
  const instance = await startInstance(t)
  const [ana, bo, cleo] = [await instance.as('ana'), await instance.as('bo'), await instance.as('cleo')]
  return { instance, ana, bo, cleo }
}

/** Wants to be found, and the index knows. */
async function open(instance: Awaited<ReturnType<typeof startInstance>>, person: TestPerson): Promise<void> {
  await person.submit('/settings/privacy', { isDiscoverable: 'yes', isIndexable: 'yes' })
  await instance.runJobs()
}

test('public posts of whoever wants to be found are found by everybody signed in, and by nobody once they change their mind', async (t) => {
  const { instance, ana, bo } = await world(t)
  const id = await write(ana, { text: 'The lighthouse keeper waves' })
  assert.deepEqual(await find(ana, 'lighthouse'), [id])
  assert.deepEqual(await find(bo, 'lighthouse'), [])
  await open(instance, ana)
  const later = await write(ana, { text: 'Another LIGHTHOUSE, at Ålesund' })
  await write(ana, { text: 'A quiet lighthouse', visibility: 'unlisted' })
  await write(ana, { text: 'A private lighthouse', visibility: 'followers' })
  assert.deepEqual(await find(bo, 'lighthouse'), [later, id])
  assert.deepEqual(await find(bo, 'Alesund'), [later])
  assert.equal((await find(ana, 'lighthouse')).length, 4)
  assert.deepEqual(await find(instance.guest(), 'lighthouse'), [])
  await ana.submit('/settings/privacy', { isDiscoverable: 'yes' })
  assert.deepEqual(await find(bo, 'lighthouse'), [], 'at once, before the index has followed')
  await instance.runJobs()
  assert.deepEqual(await find(bo, 'lighthouse'), [])
})

test('a post is found by those it names and those who liked, kept, boosted or answered it, as long as they do', async (t) => {
  const { ana, bo, cleo } = await world(t)
  const named = await write(ana, { text: '@bo a kelp forest' })
  const other = await write(ana, { text: 'kelp and eels' })
  assert.deepEqual(await find(bo, 'kelp'), [named])
  assert.deepEqual(await find(cleo, 'kelp'), [])
  for (const [act, undo] of [
    ['favourite', 'unfavourite'],
    ['bookmark', 'unbookmark'],
    ['boost', 'unboost']
  ] as const) {
    await cleo.submit(`/posts/${other}/${act}`)
    assert.deepEqual(await find(cleo, 'kelp'), [other], act)
    await cleo.submit(`/posts/${other}/${undo}`)
    assert.deepEqual(await find(cleo, 'kelp'), [], undo)
  }
  const reply = await write(cleo, { text: 'what about them?', replyTo: String(other) })
  assert.deepEqual(await find(cleo, 'kelp'), [other])
  await bo.submit(`/posts/${other}/bookmark`)
  await bo.submit(`/posts/${other}/favourite`)
  assert.deepEqual(await find(bo, 'kelp in:bookmarks'), [other])
  assert.deepEqual(await find(bo, 'kelp in:favourites'), [other])
  assert.deepEqual(await find(bo, 'in:library'), [other, named])
  assert.deepEqual(await find(cleo, 'kelp in:bookmarks'), [])
  await cleo.submit(`/posts/${reply}/delete`)
})

test('an edited post is found by what it says now, a deleted one not at all', async (t) => {
  const { ana } = await world(t)
  const id = await write(ana, { text: 'first barnacle' })
  await ana.submit(`/posts/${id}/edit`, { text: 'then a limpet' })
  assert.deepEqual(await find(ana, 'barnacle'), [])
  assert.deepEqual(await find(ana, 'limpet'), [id])
  await ana.submit(`/posts/${id}/delete`)
  assert.deepEqual(await find(ana, 'limpet'), [])
})

test('blocks, mutes and silences hide what would be found, but for whom one asks for by name or follows', async (t) => {
  const { instance, ana, bo, cleo } = await world(t)
  await open(instance, ana)
  const id = await write(ana, { text: 'granite skerries' })
  assert.deepEqual(await find(bo, 'granite'), [id])
  await bo.submit(`/accounts/${ana.account.id}/mute`)
  assert.deepEqual(await find(bo, 'granite'), [])
  assert.deepEqual(await find(bo, 'granite from:ana'), [id])
  await silenceAccount(instance.ctx, { kind: 'operator' }, { accountId: ana.account.id, reason: 'test' })
  assert.deepEqual(await find(cleo, 'granite'), [])
  await cleo.submit(`/accounts/${ana.account.id}/follow`)
  assert.deepEqual(await find(cleo, 'granite'), [id])
  await ana.submit(`/accounts/${cleo.account.id}/block`)
  assert.deepEqual(await find(cleo, 'granite'), [])
})

test('operators narrow what is found', async (t) => {
  const { ana } = await world(t)
  const plain = await write(ana, { text: 'tern over grey water' })
  const link = await write(ana, { text: 'tern https://birds.example/tern #seabirds' })
  const warned = await write(ana, { text: 'tern nests', warning: 'eggs' })
  const poll = await write(ana, { text: 'tern or gull?', 'option-1': 'tern', 'option-2': 'kittiwake', pollDays: '1' }).catch(
    () => undefined
  )
  const picture = await write(ana, { text: 'tern', images: [pictureOf('tern.png')] })
  const answer = await write(ana, { text: 'the tern again', replyTo: String(plain) })
  assert.deepEqual(await find(ana, 'tern has:link'), [link])
  assert.deepEqual(await find(ana, 'tern has:images'), [picture])
  assert.deepEqual(await find(ana, 'tern has:cw'), [warned])
  assert.deepEqual(await find(ana, 'eggs'), [warned])
  assert.deepEqual(await find(ana, 'tern is:reply'), [answer])
  assert.deepEqual(await find(ana, 'boat pier'), [picture], 'by what its picture is said to show')
  assert.deepEqual(await find(ana, '#seabirds'), [link])
  assert.deepEqual(await find(ana, '"grey water"'), [plain])
  assert.deepEqual(await find(ana, '"water grey"'), [])
  assert.deepEqual(await find(ana, 'tern -grey -has:link -has:image -is:reply -eggs').then((ids) => ids.filter((id) => id !== poll)), [])
  assert.deepEqual(await find(ana, 'birds.example'), [link])
  assert.deepEqual((await find(ana, 'ter*')).length, poll === undefined ? 5 : 6)
  assert.match(await ana.page(search('grey ter')), /Search for words that begin so: grey\* ter\*/)
})

test('days begin where the reader is', async (t) => {
  const { instance, ana } = await world(t)
  const id = await write(ana, { text: 'a dated post' })
  const when = new Date(Date.UTC(2024, 4, 1, 22, 30))
  const dated = instance.ctx.transact(async (tx) => {
    const old = tx.newId(when.getTime())
    const [row] = await tx.select().from(posts).where(eq(posts.id, id))
    await tx.insert(posts).values({ ...row!, id: old, uri: 'https://skerry.test/@ana/old', threadId: old, createdAt: when.getTime() })
    await (await import('#server/search/index-post.ts')).indexPost(tx, old)
    return old
  })
  const old = await dated
  const ids = async (typed: string, zone: string) => {
    const query = readQuery(typed)
    assert.ok(!('key' in query))
    const found = await findPosts(instance.ctx, { accountId: ana.account.id, zone }, query)
    assert.ok(!('key' in found))
    return found.rows.map((row) => row.id)
  }
  assert.deepEqual(await ids('dated on:2024-05-01', 'UTC'), [old])
  assert.deepEqual(await ids('dated on:2024-05-02', 'UTC'), [])
  assert.deepEqual(await ids('dated on:2024-05-02', 'Europe/Oslo'), [old])
  assert.deepEqual(await ids('dated before:2024-05-02', 'UTC'), [old])
  assert.deepEqual(await ids('dated before:2024-05-01', 'UTC'), [])
  assert.deepEqual(await ids('dated after:2024-05-01', 'UTC'), [id])
  assert.deepEqual(await ids('dated after:2024', 'UTC'), [id, old])
})

test('what cannot be understood is said in a sentence that names it and what is possible', async (t) => {
  const { ana } = await world(t)
  for (const [query, sentence] of [
    ['has:smell', /“has:smell” is not something that can be asked for\. Possible are has:image/],
    ['is:red', /“is:red”/],
    ['in:nowhere', /“in:nowhere” is no place to look in\./],
    ['before:yesterday', /“before:yesterday” needs a day/],
    ['on:2026-02-30', /“on:2026-02-30” needs a day/],
    ['from:', /“from:” needs a name/],
    ['from:nobody', /Nobody here knows @nobody\./],
    ['-in:library x', /cannot be left out/],
    ['a b c d e f g h i j k l m n o p q', /at most 16/]
  ] as const) {
    const response = await ana.get(search(query))
    assert.equal(response.statusCode, 422, query)
    assert.match(textOf(response.body), sentence, query)
  }
  assert.match(textOf(await ana.page(search('-tern'))), /Add a word to look for/)
  assert.match(await ana.page('/search'), /<details class="search-help"><summary>/)
})

test('more than a page is found leads on to older posts, none of which is shown twice', async (t) => {
  const { instance, ana, bo } = await world(t)
  await open(instance, ana)
  const ids: number[] = []
  for (let at = 0; at < 23; at++) ids.unshift(await write(ana, { text: `wave number ${at}` }))
  const first = await bo.page(search('wave'))
  assert.deepEqual(idsOf(first), ids.slice(0, 20))
  const older = /<a [^>]*rel="next" href="([^"]+)"/.exec(first)?.[1]?.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
  assert.deepEqual(idsOf(await bo.page(older!)), ids.slice(20))
})

test('posts that were here before the index come into it by a job that can be broken off', async (t) => {
  const { instance, ana, bo } = await world(t)
  const { ctx } = instance
  await ctx.transact(async (tx) => void (await tx.update(accounts).set({ isIndexable: true }).where(eq(accounts.id, ana.account.id))))
  const id = await write(ana, { text: 'older than the index' })
  const { removeEntries } = await import('#db/search-index.ts')
  await ctx.transact((tx) => removeEntries(tx, [id]))
  assert.deepEqual(await find(bo, 'older'), [])
  const { startSearchPass, findSearchPass } = await import('#server/search/index-earlier.ts')
  await ctx.transact((tx) => startSearchPass(tx))
  await ctx.transact((tx) => startSearchPass(tx))
  await instance.runJobs()
  assert.deepEqual(await find(bo, 'older'), [id])
  const pass = await findSearchPass(ctx.db)
  assert.ok(pass?.endedAt)
})
