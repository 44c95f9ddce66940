import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { jobs } from '#db/schema/jobs.ts'
import { media } from '#db/schema/media.ts'
import { linkPreviews } from '#db/schema/previews.ts'
import { sweepPreviews } from '#server/previews/sweep-previews.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { type Remote, remote, type Served } from '#test/helpers/remote.ts'
import { jpegOf } from '#test/media/pictures.ts'

const dayMs = 24 * 60 * 60_000

const html = (body: string, headers: Record<string, string> = {}): Served => ({ type: 'text/html; charset=utf-8', body, headers })
const article = (more = '') =>
  html(
    `<title>x</title><meta property="og:title" content="The ferry runs again"><meta property="og:description" content="From Monday on."><meta property="og:image" content="/ferry.jpg">${more}`
  )

function bytes(type: string, body: Buffer): (response: ServerResponse) => void {
  return (response) => void response.writeHead(200, { 'content-type': type }).end(body)
}

interface World {
  instance: Instance
  site: Remote
  ana: Awaited<ReturnType<Instance['as']>>
}

async function world(t: TestContext): Promise<World> {
  const instance = await startInstance(t)
  const site = await remote(t, instance, 'news.test')
  site.documents.set('/ferry', article())
  site.documents.set('/ferry.jpg', bytes('image/jpeg', await jpegOf(1200, 630)))
  return { instance, site, ana: await instance.as('ana') }
}

