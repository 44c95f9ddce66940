// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openBrowser } from '#test/helpers/browser.ts'
import { faultsOfAccess, faultsOfHtml } from '#test/helpers/page-checks.ts'
import { renderSamples } from '#test/helpers/render-samples.ts'

const { pages, renderer } = renderSamples('en')
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64')
const contentSecurityPolicy = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
const postStartsAboveMax = 130
const thumbPixels = 44
const narrowestPixels = 320

/** The samples as a small site, with the content security policy of the real one. */
async function openSite(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0]
): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
  const context = await browser.newContext(options)
  const complaints: string[] = []
  await context.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url())
    const asset = renderer.assets.find(pathname)
    if (asset) return route.fulfill({ body: asset.body, contentType: asset.contentType })
    // Nothing happens here while one looks.
    if (pathname === '/events') return route.fulfill({ status: 204, body: '' })
    if (pathname.startsWith('/media/')) return route.fulfill({ body: pixel, contentType: 'image/png' })
    const sample = pages.find(({ file }) => `/${file}` === pathname)
    const headers = { 'content-security-policy': contentSecurityPolicy }
    return sample
      ? route.fulfill({ body: sample.html, contentType: 'text/html; charset=utf-8', headers })
      : route.fulfill({ status: 404, body: '' })
  })
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return { context, page, complaints }
}

test('every page is valid HTML', async () => {
  const found: string[] = []
  for (const { file, html } of pages) found.push(...(await faultsOfHtml(html, file)))
  assert.deepEqual(found, [])
})

test('axe finds nothing on any page in the light and in the dark scheme, and nothing runs over the edge of a phone', async (context) => {
  const browser = await openBrowser(context)
  const site = await openSite(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'light', bypassCSP: true })
  const found: string[] = []
  for (const { file } of pages) {
    await site.page.goto(`http://skerry.test/${file}`)
    await site.page.evaluate("for (const details of document.querySelectorAll('details:not(.more)')) details.open = true")
    found.push(...(await faultsOfAccess(site.page, file)))
    // The structure is the same in both schemes: in the dark one only the colours are looked at.
    await site.page.emulateMedia({ colorScheme: 'dark' })
    found.push(...(await faultsOfAccess(site.page, `${file} in the dark`, { onlyColours: true })))
    for (const width of [narrowestPixels, 390]) {
      await site.page.setViewportSize({ width, height: 844 })
      const over = (await site.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')) as number
      if (over > 0) found.push(`${file} is ${over} pixels too wide at ${width}`)
    }
    await site.page.emulateMedia({ colorScheme: 'light' })
  }
  assert.deepEqual(found, [])
})

test('on a phone the first post starts at once, and everything to press is large enough for a thumb', async (context) => {
  const browser = await openBrowser(context)
  const site = await openSite(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  for (const file of ['local', 'home-line', 'home']) {
    await site.page.goto(`http://skerry.test/${file}`)
    const box = await site.page.locator('article.post').first().boundingBox()
    assert.ok(box!.y < postStartsAboveMax, `the first post of ${file} starts at ${box!.y}`)
  }
  for (const target of await site.page
    .locator('.post-actions > .action, .post-actions summary, .nav-main a, .nav-main button, .composer > summary')
    .all()) {
    const size = await target.boundingBox()
    assert.ok(size!.height >= thumbPixels, await target.innerText())
  }
  assert.deepEqual(site.complaints, [])
})

test('without JavaScript the menu opens, the composer unfolds and a warning shows its text', async (context) => {
  const browser = await openBrowser(context)
  const site = await openSite(browser, { viewport: { width: 390, height: 844 }, javaScriptEnabled: false })
  await site.page.goto('http://skerry.test/home')
  const signOut = site.page.getByRole('button', { name: 'Sign out' })
  assert.equal(await signOut.isVisible(), false)
  await site.page.getByRole('button', { name: 'Menu' }).click()
  assert.equal(await signOut.isVisible(), true)
  await site.page.keyboard.press('Escape')
  await site.page.getByText('Write a post').click()
  assert.equal(await site.page.getByLabel('Your post').isVisible(), true)
  await site.page.getByText('Local politics, mild despair').click()
  assert.equal(await site.page.getByText('They voted on the ferry times again').isVisible(), true)
})

test('the text box counts down and the strict policy has nothing to complain about', async (context) => {
  const browser = await openBrowser(context)
  const site = await openSite(browser, { viewport: { width: 1280, height: 900 } })
  await site.page.goto('http://skerry.test/home')
  await site.page.getByText('Write a post').click()
  await site.page.getByLabel('Your post').fill('Ahoy ⛵')
  assert.equal(await site.page.locator('.counter').innerText(), '4,994')
  assert.deepEqual(site.complaints, [])
})
