import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createApp } from '#server/app.ts'
import { createRenderer, type Renderer } from '#server/web/render.ts'
import { samplePages } from '#server/web/style/sample-pages.ts'
import { createSamples } from '#server/web/style/samples.ts'
import type { PostView } from '#server/web/views/post-view.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { guestOf, testPassword } from '#test/helpers/people.ts'
import { sampleMessages, viewsDir } from '#test/helpers/render-samples.ts'
import { write } from '#test/web/world.ts'

const KiB = 1_024
const rendererOf = (fragmentBytesMax: number) =>
  createRenderer({ viewsDir, messages: sampleMessages, isDev: false, fragmentBytesMax, secret: 'secret-of-tests' })
const keeping = rendererOf(1_024 * KiB)
const drawing = rendererOf(0)
const languages = ['en', 'en-XA']
const tOf = (language: string) => sampleMessages.translator(language, { timeZone: 'Europe/Oslo' })

test('every page is byte for byte the same drawn anew, drawn to be kept, and from what was kept', () => {
  for (const language of [...languages, ...languages]) {
    const t = tOf(language)
    for (const { file, name, view, chrome } of samplePages(createSamples({ t, text: (words) => words }))) {
      const expected = drawing.page(name, { view, chrome, t })
      for (const turn of ['first', 'again'])
        assert.equal(keeping.page(name, { view, chrome, t }), expected, `${file} (${language}), ${turn}`)
    }
  }
})

test('posts that differ in anything a reader may see are never shown for one another, however little is kept', () => {
  const samples = createSamples({ t: tOf('en'), text: (words) => words })
  const base = samplePages(samples).flatMap(({ name, view }) => (name === 'home' ? postsOf(view) : []))
  assert.ok(base.length > 0)
  const changes = fc.record(
    {
      isBoosted: fc.boolean(),
      isFavourited: fc.boolean(),
      isBookmarked: fc.boolean(),
      isOwn: fc.boolean(),
      isPinned: fc.boolean(),
      isLocalOnly: fc.boolean(),
      isAuthorInTabs: fc.boolean(),
      boostCount: fc.nat(2),
      replyCount: fc.nat(2),
      favouriteCount: fc.nat(2),
      actions: fc.constantFrom(base[0]?.actions, undefined),
      notice: fc.constantFrom('Waits', 'waits', undefined),
      filterFold: fc.constantFrom('Filtered: a', 'Filtered: b', undefined),
      warning: fc.constantFrom('a', 'b', undefined),
      contentHtml: fc.constantFrom('<p>1</p>', '<p>2 “…” ⛵</p>', '<!--0:0-->')
    },
    { requiredKeys: [] }
  )
  const draw = (renderer: Renderer, language: string, posts: PostView[]) =>
    renderer.page('post-card', { view: { heading: 'Test', post: posts[0]! }, chrome: samples.chrome('/', 'Test'), t: tOf(language) })
  for (const bytes of [16 * KiB, 256 * KiB]) {
    const renderer = rendererOf(bytes)
    fc.assert(
      fc.property(fc.nat(base.length - 1), changes, fc.constantFrom(...languages), (place, change, language) => {
        const post: PostView = { ...base[place]!, ...change }
        assert.equal(draw(renderer, language, [post]), draw(drawing, language, [post]))
      }),
      { numRuns: 600 }
    )
  }
})

test('what a post takes from the frame of the page is never kept: each reader votes with a token of their own', () => {
  const t = tOf('en')
  const samples = createSamples({ t, text: (words) => words })
  const polls = samplePages(samples)
    .flatMap(({ view }) => postsOf(view))
    .filter(({ poll }) => poll?.votePath !== undefined)
  assert.ok(polls.length > 0)
  for (const post of polls)
    for (const csrf of ['token-of-ana', 'token-of-bo']) {
      const chrome = { ...samples.chrome('/', 'Test'), csrf }
      const html = keeping.page('post-card', { view: { heading: 'Test', post }, chrome, t })
      const article = html.slice(html.indexOf('<article'), html.indexOf('</article>'))
      assert.deepEqual(
        [...article.matchAll(/name="csrf" value="([^"]*)"/g)].map(([, token]) => token),
        [csrf]
      )
    }
})

test('whoever looks, after whatever happened, is shown what they would be shown if nothing were kept', async (t) => {
  const instance = await startInstance(t)
  const app = await createApp(instance.ctx, drawing)
  await app.ready()
  t.after(() => app.close())
  const names = ['ana', 'bo', 'mod']
  const people = []
  for (const name of names) {
    const here = await instance.as(name, { role: name === 'mod' ? 'moderator' : 'person' })
    const there = guestOf(app, instance.config)
    await there.submit('/sign-in', { login: name, password: testPassword })
    people.push({ here, there })
  }
  const [ana, bo, mod] = people.map(({ here }) => here)
  for (const person of [bo!, mod!]) await person.submit(`/accounts/${ana!.account.id}/follow`)
  const ids: number[] = []
  for (const text of ['The **tide**', 'A second “word” ⛵…', 'A third'])
    ids.push(await write(ana!, { text, visibility: 'public', warning: text === 'A third' ? 'spoilers' : '' }))
  const readers = [...people, { here: instance.guest(), there: guestOf(app, instance.config) }]
  const acts = ['boost', 'favourite', 'bookmark', 'unboost', 'mute-thread', 'unfavourite', 'pin', 'react', 'unmute-thread', 'unpin']
  for (const [turn, act] of acts.entries()) {
    const { here } = people[turn % people.length]!
    const answer = await here.submit(`/posts/${ids[turn % ids.length]}/${act}`, { emoji: '👍' })
    assert.ok(answer.statusCode < 500)
    if (turn === 4) await ana!.submit(`/posts/${ids[0]}/edit`, { text: 'The tide turned' })
    if (turn === 6) await ana!.submit('/settings/profile', { displayName: 'Ana of the Sea' })
    await instance.runJobs()
    instance.clock.advance(turn * 7 * 60_000)
    for (const reader of readers)
      for (const path of ['/@ana', `/@ana/${String(ids[0])}`]) {
        const kept: string = await reader.here.page(path)
        const drawn: string = await reader.there.page(path)
        assert.equal(plain(kept), plain(drawn), `${path} after ${act}`)
      }
  }
})

/** Tokens differ from session to session, flashes are shown to one browser, and files may be edited between two starts. */
function plain(html: string): string {
  return html
    .replace(/\/static\/[^/]*/g, '')
    .replace(/name="(csrf|idempotencyKey)" value="[^"]*"/g, '')
    .replace(/<p class="flash[\s\S]*?<\/p>\n/g, '')
}

/** All posts anywhere in a view. */
function postsOf(view: unknown): PostView[] {
  if (typeof view !== 'object' || view === null) return []
  const inner = Object.values(view).flatMap(postsOf)
  return 'contentHtml' in view && 'anchor' in view ? [view as PostView, ...inner] : inner
}
