// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHtml } from '#server/platform/read-html.ts'
import { previewLinkOf } from '#server/previews/preview-links.ts'
import { readPage } from '#server/previews/read-page.ts'

const url = 'https://news.test/2026/ferry?x=1'
const head = (tags: string, title = '<title>Plain &amp; simple</title>') =>
  `<!doctype html><html><head>${title}${tags}</head><body><p>Text</p></body></html>`

test('Open Graph says what a page is, before Twitter cards, its description and its title', async () => {
  const page = await readPage(
    head(`<meta name="description" content="Third"><meta name="twitter:title" content="Second"><meta property="og:title" content="The ferry &quot;Gull&quot;">
      <meta property="og:description" content=" Runs \n again "><meta property="og:site_name" content="News"><meta property="og:image" content="/ferry.jpg">
      <meta property="og:title" content="Another"><meta name="fediverse:creator" content="@ana@far.test">`),
    url
  )
  assert.deepEqual(page, {
    title: 'The ferry "Gull"',
    description: 'Runs again',
    siteName: 'News',
    imageUrl: 'https://news.test/ferry.jpg',
    creator: '@ana@far.test'
  })
})

test('a page without any of it is shown by its own title, and one without a title not at all', async () => {
  assert.equal((await readPage(head(''), url))?.title, 'Plain & simple')
  assert.equal(await readPage(head('<meta property="og:description" content="no title">', ''), url), undefined)
  assert.equal(await readPage(head('', '<title> \u200b\u202e </title>'), url), undefined)
  assert.equal((await readPage(head('', '<title>First</title><svg><title>Icon</title></svg>'), url))?.title, 'First')
  assert.equal(await readPage('', url), undefined)
})

test('what turns direction, hides or goes on without end is cleaned and cut', async () => {
  const page = await readPage(
    head(
      `<meta property="og:title" content="Pay\u202egnp.exe\u0000 ${'long '.repeat(200)}"><meta property="og:description" content="${'d'.repeat(5_000)}">`
    ),
    url
  )
  assert.match(page?.title ?? '', /^Paygnp\.exe long/)
  assert.equal([...(page?.title ?? '')].length, 200)
  assert.equal([...(page?.description ?? '')].length, 300)
  assert.match(page?.description ?? '', /…$/)
  const whole = await readPage(`<title>${'t'.repeat(900_000)}`, url)
  assert.equal([...(whole?.title ?? '')].length, 200)
})

test('only addresses of the web are pictures', async () => {
  for (const image of [
    'javascript:alert(1)',
    'data:image/png;base64,AA',
    'file:///etc/passwd',
    `https://x.test/${'a'.repeat(3_000)}`,
    '   '
  ])
    assert.equal((await readPage(head(`<meta property="og:image" content="${image}">`), url))?.imageUrl, undefined, image)
})

test('a page may forbid an excerpt or a picture', async () => {
  const tags = '<meta name="description" content="d"><meta property="og:image" content="/i.png">'
  const shown = async (robots: string, header = '') => {
    const page = await readPage(head(`${tags}<meta name="robots" content="${robots}">`), url, header)
    return [page?.description !== '', page?.imageUrl !== undefined]
  }
  assert.deepEqual(await shown('index, follow, max-image-preview:large'), [true, true])
  assert.deepEqual(await shown('NoSnippet'), [false, true])
  assert.deepEqual(await shown('max-image-preview: none'), [true, false])
  assert.deepEqual(await shown('', 'noimageindex, nosnippet'), [false, false])
  assert.deepEqual(await shown('none'), [false, false])
})

test('pages made to take long are read in little time, and others have their turn meanwhile', async () => {
  const bombs = {
    nested: '<b>'.repeat(330_000),
    attributes: `<a ${'a=b '.repeat(250_000)}`,
    different: `<meta ${Array.from({ length: 120_000 }, (_, at) => `x${at}`).join(' ')}>`,
    closing: '<b>'.repeat(100_000) + '</i>'.repeat(100_000),
    metas: '<meta property="og:title" content="x">'.repeat(26_000)
  }
  for (const [name, html] of Object.entries(bombs)) {
    let [last, longest] = [performance.now(), 0]
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 1)
    const begun = performance.now()
    await readPage(html, url)
    clearInterval(timer)
    assert.ok(performance.now() - begun < 3_000, `${name} took ${Math.round(performance.now() - begun)} ms`)
    assert.ok(longest < 400, `${name} held others up ${Math.round(longest)} ms`)
  }
})

test('reading ends where enough is known', async () => {
  let seen = 0
  await readHtml('<p>x</p>'.repeat(20_000), { onopentag: () => void seen++ }, () => seen > 10)
  assert.ok(seen < 5_000)
})

test('the first link to another site counts: no mention, no hashtag, no page of ours', () => {
  const own = { host: 'skerry.test' }
  const html = `<p><a href="https://far.test/@bo" class="u-url mention">@bo</a> <a href="https://skerry.test/tags/x" class="mention hashtag" rel="tag">#x</a>
    <a href="https://skerry.test/@ana/1">here</a> <a href="https://news.test/a?utm_source=fedi&amp;b=1#part">news</a> <a href="https://other.test/">other</a></p>`
  assert.deepEqual(previewLinkOf(html, own), { url: 'https://news.test/a?b=1', host: 'news.test' })
  assert.equal(previewLinkOf('<p>no link</p>', own), undefined)
  assert.equal(previewLinkOf('<p><a href="mailto:a@b.test">mail</a></p>', own), undefined)
})
