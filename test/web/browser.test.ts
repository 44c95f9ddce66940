// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { BrowserContext, Page } from 'playwright-core'
import { openBrowser } from '#test/helpers/browser.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { faultsOfAccess, faultsOfHtml } from '#test/helpers/page-checks.ts'
import { linkIn, watchMails } from '#test/sign-in/mails.ts'
import { pictureOf, write } from '#test/web/world.ts'

const origin = 'http://skerry.localhost'
/** How long a step may take, on a busy machine. */
const stepMs = 15_000
/** The browser never gives the body of some pages that were left at once. */
const bodyMs = 1_000
/** So many pages lie on the main path, or something of it is not looked at. */
const pagesMin = 20
const password = 'lantern under the pier'
const boat = pictureOf('boat.png', { width: 640, height: 480 })

/** An instance open to everybody, with somebody in it who has something to say. */
async function startIsland(t: Parameters<typeof startInstance>[0]) {
  const instance = await startInstance(t, { origin, config: { instance: { signUp: 'open', rules: ['Be kind.'] } } })
  await instance.as('olaf', { role: 'owner' })
  const bo = await instance.as('bo')
  const posts: number[] = []
  for (let count = 1; count <= 12; count++)
    posts.push(await write(bo, { text: `Fog over the sound, day ${count}. It is so thick that the ferry rings its bell.` }))
  return { instance, posts }
}

/** Looks at the HTML of every page that is answered. A page that was left at once has no body any more. */
function watchPages(context: BrowserContext) {
  const answers: Promise<{ name: string; html: string } | undefined>[] = []
  context.on('response', (response) => {
    const isPage = response.request().resourceType() === 'document' && response.status() === 200
    const name = new URL(response.url()).pathname
    const left = () => undefined
    const body = isPage && response.text().then((html) => ({ name, html }), left)
    if (body) answers.push(Promise.race([body, setTimeout(bodyMs, undefined, { ref: false })]))
  })
  return {
    settled: async () => void (await Promise.all(answers)),
    async faults(): Promise<string[]> {
      const pages = (await Promise.all(answers)).filter((page) => page !== undefined)
      assert.ok(pages.length >= pagesMin, `${pages.length} pages were looked at`)
      return (await Promise.all(pages.map(({ html, name }) => faultsOfHtml(html, name)))).flat()
    }
  }
}

