// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBrowser } from '#test/helpers/browser.ts'
import { faultsOfAccess, faultsOfHtml } from '#test/helpers/page-checks.ts'
import { coveringPages, findPages } from '#test/web/every-page/find-pages.ts'
import { openPages } from '#test/web/every-page/open-pages.ts'

/** Page, style and script in Brotli. */
const packedBytesMax = 30 * 1_024
/** Before pictures, the page itself included. */
const requestsMax = 6
const phone = { width: 390, height: 844 }
const desk = { width: 1280, height: 900 }
/** Fewer than this and the walk has lost its way. */
const pagesMin = 100

test('every page that anybody can reach is valid, light, and leaves axe nothing to say in either scheme', {
  timeout: 170_000
}, async (t) => {
  const browser = await openBrowser(t)
  const { world, pages } = await findPages(t)
  assert.ok(pages.length >= pagesMin, `${pages.length} pages were found`)
  const { instance } = world
  const found: string[] = []

  const assets = new Map<string, number>()
  for (const { name, html, packedBytes } of pages) {
    found.push(...(await faultsOfHtml(html, name)))
    let bytes = packedBytes ?? 0
    for (const [, path] of html.matchAll(/<(?:link rel="stylesheet"|script\b[^>]*?)\s(?:href|src)="([^"]*)"/g)) {
      if (!assets.has(path!)) assets.set(path!, (await instance.guest().get(path!, { 'accept-encoding': 'br' })).rawPayload.length)
      bytes += assets.get(path!)!
    }
    if (bytes > packedBytesMax) found.push(`${name} weighs ${bytes} bytes`)
  }
  assert.ok(assets.size > 1, 'style and script were weighed')

  // All of them are opened by the long test.
  const distinct = coveringPages(pages)
  const small = await openPages(browser, instance, phone)
  for (const each of distinct) {
    const asked = await small.open(each)
    if (asked.length > requestsMax) found.push(`${each.name} asks for ${asked.join(' ')}`)
    found.push(...(await faultsOfAccess(small.page, each.name)))
    const over = (await small.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')) as number
    if (over > 0) found.push(`${each.name} is ${over} pixels too wide`)
    await small.page.emulateMedia({ colorScheme: 'dark' })
    found.push(...(await faultsOfAccess(small.page, `${each.name}, dark`, { onlyColours: true })))
    await small.page.emulateMedia({ colorScheme: 'light' })
  }
  const large = await openPages(browser, instance, desk)
  for (const each of distinct.filter((_, at) => at % 8 === 0)) {
    await large.open(each)
    found.push(...(await faultsOfAccess(large.page, `${each.name}, wide`)))
  }
  t.diagnostic(`${pages.length} pages, ${distinct.length} of them opened`)
  assert.deepEqual(found, [])
})
