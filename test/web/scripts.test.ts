// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { eq } from 'drizzle-orm'
import type { BrowserContext, Page } from 'playwright-core'
import { users } from '#db/schema/sign-in.ts'
import { usualLook } from '#server/sign-in/change-appearance.ts'
import { openBrowser } from '#test/helpers/browser.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { pictureOf, write } from '#test/web/world.ts'

const origin = 'http://skerry.localhost'
/** How long a step may take, on a busy machine. */
const stepMs = 15_000
/** What a browser says by itself of an answer that was refused, and of a network that is away. */
const meant = /status of 415|ERR_INTERNET_DISCONNECTED/

/** One instance and one browser for all that follows; each test is a window of its own, signed in as ana. */
test('scripts add to pages that are whole without them', { timeout: 170_000 }, async (t) => {
  const instance = await startInstance(t, { origin })
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  await ana.submit(`/accounts/${bo.account.id}/follow`)
  const posts: number[] = []
  for (let count = 1; count <= 6; count++) posts.push(await write(bo, { text: `Fog over the sound, day ${count}. #fog` }))
  const pictured = await write(bo, { text: 'Two boats', images: [pictureOf('a.png'), pictureOf('b.png', { colour: [200, 90, 40] })] })
  const asked = await write(bo, {
    text: 'What do we drink?',
    pollOption1: 'Tea',
    pollOption2: 'Coffee',
    pollEnds: '86400',
    pollChoice: 'one'
  })
  const browser = await openBrowser(t, { 'skerry.localhost': instance.network.portOf('skerry.localhost')! })
  const complaints: string[] = []

  async function enter(inner: TestContext): Promise<{ context: BrowserContext; page: Page; open: () => Promise<Page> }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    inner.after(() => context.close())
    const open = async () => watched(await context.newPage(), complaints)
    const page = await open()
    await page.goto(`${origin}/sign-in`)
    await page.getByLabel('Name or e-mail address').fill('ana')
    await page.getByLabel('Password').fill(testPassword)
    await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL(`${origin}/home`)
    return { context, page, open }
  }

  await t.test(
    'three tabs share one connection; each says how many posts are new since it was opened, and moves nothing',
    async (inner) => {
      const { context, page, open } = await enter(inner)
      // What the page before this one still asks for is not counted.
      await page.goto('about:blank')
      let connections = 0
      context.on('request', (request) => {
        if (new URL(request.url()).pathname === '/events') connections += 1
      })
      await page.goto(`${origin}/home`)
      const place = page.locator('article').first()
      const before = await place.getAttribute('id')
      const tabs = [page, await open(), await open()]
      for (const tab of tabs.slice(1)) await tab.goto(`${origin}/home`)
      const isLeading = () => tabs[1]!.evaluate('navigator.locks.query().then(({ pending }) => pending.length)')
      for (let tries = 0; (await isLeading()) !== 2; tries++) {
        assert.ok(tries < 100, 'the other tabs wait for the connection')
        await page.waitForTimeout(50)
      }
      posts.push(await write(bo, { text: 'News from the pier' }))
      for (const tab of tabs) await tab.getByRole('link', { name: '1 new post' }).waitFor()
      assert.equal(await place.getAttribute('id'), before)
      assert.equal(connections, 1)
      posts.push(await write(bo, { text: '@ana and more news' }))
      await tabs[2]!.getByRole('link', { name: '2 new posts' }).waitFor()
      assert.match(await tabs[2]!.title(), /^\(1\) /)
      await tabs[2]!.getByRole('link', { name: 'Notifications 1 unread' }).waitFor()
      // The tab that listened goes: another takes over and hears the next one.
      await tabs[0]!.close()
      posts.push(await write(bo, { text: 'Still more news' }))
      await tabs[1]!.getByRole('link', { name: '3 new posts' }).waitFor()
      await tabs[1]!.getByRole('link', { name: '3 new posts' }).click()
      await tabs[1]!.getByText('Still more news').waitFor()
    }
  )

  await t.test('a home page asks for six files at most, and is quiet after that', async (inner) => {
    const { page } = await enter(inner)
    await page.goto('about:blank')
    const files: string[] = []
    page.on('request', (request) => files.push(new URL(request.url()).pathname.replace(/^\/static\/[^/]+/, '')))
    await page.goto(`${origin}/home`)
    await page.waitForRequest(/\/events/)
    await page.waitForLoadState('networkidle')
    const ofPosts = files.filter((path) => path.startsWith('/media/'))
    assert.deepEqual(
      files.filter((path) => !ofPosts.includes(path)),
      ['/home', '/skerry.css', '/skerry.js', '/logo.svg', '/live.js', '/events']
    )
  })

  await t.test('keys lead from post to post and act on the one they stand on; not while one types', async (inner) => {
    const { page } = await enter(inner)
    const ids = await page.locator('article').evaluateAll((all) => all.map(({ id }) => id))
    await page.keyboard.press('j')
    await page.locator(`#${ids[0]}:focus`).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    await page.locator(`#${ids[1]}:focus`).waitFor()
    const article = page.locator(`#${ids[1]}`)
    await page.keyboard.press('f')
    await article.locator('.action-favourite[aria-pressed=true]').waitFor()
    assert.equal(await article.evaluate((element) => element === document.activeElement), true, 'the focus stays')
    await page.keyboard.press('b')
    await article.locator('.action-boost[aria-pressed=true]').waitFor()
    await page.keyboard.press('f')
    await article.locator('.action-favourite[aria-pressed=false]').waitFor()
    assert.equal(page.url(), `${origin}/home`)
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await dialog.waitFor()
    assert.ok(await dialog.getByText('Next post').isVisible())
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.keyboard.press('n')
    await page.locator('#composer-text:focus').waitFor()
    await page.keyboard.type('jfb')
    assert.equal(await page.inputValue('#composer-text'), 'jfb')
    await page.fill('#composer-text', '')
    await page.locator('#composer-text').blur()
    await page.keyboard.press('g')
    await page.keyboard.press('n')
    await page.waitForURL(`${origin}/notifications`)
  })

  await t.test('how long ago something was goes on counting', async (inner) => {
    const { page } = await enter(inner)
    await page.clock.install({ time: instance.clock.now() })
    await page.goto(`${origin}/home`)
    const ago = page.locator(`#post-${pictured} .ago`)
    assert.equal(await ago.innerText(), 'now')
    await page.clock.fastForward(5 * 60_000)
    await ago.getByText('5 min ago').waitFor()
  })

  await t.test('who switched the keys off has none', async (inner) => {
    const { page } = await enter(inner)
    const change = (shortcuts: boolean) =>
      instance.ctx.transact((tx) =>
        tx
          .update(users)
          .set({ look: { ...usualLook, shortcuts } })
          .where(eq(users.accountId, ana.account.id))
      )
    await change(false)
    await page.goto(`${origin}/home`)
    await page.keyboard.press('?')
    await page.keyboard.press('/')
    await page.waitForTimeout(300)
    assert.equal(await page.getByRole('dialog').count(), 0)
    assert.equal(page.url(), `${origin}/home`)
    await change(true)
  })

  await t.test('people, hashtags and emoji are completed by keyboard alone', async (inner) => {
    const { page } = await enter(inner)
    await page.getByText('Write a post').click()
    const box = page.locator('#composer-text')
    await box.focus()
    await page.waitForSelector('#composer-text[aria-controls]')
    await box.pressSequentially('Hello @b')
    await page.getByRole('option', { name: 'bo @bo' }).waitFor()
    assert.equal(
      await page.getAttribute('#composer-text', 'aria-activedescendant'),
      await page.getByRole('option').first().getAttribute('id')
    )
    await page.getByRole('status').filter({ hasText: '1 suggestion' }).waitFor()
    await page.keyboard.press('Enter')
    assert.equal(await box.inputValue(), 'Hello @bo ')
    await box.pressSequentially('in the #fo')
    await page.getByRole('option', { name: '#fog' }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.completions').waitFor({ state: 'hidden' })
    await box.pressSequentially('g :sailb')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('Tab')
    assert.equal(await box.inputValue(), 'Hello @bo in the #fog ⛵ ')
    // What was typed and not sent is given back; thrown away it is gone.
    await page.goto(`${origin}/notifications`)
    await page.goto(`${origin}/home`)
    await page.getByText('What you had typed here was kept.').waitFor()
    assert.equal(await page.inputValue('#composer-text'), 'Hello @bo in the #fog ⛵ ')
    await page.getByRole('button', { name: 'Throw it away' }).click()
    await page.reload()
    assert.equal(await page.inputValue('#composer-text'), '')
  })

  await t.test('a picture goes up while one writes, and is described where the text is', async (inner) => {
    const { page } = await enter(inner)
    await page.getByText('Write a post').click()
    const form = page.locator('.composer-form')
    await form.getByLabel('Your post').fill('A boat at the pier')
    const boat = pictureOf('boat.png', { width: 300, height: 200 })
    await form.locator('input[type=file]').setInputFiles({ name: boat.filename, mimeType: boat.type, buffer: boat.bytes })
    const description = form.getByLabel('Description of the image')
    await description.waitFor()
    assert.equal(await description.evaluate((element) => element === document.activeElement), true)
    assert.equal(new URL(page.url()).pathname, '/home')
    assert.equal(await form.getByLabel('Your post').inputValue(), 'A boat at the pier')
    await form.getByRole('button', { name: 'Publish' }).last().click()
    await form.getByRole('alert').getByText('not described yet').waitFor()
    await page.keyboard.type('A red boat')
    // Something that is no picture is said to be none, and nothing is lost.
    await form.locator('input[type=file]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
    await form.getByRole('alert').getByText('none of the kinds').waitFor()
    assert.equal(await form.getByRole('alert').count(), 1, 'what was described meanwhile is asked for no longer')
    assert.equal(await description.inputValue(), 'A red boat')
    await form.getByRole('button', { name: 'Publish' }).last().click()
    await page.getByText('Your post is out.').waitFor()
    const post = page.locator('article', { hasText: 'A boat at the pier' })
    assert.equal(await post.first().getByRole('img').getAttribute('alt'), 'A red boat')
    assert.equal(await page.inputValue('#composer-text'), '')
  })

  await t.test('a vote shows the results where the question stood', async (inner) => {
    const { page } = await enter(inner)
    const poll = page.locator(`#post-${asked} .poll`)
    await poll.getByLabel('Tea').check()
    await poll.getByRole('button', { name: 'Vote' }).click()
    await page.locator(`#post-${asked} .poll:focus`).waitFor()
    assert.equal(await poll.getByRole('button', { name: 'Vote' }).count(), 0)
    assert.equal(page.url(), `${origin}/home`)
  })

  await t.test('a picture opens over its page, with its description and its neighbours', async (inner) => {
    const { page } = await enter(inner)
    const link = page.locator(`#post-${pictured} .media-item a`).first()
    await link.click()
    const dialog = page.getByRole('dialog', { name: 'Image 1 of 2' })
    await dialog.waitFor()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('dialog', { name: 'Image 2 of 2' }).waitFor()
    assert.ok(await page.locator('.lightbox p').getByText('A boat at the pier').isVisible())
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    assert.ok(await link.evaluate((element) => element === document.activeElement))
    assert.equal(page.url(), `${origin}/home`)
  })

  await t.test(
    'without a network there is a page that says so, and nothing of anybody in the cache; signing out leaves nothing',
    async (inner) => {
      const { context, page } = await enter(inner)
      await page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => true)")
      for (let tries = 0; (await page.evaluate('navigator.serviceWorker.controller === null')) === true; tries++) {
        assert.ok(tries < 100, 'the worker takes over')
        await page.waitForTimeout(50)
      }
      const kept = (await page.evaluate(
        'caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys()))).then((all) => all.flat().map(({ url }) => new URL(url).pathname)))'
      )) as string[]
      assert.deepEqual(kept.map((path) => path.replace(/^\/static\/[^/]+/, '')).sort(), ['/logo.svg', '/offline', '/skerry.css'])
      assert.ok(!((await page.evaluate("caches.match('/offline').then((page) => page.text())")) as string).includes('ana'))
      await context.setOffline(true)
      await page.goto(`${origin}/notifications`)
      await page.getByRole('heading', { name: 'No connection' }).waitFor()
      await context.setOffline(false)
      await page.goto(`${origin}/home`)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.waitForURL(`${origin}/`)
      const left =
        'Promise.all([caches.keys(), navigator.serviceWorker.getRegistrations()]).then(([names, workers]) => names.length + workers.length)'
      assert.equal(await page.evaluate(left), 0)
    }
  )

  await t.test('nothing of it breaks the policy or says an error', () => {
    assert.deepEqual(
      complaints.filter((line) => !meant.test(line)),
      []
    )
  })
})

/** Notes what the console and the policy complain of. */
function watched(page: Page, complaints: string[]): Page {
  page.setDefaultTimeout(stepMs)
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${page.url()} ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`${page.url()} ${error}`))
  return page
}
