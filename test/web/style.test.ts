// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createSamples } from '#server/web/style/samples.ts'
import { contrastOf, readTokens } from '#server/web/style/read-tokens.ts'
import { styleView } from '#server/web/style/style-page.ts'
import { openBrowser } from '#test/helpers/browser.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { faultsOfAccess, faultsOfHtml } from '#test/helpers/page-checks.ts'
import { renderSamples, sampleMessages, viewsDir } from '#test/helpers/render-samples.ts'

const { renderer } = renderSamples('en')
const t = sampleMessages.translator('en', { timeZone: 'Europe/Oslo' })
const view = styleView(renderer, t)
const html = renderer.page('style', { view, chrome: createSamples({ t, text: (words) => words }).chrome('/about/style', 'Style'), t })
const textContrastMin = 4.5
const edgeContrastMin = 3
const strongContrastMin = 7

test('the page of style shows every partial, and each state', () => {
  const files = readdirSync(`${viewsDir}/partials`).map((file) => file.replace(/\.hbs$/, ''))
  assert.deepEqual(view.parts.map(({ name }) => name).sort(), files.sort())
  assert.deepEqual(
    view.parts.filter(({ outputs }) => outputs.length === 0).map(({ name }) => name),
    []
  )
  assert.equal(view.states.length, 10)
})

test('words are read at 4.5 to 1 in both schemes, at 7 to 1 in high contrast, and edges and rings stand out at 3 to 1', () => {
  const { colours } = readTokens(renderer.assets.find(renderer.assets.paths['skerry.css']!)!.body.toString())
  const found: string[] = []
  for (const [scheme, set] of Object.entries(colours)) {
    const words = scheme.endsWith('Contrast') ? strongContrastMin : textContrastMin
    const pairs: [string, string, number][] = [
      ...['surface', 'mist', 'raised'].flatMap((back): [string, string, number][] => [
        ['ink', back, words],
        ['ink-soft', back, words],
        ['sea', back, words],
        ['line-strong', back, edgeContrastMin],
        ['focus', back, edgeContrastMin]
      ]),
      ['on-sea', 'sea', textContrastMin],
      ['on-danger', 'danger', textContrastMin],
      ['danger', 'surface', textContrastMin],
      ['danger', 'danger-wash', textContrastMin],
      ['lichen-ink', 'lichen-wash', textContrastMin],
      ['moss-ink', 'moss-wash', textContrastMin],
      ['sea', 'sea-wash', textContrastMin],
      ['ink', 'sea-wash', words]
    ]
    for (const [front, back, least] of pairs) {
      const contrast = contrastOf(set.get(front)!, set.get(back)!)
      if (contrast < least) found.push(`${scheme}: ${front} on ${back} is ${contrast.toFixed(2)}`)
    }
  }
  assert.deepEqual(found, [])
})

test('the page of style is valid HTML, and so is each piece by itself', async () => {
  const found = await faultsOfHtml(html.replaceAll(/<template[\s\S]*?<\/template>/g, ''), 'style')
  assert.deepEqual(found, [])
})

test('axe finds nothing on the page of style, in either scheme, and nothing runs over the edge of a phone', async (context) => {
  const browser = await openBrowser(context)
  const page = await browser.newPage({ viewport: { width: 390, height: 844 }, bypassCSP: true })
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url())
    const asset = renderer.assets.find(pathname)
    if (asset) return route.fulfill({ body: asset.body, contentType: asset.contentType })
    return pathname === '/about/style'
      ? route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' })
      : route.fulfill({ status: 404 })
  })
  await page.goto('http://skerry.test/about/style')
  assert.ok(((await page.evaluate("document.querySelectorAll('.style-part').length")) as number) > 100)
  assert.equal(await page.evaluate("[...document.querySelectorAll('.style-part')].every((part) => part.shadowRoot)"), true)
  const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  assert.equal(over, 0)
  // Pieces of many pages stand beside one another: their headings and landmarks are those of the pages they are from.
  const found = await faultsOfAccess(page, 'style', { without: ['heading-order', 'landmark-unique'] })
  await page.emulateMedia({ colorScheme: 'dark' })
  found.push(...(await faultsOfAccess(page, 'style in the dark', { onlyColours: true })))
  assert.deepEqual(found, [])
})

test('only an instance that does not stand in the open has a page of style, and it reads its samples when somebody looks', async (t) => {
  const open = await startInstance(t)
  assert.equal((await open.guest().get('/about/style')).statusCode, 404)
  const near = await startInstance(t, { origin: 'http://localhost' })
  const page = await near.guest().get('/about/style')
  assert.equal(page.statusCode, 200)
  assert.match(page.body, /id="part-post-actions"/)
  assert.doesNotMatch(readFileSync(new URL('../../server/web/pages/style.ts', import.meta.url), 'utf8'), /^import .*web\/style\//m)
})