/** The main path, as somebody walks it who has never been here; `look` is called at every page on the way. */
async function walk(
  page: Page,
  instance: Instance,
  postId: number,
  look: (page: Page) => Promise<void>,
  { hasScripts = true } = {}
): Promise<void> {
  const mails = watchMails(instance)
  await page.goto(`${origin}/`)
  await look(page)
  await page.getByRole('main').getByRole('link', { name: 'Create account' }).click()
  await look(page)
  await page.getByLabel('Name').fill('ana')
  await page.getByLabel('E-mail address').fill('ana@mail.test')
  await page.getByLabel('Password').fill(password)
  await page.getByLabel('I have read the rules').check()
  await page.getByRole('main').getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
  await look(page)
  await instance.runJobs()
  await page.goto(origin + linkIn(mails[0]))
  await look(page)
  await page.getByRole('button', { name: 'Yes, confirm' }).click()
  await page.getByText('Your address is confirmed').waitFor()
  await look(page)
  if (await page.getByRole('link', { name: 'Sign in' }).first().isVisible()) {
    await page.goto(`${origin}/sign-in`)
    await look(page)
    await page.getByLabel('Name or e-mail address').fill('ana')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  await page.goto(`${origin}/home`)
  await look(page)

  await page.getByText('Write a post').click()
  await page.getByLabel('Your post').fill('A boat at the pier. #boats')
  await page.locator('input[type=file]').setInputFiles({ name: boat.filename, mimeType: boat.type, buffer: boat.bytes })
  // A script sends the picture at once and asks beside the text; without it a page of its own asks.
  if (!hasScripts) {
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('heading', { name: 'Describe your images' }).waitFor()
  }
  await page.getByLabel('Description of the image').waitFor()
  await look(page)
  await page.getByLabel('Description of the image').fill('A red boat, seen from above')
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.waitForURL(/\/home#post-\d+$/)
  const own = page.locator('article.post', { hasText: 'A boat at the pier.' })
  assert.equal(await own.getByRole('img').getAttribute('alt'), 'A red boat, seen from above')
  await page.getByText('Your post is out.').waitFor()
  await look(page)

  await page.goto(`${origin}/local`)
  const article = page.locator(`#post-${postId}`)
  for (const act of ['Boost', 'Favourite']) {
    await article.getByRole('button', { name: `${act}, post by bo` }).click()
    const pressed = article.getByRole('button', { name: `${act}, post by bo, 1` })
    await pressed.and(page.locator('[aria-pressed=true]')).waitFor()
    // With a script one stays where one is, without it one comes back there.
    assert.match(page.url(), new RegExp(`^${origin}/local(#post-${postId})?$`))
    await assertInView(page, postId)
    // The keyboard goes on where the eye is.
    await page.keyboard.press('Tab')
    assert.equal(await article.locator(':focus').count(), 1)
  }
  await look(page)

  await article.getByRole('link', { name: 'bo @bo' }).click()
  await page.waitForURL(`${origin}/@bo`)
  await look(page)
  await page.getByRole('button', { name: 'Follow @bo' }).click()
  await page.getByText('You follow @bo now.').waitFor()
  assert.ok(await page.getByRole('button', { name: 'Unfollow @bo' }).isVisible())
  await page.goto(`${origin}/home`)
  assert.ok(await page.getByText('Fog over the sound, day 12.').isVisible())
  await look(page)
  for (const path of [
    '/notifications',
    '/search?q=bo',
    '/@bo/followers',
    '/@ana',
    '/about',
    '/tags/boats',
    '/settings/profile',
    '/settings/blocks'
  ]) {
    await page.goto(origin + path)
    await look(page)
  }
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(`${origin}/`)
  assert.ok(await page.getByRole('main').getByRole('link', { name: 'Create account' }).isVisible())
}

/** The browser scrolls to the anchor once the page stands. */
async function assertInView(page: Page, postId: number): Promise<void> {
  await page.waitForLoadState('load')
  const { height } = page.viewportSize()!
  let top: number | undefined
  for (let tries = 0; tries < 50; tries++) {
    top = (await page.locator(`#post-${postId}`).boundingBox())?.y
    if (top !== undefined && top >= 0 && top < height) return
    await page.waitForTimeout(50)
  }
  assert.fail(`the post stands at ${top} of ${height}`)
}

test('the main path is walked in a browser without JavaScript', async (t) => {
  const { instance, posts } = await startIsland(t)
  const browser = await openBrowser(t, { 'skerry.localhost': instance.network.portOf('skerry.localhost')! })
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } })
  const pages = watchPages(context)
  const page = await context.newPage()
  page.setDefaultTimeout(stepMs)
  await walk(page, instance, posts[3]!, pages.settled, { hasScripts: false })
  assert.deepEqual(await pages.faults(), [])
})

test('the main path is walked with JavaScript; the strict policy has nothing to complain about', async (t) => {
  const { instance, posts } = await startIsland(t)
  const browser = await openBrowser(t, { 'skerry.localhost': instance.network.portOf('skerry.localhost')! })
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(stepMs)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${page.url()} ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`${page.url()} ${error}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) complaints.push(`asked for ${request.url()}`)
  })
  await walk(page, instance, posts[3]!, async () => {})
  assert.deepEqual(complaints, [])
})

test('axe finds nothing on any page of the main path, in either scheme', async (t) => {
  const { instance, posts } = await startIsland(t)
  const browser = await openBrowser(t, { 'skerry.localhost': instance.network.portOf('skerry.localhost')! })
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true })
  const page = await context.newPage()
  page.setDefaultTimeout(stepMs)
  const found: string[] = []
  await walk(page, instance, posts[3]!, async () => {
    const { pathname } = new URL(page.url())
    // The structure is the same in both schemes: in the dark one only the colours are looked at.
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      found.push(...(await faultsOfAccess(page, `${pathname} (${colorScheme})`, { onlyColours: colorScheme === 'dark' })))
    }
  })
  assert.deepEqual(found, [])
})
