import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { pictureOf, write } from '#test/web/world.ts'

const everywhere = {
  'place-home': 'yes',
  'place-public': 'yes',
  'place-thread': 'yes',
  'place-account': 'yes',
  'place-notifications': 'yes'
}
const blank = { title: 'Spiders', action: 'warn', expires: 'never', ...everywhere }
const idOf = (html: string) => /\/settings\/filters\/(\d+)"/.exec(html)?.[1] ?? ''
/** The article of a post on a page. */
const articleOf = (html: string, id: number) => new RegExp(`<article[^>]*id="post-${id}"[\\s\\S]*?</article>`).exec(html)?.[0]

async function start(t: Parameters<typeof startInstance>[0]) {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  await ana.submit(`/accounts/${bo.account.id}/follow`)
  return { instance, ana, bo }
}

test('a filter for a day folds posts away everywhere, says when it ends, and ends', async (t) => {
  const { instance, ana, bo } = await start(t)
  const id = await write(bo, { text: 'A huge SPIDER in the bath #spider' })
  const other = await write(bo, { text: 'Spiderman' })
  assert.match(await ana.page('/tags/spider'), /href="\/settings\/filters\/new\?keyword(?:=|&#x3D;)%23spider"/)
  const form = await ana.page('/settings/filters/new?keyword=spider')
  assert.match(form, /name="keyword1" type="text" value="spider"/)
  assert.match(form, /name="whole1" value="yes" checked/)
  const made = await ana.submit('/settings/filters', { ...blank, expires: '86400000', keyword1: 'spider', whole1: 'yes' })
  assert.equal(made.headers.location, '/settings/filters')
  assert.match(textOf(await ana.page('/settings/filters')), /Spiders Ends in 1 day/)
  for (const path of ['/home', '/local', '/tags/spider', '/@bo']) {
    const article = articleOf(await ana.page(path), id)
    assert.match(article ?? '', /<details class="filtered"><summary>[\s\S]*Filtered: Spiders/, path)
  }
  assert.match(await ana.page(`/@bo/${id}`), /<details class="filtered">/)
  assert.doesNotMatch(articleOf(await ana.page('/home'), other) ?? '', /filtered/)
  assert.doesNotMatch(await bo.page('/home'), /class="filtered"/)
  assert.doesNotMatch(await instance.guest().page('/local'), /class="filtered"/)
  instance.clock.advance(86_400_000)
  assert.doesNotMatch(await ana.page('/home'), /class="filtered"/)
  assert.match(textOf(await ana.page('/settings/filters')), /Spiders Has ended/)
})

