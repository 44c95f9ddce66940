import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { posts } from '#db/schema/posts.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { unescapeHtml } from '#test/helpers/html.ts'
import type { Guest, TestPerson } from '#test/helpers/people.ts'
import { textsOf } from '#test/web/posts-shown.ts'
import { write } from '#test/web/world.ts'

async function follow(person: TestPerson, other: TestPerson): Promise<void> {
  await person.submit(`/accounts/${other.account.id}/follow`)
}

/** The page as a browser reads its attributes. */
async function pageOf(person: Guest, path: string): Promise<string> {
  return unescapeHtml(await person.page(path))
}

test('a line stands where one said to have read, wherever one looks, and moves by the button alone', async (t) => {
  const { as } = await startInstance(t)
  const [ana, bo] = [await as('ana'), await as('bo')]
  await follow(ana, bo)
  for (let at = 1; at <= 45; at++) await write(bo, { text: `post ${at}.` })
  const before = await pageOf(ana, '/home')
  assert.doesNotMatch(before, /id="left-off"/)
  const path = /formaction="(\/home\/read\?upTo=\d+)"/.exec(before)![1]!
  assert.equal((await ana.submit(path, { returnTo: '/home' })).headers.location, '/home')
  const read = await pageOf(ana, '/home')
  assert.doesNotMatch(read, /id="left-off"|formaction="\/home\/read/, 'nothing is unread')

  for (let at = 46; at <= 48; at++) await write(bo, { text: `post ${at}.` })
  for (let look = 0; look < 2; look++) {
    const home = await pageOf(ana, '/home')
    assert.match(home, /href="#left-off"/)
    const [above = '', below = ''] = home.split('id="left-off"')
    assert.match(above, /post 46\./)
    assert.doesNotMatch(above, /post 45\./)
    assert.match(below, /post 45\./)
  }
  for (let at = 49; at <= 99; at++) await write(bo, { text: `post ${at}.` })
  const home = await pageOf(ana, '/home')
  assert.doesNotMatch(home, /id="left-off"/)
  const jump = /href="(\/home\?around=\d+)#left-off"/.exec(home)![1]!
  const around = await pageOf(ana, jump)
  assert.match(around.split('id="left-off"')[0]!, /post 46\./)
  assert.match(around.split('id="left-off"')[1]!, /post 45\./)

  const upTo = /formaction="(\/home\/read\?upTo=\d+)"/.exec(around)![1]!
  await ana.submit(upTo, { returnTo: '/home' })
  await ana.submit(path, { returnTo: '/home' })
  const newest = textsOf(await pageOf(ana, jump))
  assert.ok(newest.length > 30, 'the older page is still there')
  const later = await pageOf(ana, '/home')
  assert.match(later, /href="\/home\?around=\d+#left-off"|id="left-off"/, 'the marker does not go back')
  assert.ok(!later.includes(jump), 'nor does it stay where it was')
})

test('whoever pages back hears how many posts came since, and goes up right above them, skipping nothing', async (t) => {
  const { as } = await startInstance(t)
  const [ana, bo] = [await as('ana'), await as('bo')]
  await follow(ana, bo)
  for (let at = 1; at <= 60; at++) await write(bo, { text: `post ${at}.` })
  const first = await pageOf(ana, '/home')
  assert.deepEqual(textsOf(first).slice(0, 2), ['post 60.', 'post 59.'])
  assert.equal(textsOf(first).length, 40)
  const older = /rel="next" href="([^"]+)"/.exec(first)![1]!
  assert.match(older, /before=\d+&since=\d+/)
  assert.doesNotMatch(await pageOf(ana, older), /class="newer"/)
  for (let at = 61; at <= 110; at++) await write(bo, { text: `post ${at}.` })
  const back = await pageOf(ana, older)
  assert.match(back, /Show more than 40 new posts/)
  const up = /class="newer"><a[^>]*href="([^"#]+)#came-from"/.exec(back)![1]!
  const above = await pageOf(ana, up)
  assert.deepEqual([textsOf(above).at(-1), textsOf(above)[0]], ['post 61.', 'post 100.'])
  assert.match(above, /id="came-from"/)
  const next = /rel="prev" href="([^"#]+)#came-from"/.exec(above)![1]!
  assert.deepEqual(
    textsOf(await pageOf(ana, next)),
    Array.from({ length: 10 }, (_, at) => `post ${110 - at}.`)
  )
  const under = /rel="next" href="([^"]+)"/.exec(above)![1]!
  assert.equal(textsOf(await pageOf(ana, under))[0], 'post 60.')
})