const cards = (page: string) => [...page.matchAll(/<div class="link-card[\s\S]*?<\/div>\s*<\/div>/g)].map(([card]) => card)
const asked = (site: Remote, path: string) => site.requests.filter((request) => request === `GET ${path}`).length

test('a link is previewed once somebody looked: title, excerpt, host and a picture of ours', async (t) => {
  const { instance, site, ana } = await world(t)
  await ana.submit('/posts', { text: 'See https://news.test/ferry' })
  await instance.runJobs()
  assert.equal(asked(site, '/ferry'), 0, 'writing asks nobody')
  assert.deepEqual(cards(await ana.page('/home')), [])
  await instance.runJobs()
  const [card = ''] = cards(await ana.page('/home'))
  assert.match(card, /The ferry runs again/)
  assert.match(card, /From Monday on\./)
  assert.match(card, /<bdi>news\.test<\/bdi>/)
  assert.match(card, /<a href="https:\/\/news\.test\/ferry" rel="nofollow noopener ugc" tabindex="-1">/)
  const [, src, width, height] = /<img class="link-picture" src="(\/media\/[\w-]+)" alt="" width="(\d+)" height="(\d+)"/.exec(card) ?? []
  assert.deepEqual([width, height], ['640', '336'])
  const picture = await instance.guest().get(src ?? '')
  assert.deepEqual([picture.statusCode, picture.headers['content-type']], [200, 'image/webp'])
  assert.deepEqual([asked(site, '/ferry'), asked(site, '/ferry.jpg')], [1, 1])
  assert.match(await instance.guest().page('/@ana'), /The ferry runs again/, 'what is known is shown to everybody')
})

test('fifty posts with one address, seen by two people, ask it once', async (t) => {
  const { instance, site, ana } = await world(t)
  const ben = await instance.as('ben')
  for (let at = 0; at < 12; at++) await ana.submit('/posts', { text: `${at}: https://news.test/ferry#part-${at}` })
  await Promise.all([ana.page('/home'), ben.page('/local'), ana.page('/local'), ben.page('/@ana')])
  await instance.runJobs()
  await Promise.all([ana.page('/home'), ben.page('/local')])
  await instance.runJobs()
  assert.equal(asked(site, '/ferry'), 1)
  assert.equal(cards(await ben.page('/local')).length, 12)
})

test('a reader who is not signed in has nobody asked, nor has a post for few or for here alone', async (t) => {
  const { instance, site, ana } = await world(t)
  await ana.submit('/posts', { text: 'https://news.test/ferry' })
  await instance.guest().page('/@ana')
  await instance.runJobs()
  assert.equal(site.requests.length, 0)
  const ben = await instance.as('ben')
  await ana.submit('/posts', { text: '@ben https://news.test/direct', visibility: 'direct' })
  await ana.submit('/posts', { text: 'https://news.test/followers', visibility: 'followers' })
  await ana.submit('/posts', { text: 'https://news.test/local-only', localOnly: 'yes' })
  for (const person of [ana, ben]) for (const path of ['/home', '/local', '/@ana', '/conversations']) await person.page(path)
  await instance.runJobs()
  assert.deepEqual([...new Set(site.requests)], ['GET /ferry', 'GET /ferry.jpg'])
})

test('on its own page the card is a stop of Tab; behind a warning, with pictures or a quote it is not in the way', async (t) => {
  const { instance, ana } = await world(t)
  await ana.submit('/posts', { text: 'https://news.test/ferry', warning: 'Boats' })
  await ana.page('/home')
  await instance.runJobs()
  const page = await ana.page('/home')
  assert.match(page, /<details class="warning">[\s\S]*class="link-card[\s\S]*<\/details>/)
  const path = /href="(\/@ana\/\d+)"/.exec(page)?.[1] ?? ''
  const [card = ''] = cards(await ana.page(path))
  assert.match(card, /<a href="https:\/\/news\.test\/ferry" rel="nofollow noopener ugc">/)
})

test('a sensitive post shows the blur of the picture alone', async (t) => {
  const { instance, ana } = await world(t)
  await ana.submit('/posts', { text: 'https://news.test/ferry', sensitive: 'yes' })
  await ana.page('/home')
  await instance.runJobs()
  const [card = ''] = cards(await ana.page('/home'))
  const src = /<img class="link-picture" src="([^"]+)"/.exec(card)?.[1] ?? ''
  assert.match(src, /\/tiny$/)
  assert.equal((await ana.get(src)).statusCode, 200)
})

test('a site is asked ten times an hour, eight a look, and one after another', async (t) => {
  const { instance, site, ana } = await world(t)
  for (let at = 0; at < 14; at++) {
    site.documents.set(`/${at}`, html(`<title>Page ${at}</title>`))
    await ana.submit('/posts', { text: `https://news.test/${at}` })
  }
  await ana.page('/home')
  const waiting = await instance.ctx.db.select().from(jobs).where(eq(jobs.kind, 'fetch-preview'))
  assert.equal(waiting.length, 8)
  assert.deepEqual(new Set(waiting.map(({ orderKey }) => orderKey)), new Set(['preview news.test']))
  for (let look = 0; look < 3; look++) {
    await ana.page('/home')
    await instance.runJobs()
  }
  assert.equal(site.requests.length, 10)
  instance.clock.advance(61 * 60_000)
  await ana.page('/home')
  await instance.runJobs()
  assert.equal(site.requests.length, 14)
})

test('what was had is not asked again for a week; what failed for as long as it says, a day when it says nothing', async (t) => {
  const { instance, site, ana } = await world(t)
  site.documents.set('/ferry', article(''))
  site.documents.set('/gone', { status: 404, type: 'text/html', body: 'no' })
  site.documents.set('/busy', { status: 503, type: 'text/html', body: 'no', headers: { 'retry-after': '7200' } })
  for (const path of ['ferry', 'gone', 'busy']) await ana.submit('/posts', { text: `https://news.test/${path}` })
  const look = async (afterMs: number) => {
    instance.clock.advance(afterMs)
    await ana.page('/home')
    await instance.runJobs()
    return ['/ferry', '/gone', '/busy'].map((path) => asked(site, path))
  }
  assert.deepEqual(await look(0), [1, 1, 1])
  assert.deepEqual(await look(dayMs / 24), [1, 1, 1])
  assert.deepEqual(await look(dayMs / 20), [1, 1, 2])
  assert.deepEqual(await look(dayMs), [1, 2, 3])
  site.documents.set('/ferry', { status: 500, type: 'text/html', body: 'no' })
  const [ferry] = await look(6 * dayMs)
  assert.equal(ferry, 2)
  assert.match(await ana.page('/home'), /The ferry runs again/, 'a page that fails today keeps what it said')
})

test('a site that redirects keeps the host of the link, and its author is named only where both hosts may', async (t) => {
  const { instance, site, ana } = await world(t)
  const short = await remote(t, instance, 'short.test')
  short.documents.set('/f', { status: 302, headers: { location: 'https://news.test/ferry' } })
  site.documents.set('/ferry', article('<meta name="fediverse:creator" content="@writer@far.test">'))
  const far = await remote(t, instance, 'far.test')
  const writer = await far.actor('writer', { name: 'Wren Writer' })
  await ana.get(`/search?q=${encodeURIComponent('@writer@far.test')}`)
  await ana.submit('/posts', { text: 'https://short.test/f' })
  await ana.submit('/posts', { text: 'https://news.test/ferry' })
  const look = async () => {
    await ana.page('/home')
    await instance.runJobs()
    return cards(await ana.page('/home'))
  }
  for (const card of await look()) assert.doesNotMatch(card, /Wren Writer/, 'nobody is named without their word')
  writer.document.attributionDomains = ['news.test', 'https://not-a-host.test/x']
  const update = writer.activity('Update', writer.document)
  await writer.send(update)
  const [direct = '', viaShort = ''] = await look()
  assert.match(direct, /By <a href="\/@writer@far\.test" tabindex="-1"><bdi>Wren Writer<\/bdi>/)
  assert.match(viaShort, /<bdi>short\.test<\/bdi>/)
  assert.doesNotMatch(viaShort, /Wren Writer/)
})

test('one of ours says which sites may credit them, and other servers are told', async (t) => {
  const { instance, site, ana } = await world(t)
  site.documents.set('/ferry', article('<meta name="fediverse:creator" content="ana@skerry.test">'))
  const far = await remote(t, instance, 'far.test')
  const bo = await far.actor('bo')
  await bo.send(bo.activity('Follow', ana.account.uri))
  await instance.runJobs()
  const refused = await ana.submit('/settings/privacy', { creditSites: 'no host' })
  assert.equal(refused.statusCode, 422)
  const kept = await ana.submit('/settings/privacy', { creditSites: 'https://News.test/about\n*.blog.example', isDiscoverable: 'yes' })
  assert.equal(kept.statusCode, 303)
  assert.match(await ana.page('/settings/privacy'), /news\.test\nblog\.example<\/textarea>/)
  await instance.runJobs()
  const told = far.received.findLast(({ activity }) => activity.type === 'Update')?.activity.object as { attributionDomains?: string[] }
  assert.deepEqual(told.attributionDomains, ['news.test', 'blog.example'])
  await ana.submit('/posts', { text: 'https://news.test/ferry' })
  await ana.page('/home')
  await instance.runJobs()
  assert.match(cards(await ana.page('/home'))[0] ?? '', /By <a href="\/@ana"/)
})

test('a suspended site is neither asked nor shown, by whichever way one came to it', async (t) => {
  const { instance, site, ana } = await world(t)
  const short = await remote(t, instance, 'short.test')
  short.documents.set('/f', { status: 302, headers: { location: 'https://news.test/ferry' } })
  await ana.submit('/posts', { text: 'https://short.test/f' })
  await ana.submit('/posts', { text: 'https://news.test/ferry' })
  await ana.page('/home')
  await instance.runJobs()
  assert.equal(cards(await ana.page('/home')).length, 2)
  const admin = await instance.as('root', { role: 'admin' })
  await admin.submit('/admin/domains', { domain: 'news.test', severity: 'suspend', reason: 'spam' })
  assert.equal(cards(await ana.page('/home')).length, 0)
  const before = site.requests.length
  await ana.submit('/posts', { text: 'https://news.test/other' })
  await ana.page('/home')
  await instance.runJobs()
  assert.equal(site.requests.length, before)
})

test('pages that lead inside, back here, without end, or are no pages, give no card and no failed job', async (t) => {
  const { instance, site, ana } = await world(t)
  const canary = await remote(t, instance, 'canary.test')
  const bad: Record<string, Served> = {
    '/inside': { status: 302, headers: { location: 'https://169.254.169.254/latest/meta-data' } },
    '/back': { status: 302, headers: { location: 'https://skerry.test/about' } },
    '/loop': { status: 302, headers: { location: 'https://news.test/loop' } },
    '/pdf': { type: 'application/pdf', body: 'x' },
    '/script': html('<title>Bad image</title><meta property="og:image" content="https://127.0.0.1/x.png">'),
    '/huge': html(`<title>Huge &lt;b&gt;page</title>${'x'.repeat(3_000_000)}`),
    '/bomb-image': html('<title>Bomb</title><meta property="og:image" content="https://news.test/bomb.png">')
  }
  site.documents.set('/bomb.png', bytes('image/png', Buffer.from('89504e470d0a1a0a0000000d4948445200002710000027100802000000', 'hex')))
  for (const [path, served] of Object.entries(bad)) {
    site.documents.set(path, served)
    await ana.submit('/posts', { text: `https://news.test${path}` })
  }
  await ana.page('/home')
  await instance.runJobs()
  const shown = cards(await ana.page('/home'))
  assert.equal(shown.length, 3)
  for (const card of shown) assert.doesNotMatch(card, /<img/)
  assert.match(shown.join(), /Huge &lt;b&gt;page/)
  assert.equal(canary.requests.length, 0)
  assert.deepEqual(
    (await instance.ctx.db.select().from(jobs)).filter(({ lastError }) => lastError !== null),
    []
  )
})

test('a new post from elsewhere is not asked about by everybody in the same second', async (t) => {
  const { instance, ana } = await world(t)
  const far = await remote(t, instance, 'far.test')
  const bo = await far.actor('bo')
  await ana.get(`/search?q=${encodeURIComponent('@bo@far.test')}`)
  const { accounts } = await import('#db/schema/accounts.ts')
  const [row] = await instance.ctx.db.select().from(accounts).where(eq(accounts.uri, bo.uri))
  await ana.submit(`/accounts/${row?.id}/follow`)
  await bo.send(bo.activity('Create', bo.note('<p><a href="https://news.test/ferry">news</a></p>')))
  await instance.runJobs()
  const now = instance.clock.now()
  await ana.page('/federated')
  const [job] = await instance.ctx.db.select().from(jobs).where(eq(jobs.kind, 'fetch-preview'))
  assert.ok(job && job.runAt >= now && job.runAt < now + 60_000)
})

test('what nobody looked at for a month goes, with its picture', async (t) => {
  const { instance, ana } = await world(t)
  await ana.submit('/posts', { text: 'https://news.test/ferry' })
  await ana.page('/home')
  await instance.runJobs()
  await sweepPreviews(instance.ctx)
  assert.equal((await instance.ctx.db.select().from(linkPreviews)).length, 1)
  instance.clock.advance(31 * dayMs)
  await sweepPreviews(instance.ctx)
  assert.equal((await instance.ctx.db.select().from(linkPreviews)).length, 0)
  assert.equal((await instance.ctx.db.select().from(media).where(eq(media.use, 'preview'))).length, 0)
})

test('an admin turns previews off: nothing is asked, what waits in the queue neither, and what is known is not shown; and on again', async (t) => {
  const { instance, site, ana } = await world(t)
  const ada = await instance.as('ada', { role: 'admin' })
  const save = (more: Record<string, string>) =>
    ada.submit('/admin/settings', { name: 'Skerry', signUp: 'open', postCharactersMax: '5000', timeZone: 'UTC', ...more })
  await ana.submit('/posts', { text: 'See https://news.test/ferry' })
  await ana.page('/home')
  await instance.runJobs()
  assert.equal(cards(await ana.page('/home')).length, 1)
  site.documents.set('/tide', article())
  await ana.submit('/posts', { text: 'See https://news.test/tide' })
  await ana.page('/home')
  await save({})
  await instance.runJobs()
  assert.equal(asked(site, '/tide'), 0, 'it was queued before')
  assert.deepEqual(cards(await ana.page('/home')), [])
  site.documents.set('/fog', article())
  await ana.submit('/posts', { text: 'See https://news.test/fog' })
  await ana.page('/home')
  await instance.runJobs()
  assert.equal(asked(site, '/fog'), 0)
  await save({ linkPreviews: 'yes' })
  await ana.page('/home')
  await instance.runJobs()
  assert.equal(asked(site, '/fog'), 1)
  assert.equal(cards(await ana.page('/home')).length, 2)
})