test('hidden posts leave every list, and a page that is hidden whole says so and leads on', async (t) => {
  const { ana, bo } = await start(t)
  const root = await write(ana, { text: 'What did you see?' })
  for (let at = 0; at < 45; at++) await write(bo, { text: `rain number ${at}` })
  const reply = await write(bo, { text: '@ana rain, mostly', replyTo: String(root) })
  await ana.submit('/settings/filters', { ...blank, title: 'Weather', action: 'hide', keyword1: 'rain', whole1: 'yes' })
  const home = await ana.page('/@bo')
  assert.match(textOf(home), /Your filters hide all that stands on this page/)
  assert.match(home, /href="\/@bo\?before(?:=|&#x3D;)\d+/)
  const thread = await ana.page(`/@ana/${root}`)
  assert.equal(articleOf(thread, reply), undefined)
  assert.doesNotMatch(await ana.page('/notifications'), /rain, mostly/)
  assert.doesNotMatch(home, /1 unread/, 'nothing is counted that is not shown')
  assert.match(await ana.page(`/@bo/${reply}`), /Filtered: Weather[\s\S]*rain, mostly/, 'what one opens is folded, not gone')
})

test('the list of conversations says nothing of what filters fold away or hide', async (t) => {
  const { ana, bo } = await start(t)
  await write(bo, { text: '@ana nothing but rain here', visibility: 'direct' })
  assert.match(textOf(await ana.page('/conversations')), /nothing but rain/)
  await ana.submit('/settings/filters', { ...blank, title: 'Weather', keyword1: 'rain', whole1: 'yes' })
  const filter = idOf(await ana.page('/settings/filters'))
  for (const action of ['warn', 'hide']) {
    await ana.submit(`/settings/filters/${filter}`, { ...blank, title: 'Weather', action, keyword1: 'rain', whole1: 'yes' })
    const list = textOf(await ana.page('/conversations'))
    assert.doesNotMatch(list, /rain/, action)
    assert.match(list, /bo[\s\S]*Filtered: Weather/, `${action}: it can still be opened`)
  }
  await ana.submit(`/settings/filters/${filter}`, { ...blank, title: 'Weather', action: 'blur', keyword1: 'rain', whole1: 'yes' })
  assert.match(textOf(await ana.page('/conversations')), /nothing but rain/, 'only pictures')
  assert.match(textOf(await bo.page('/conversations')), /nothing but rain/)
})

test('what is new is counted without what filters hide, on the page, for scripts and for whoever listens', async (t) => {
  const { ana, bo } = await start(t)
  const since = await write(bo, { text: 'The last one that was read' })
  const made: number[] = []
  for (const text of ['rain', 'sun', 'more rain', 'wind']) made.push(await write(bo, { text }))
  await ana.submit('/settings/filters', { ...blank, title: 'Storms', action: 'warn', keyword1: 'wind', whole1: 'yes' })
  const newer = async (path: string) => (await ana.get(`${path}/newer?since=${since}`)).json().count
  const live = async () => (await ana.get(`/events?since=${since}`, { accept: 'application/json' })).json().newer
  assert.equal(await newer('/home'), 4)
  assert.deepEqual(await live(), made.toReversed())
  await ana.submit('/settings/filters', { ...blank, title: 'Weather', action: 'hide', keyword1: 'rain', whole1: 'yes' })
  for (const path of ['/home', '/local']) assert.equal(await newer(path), 2, path)
  assert.deepEqual(await live(), [made[3], made[1]])
  assert.match(textOf(await ana.page(`/home?before=${since}&since=${since}`)), /Show 2 new posts/)
  await ana.submit('/settings/filters', { ...blank, title: 'Fair', action: 'hide', keyword1: 'sun', keyword2: 'wind' })
  assert.equal(await newer('/home'), 0)
  assert.doesNotMatch(textOf(await ana.page(`/home?before=${since}&since=${since}`)), /new post/)
  for (let at = 0; at < 50; at++) await write(bo, { text: `rain ${at}` })
  for (let at = 0; at < 41; at++) await write(bo, { text: `snow ${at}` })
  assert.equal(await newer('/home'), 41, 'more than forty, behind fifty that nobody is shown')
  assert.equal((await live()).length, 40)
})

test('a filter that folds pictures leaves the text', async (t) => {
  const { ana, bo } = await start(t)
  const id = await write(bo, { text: 'Look at this', images: pictureOf('boat.png') })
  await ana.submit('/settings/filters', { ...blank, title: 'Boats', action: 'blur', keyword1: 'boat', whole1: 'yes' })
  const article = articleOf(await ana.page('/home'), id)!
  assert.doesNotMatch(article, /class="filtered"/)
  assert.match(article, /Look at this[\s\S]*<details class="warning">\s*<summary>[\s\S]*Filtered: Boats[\s\S]*<img/)
})

test('rows for words are added without a script, and nothing typed is lost by that or by an error', async (t) => {
  const { ana } = await start(t)
  const typed = { ...blank, keyword1: 'one', keyword2: '', keyword3: 'three', whole3: 'yes' }
  const more = await ana.submit('/settings/filters', { ...typed, addKeyword: 'yes' })
  assert.equal(more.statusCode, 200)
  assert.match(more.body, /name="keyword5"/)
  assert.match(more.body, /name="keyword3" type="text" value="three"/)
  assert.doesNotMatch(more.body, /name="whole1" value="yes" checked/)
  assert.match(more.body, /name="whole5" value="yes" checked/, 'a new row begins with whole words')
  assert.match(await ana.page('/settings/filters'), /You have no filters yet/)

  const wrong = await ana.submit('/settings/filters', { ...typed, title: '', keyword2: 'x'.repeat(101) })
  assert.equal(wrong.statusCode, 422)
  assert.match(wrong.body, /value="three"/)
  const nowhere = await ana.submit('/settings/filters', { title: 'x', action: 'warn', expires: 'never', keyword1: 'y' })
  assert.match(textOf(nowhere.body), /Choose at least one place/)

  await ana.submit('/settings/filters', typed)
  const id = idOf(await ana.page('/settings/filters'))
  const edit = await ana.page(`/settings/filters/${id}`)
  assert.match(edit, /<option value="" selected>As it is: Never ends/)
  assert.match(edit, /value="three"/)
  await ana.submit(`/settings/filters/${id}`, { ...blank, expires: '', title: 'Numbers', keyword1: 'two' })
  assert.match(textOf(await ana.page('/settings/filters')), /Numbers Never ends two/)
  assert.match(textOf(await ana.page(`/settings/filters/${id}/delete`)), /Delete the filter “Numbers”/)
  await ana.submit(`/settings/filters/${id}/delete`)
  assert.match(await ana.page('/settings/filters'), /You have no filters yet/)
})

test('a post goes into a filter from its menu, and out of it on the filter’s page', async (t) => {
  const { ana, bo } = await start(t)
  const id = await write(bo, { text: 'Enough of #football' })
  assert.match(articleOf(await ana.page('/home'), id)!, new RegExp(`href="/posts/${id}/filter"`))
  const form = await ana.page(`/posts/${id}/filter`)
  assert.match(form, /name="keyword1" type="text" value="#football"/)
  assert.match(form, /name="title" type="text" value="Post by @bo"/)
  await ana.submit('/settings/filters', { ...blank, title: 'Bo', post: String(id), withPost: 'yes', back: '/home?before=9' })
  assert.match(articleOf(await ana.page('/home'), id)!, /Filtered: Bo/)
  const second = await write(bo, { text: 'And another' })
  const filter = idOf(await ana.page('/settings/filters'))
  assert.match(await ana.page(`/posts/${second}/filter`), new RegExp(`<option value="${filter}" selected>Bo`))
  const added = await ana.submit(`/posts/${second}/filter`, { filter, back: '/home' })
  assert.equal(added.headers.location, '/home')
  assert.match(articleOf(await ana.page('/home'), second)!, /Filtered: Bo/)
  assert.match(textOf(await ana.page('/settings/filters')), /2 single posts/)
  await ana.submit(`/settings/filters/${filter}`, { ...blank, title: 'Bo', removePost: String(id) })
  assert.doesNotMatch(articleOf(await ana.page('/home'), id)!, /Filtered/)
})

test('nobody opens, changes or deletes another’s filter', async (t) => {
  const { ana, bo } = await start(t)
  await ana.submit('/settings/filters', { ...blank, keyword1: 'private' })
  const id = idOf(await ana.page('/settings/filters'))
  for (const path of [`/settings/filters/${id}`, `/settings/filters/${id}/delete`]) {
    assert.equal((await bo.get(path)).statusCode, 404)
    assert.equal((await bo.submit(path, { ...blank, keyword1: 'x' })).statusCode, 404)
  }
  const post = await write(bo, { text: 'hello' })
  assert.equal((await bo.submit(`/posts/${post}/filter`, { filter: id })).statusCode, 404)
  assert.match(await ana.page(`/settings/filters/${id}`), /value="private"/)
})