test('scripts ask how many posts are newer, of each timeline, and nobody else does', async (t) => {
  const { as, guest, ctx } = await startInstance(t)
  const [ana, bo] = [await as('ana'), await as('bo')]
  await follow(ana, bo)
  const since = await write(bo, { text: 'old #sea' })
  for (const text of ['one #sea', 'two #sea']) await write(bo, { text })
  const made = await ana.submit('/lists', { title: 'Harbour' })
  const list = String(made.headers.location).replace('/members', '')
  await ana.submit(`${list}/members/${bo.account.id}/add`)
  for (const path of ['/home', '/local', '/federated', '/tags/sea', list]) {
    const answer = await ana.get(`${path}/newer?since=${since}`)
    assert.equal(answer.statusCode, 200, path)
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.deepEqual(answer.json(), { count: 2, text: 'Show 2 new posts', path: `${path}?newer=${since}#came-from` })
    assert.notEqual((await guest().get(`${path}/newer?since=1`)).statusCode, 200)
  }
  const [newest] = await ctx.db.select({ id: posts.id }).from(posts).where(eq(posts.source, 'two #sea'))
  assert.deepEqual((await ana.get(`/home/newer?since=${newest!.id}`)).json(), { count: 0, text: '', path: '/home' })
})

test('boosts and replies are left out of one timeline by choice, which is kept, or by the address', async (t) => {
  const { as, guest } = await startInstance(t)
  const [ana, bo, carol] = [await as('ana'), await as('bo'), await as('carol')]
  await follow(ana, bo)
  const first = await write(bo, { text: 'first' })
  await write(bo, { text: 'a later part', replyTo: String(first) })
  const other = await write(carol, { text: 'by carol' })
  await bo.submit(`/posts/${other}/boost`)
  const all = ['by carol', 'a later part', 'first']
  assert.deepEqual(textsOf(await pageOf(ana, '/home')), all)
  assert.deepEqual(textsOf(await pageOf(ana, '/home?hideBoosts=yes')), ['a later part', 'first'])
  const chosen = await ana.submit('/timelines/choices', { timeline: 'home', hideReplies: 'yes', returnTo: '/home?before=5' })
  assert.equal(chosen.headers.location, '/home')
  const kept = await pageOf(ana, '/home')
  assert.deepEqual(textsOf(kept), ['by carol', 'first'])
  assert.match(kept, /Without replies/)
  assert.deepEqual(textsOf(await pageOf(ana, '/home?hideReplies=no')), all)
  assert.deepEqual(textsOf(await pageOf(bo, '/home')), all, 'of nobody else')
  assert.deepEqual(textsOf(await pageOf(guest(), '/local?hideReplies=yes')), ['by carol', 'first'])
  for (const timeline of ['', 'list:1', 'list:x', 'elsewhere'])
    assert.notEqual((await ana.submit('/timelines/choices', { timeline })).statusCode, 303, timeline)
})

test('replies of one person to others leave home and lists, and come back', async (t) => {
  const { as } = await startInstance(t)
  const [ana, bo, carol] = [await as('ana'), await as('bo'), await as('carol')]
  for (const other of [bo, carol]) await follow(ana, other)
  const root = await write(carol, { text: 'root' })
  await write(bo, { text: '@carol a reply', replyTo: String(root) })
  assert.deepEqual(textsOf(await pageOf(ana, '/home')).length, 2)
  await ana.submit(`/accounts/${bo.account.id}/hide-replies`)
  assert.deepEqual(textsOf(await pageOf(ana, '/home')), ['root'])
  assert.match(await pageOf(ana, '/@bo'), /show-replies/)
  await ana.submit(`/accounts/${bo.account.id}/hide-boosts`)
  assert.deepEqual(textsOf(await pageOf(ana, '/home')), ['root'], 'another choice leaves this one alone')
  await ana.submit(`/accounts/${bo.account.id}/show-replies`)
  assert.equal(textsOf(await pageOf(ana, '/home')).length, 2)
})

test('a followed hashtag brings public posts of anybody into home, until it is followed no more', async (t) => {
  const { as } = await startInstance(t)
  const [ana, bo] = [await as('ana'), await as('bo')]
  await write(bo, { text: 'low #Tide' })
  await write(bo, { text: 'quiet #tide', visibility: 'unlisted' })
  assert.deepEqual(textsOf(await pageOf(ana, '/home')), [])
  assert.match(await pageOf(ana, '/tags/tide'), /formaction="\/tags\/tide\/follow"/)
  await ana.submit('/tags/TIDE/follow', { returnTo: '/tags/tide' })
  assert.deepEqual(textsOf(await pageOf(ana, '/home')), ['low #Tide'])
  assert.match(await pageOf(ana, '/tags'), /#tide/)
  const refused = await ana.submit('/tags', { tag: 'two words' })
  assert.equal(refused.statusCode, 422)
  assert.match(refused.body, /two words/)
  assert.equal((await ana.submit('/tags', { tag: '#Fog' })).statusCode, 303)
  assert.match(await pageOf(ana, '/tags'), /#fog/)
  await ana.submit('/tags/tide/unfollow')
  assert.deepEqual(textsOf(await pageOf(ana, '/home')), [])
})
