// database: none
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { publishPost } from '#server/posts/publish-post.ts'
import { openBrowser } from '#test/helpers/browser.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { until } from '#test/tasks/hand.ts'
import { Keys } from '#test/tasks/keys.ts'

const origin = 'http://skerry.localhost'
const stepMs = 10_000
const phone = { width: 390, height: 844 }
const desk = { width: 1280, height: 900 }
/** Through the frame of a page and several posts of it. */
const stopsLookedAt = 70
const scrollPixelsMax = 4

test('whoever has keys alone, or goes back, finds what they left', { timeout: 120_000 }, async (t) => {
  const instance = await startInstance(t, { origin })
  const who = await whoIs(instance, 'ana')
  for (let day = 1; day <= 60; day++)
    await publishPost(instance.ctx, who, { text: `Fog over the sound, day ${day}.`, visibility: 'public' })
  const browser = await openBrowser(t, { 'skerry.localhost': instance.network.portOf('skerry.localhost')! })

  async function open(inner: TestContext, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: desk, reducedMotion: 'reduce', ...options })
    inner.after(() => context.close())
    context.setDefaultTimeout(stepMs)
    return context.newPage()
  }
  async function enter(inner: TestContext, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await open(inner, options)
    await page.goto(`${origin}/sign-in`)
    await page.getByLabel('Name or e-mail address').fill('ana')
    await page.getByLabel('Password').fill(testPassword)
    await Promise.all([page.waitForURL(`${origin}/home`), page.keyboard.press('Enter')])
    return page
  }

  for (const javaScriptEnabled of [false, true]) {
    const how = javaScriptEnabled ? 'with a script' : 'without a script'

    await t.test(`Back gives place and typed text again, ${how}`, async (inner) => {
      const page = await enter(inner, { javaScriptEnabled })
      await page.locator('summary', { hasText: 'Write a post' }).click()
      await page.getByLabel('Your post').fill('Not yet sent')
      await Promise.all([page.waitForEvent('load'), page.locator('.site-nav').getByRole('link', { name: 'Local' }).click()])
      await page.goBack()
      const text = () => page.locator('#composer-text').inputValue()
      assert.equal(await until(text, (value) => value !== ''), 'Not yet sent')
      if (javaScriptEnabled) await page.locator('#composer-text').waitFor()

      await page.goto(`${origin}/home`)
      await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name: 'Older' }).click()])
      const link = page.locator('article time').nth(12)
      await link.scrollIntoViewIfNeeded()
      const topOf = async () => (await link.boundingBox())?.y ?? Number.NaN
      const place = await topOf()
      assert.ok((await page.evaluate(() => scrollY)) > 200, 'there is something to scroll')
      // The browser notes where one is once it has drawn it.
      await page.waitForTimeout(200)
      await Promise.all([page.waitForEvent('load'), link.click()])
      await page.goBack()
      const isThere = (top: number) => Math.abs(top - place) <= scrollPixelsMax
      const top = await until(topOf, isThere)
      assert.ok(isThere(top), `the post stood at ${place}, and stands at ${top}`)
    })

    await t.test(`a form that comes back says first what is wrong, or stands where it is, ${how}`, async (inner) => {
      const page = await open(inner, { javaScriptEnabled })
      const hand = new Keys(page, javaScriptEnabled)
      await page.goto(`${origin}/sign-in`)
      const first = await until(
        () => hand.focus(),
        ({ role }) => role === 'textbox'
      )
      assert.equal(first.name, 'Name or e-mail address')
      await page.keyboard.type('ana')
      await hand.type({ role: 'textbox', name: 'Password' }, 'wrong and wrong again')
      await hand.enter()
      assert.equal(
        (
          await until(
            () => hand.focus(),
            ({ role }) => role === 'alert'
          )
        ).role,
        'alert'
      )
      assert.equal((await hand.next()).name, 'Name or e-mail address')
      await hand.type({ role: 'textbox', name: 'Password' }, testPassword)
      await hand.enter()
      await page.goto(`${origin}/settings/account`)
      await hand.type({ role: 'textbox', name: 'New password' }, 'short')
      await page.evaluate(() => document.querySelectorAll('[minlength]').forEach((field) => void field.removeAttribute('minlength')))
      await hand.enter()
      const { name } = await until(
        () => hand.focus(),
        (at) => at.name === 'New password'
      )
      assert.equal(name, 'New password')
    })

    await t.test(`menus open and close by key, ${how}`, async (inner) => {
      const page = await enter(inner, { javaScriptEnabled, viewport: phone })
      const hand = new Keys(page, javaScriptEnabled)
      await hand.press({ role: 'button', name: 'Menu', within: '.site-nav' })
      await page.locator('#menu').waitFor()
      assert.equal((await hand.next()).role, 'link', 'the next stop is in the menu')
      await hand.strike('Escape')
      await page.locator('#menu').waitFor({ state: 'hidden' })
      assert.equal((await hand.focus()).name, 'Menu')
      const more = { role: 'fold', name: /^More/ } as const
      await hand.press(more)
      const list = page.locator('article').first().locator('.more-list')
      await list.waitFor()
      assert.equal((await hand.next()).name, 'Link to this post')
      if (javaScriptEnabled) await hand.strike('Escape')
      else {
        await hand.strike('Shift+Tab')
        await hand.strike('Enter')
      }
      await list.waitFor({ state: 'hidden' })
      assert.match((await hand.focus()).name, /^More/)
    })
  }

  await t.test('what has the focus is never hidden, on a phone or at a desk', async (inner) => {
    for (const viewport of [phone, desk]) {
      const page = await enter(inner, { viewport })
      const hand = new Keys(page, true)
      await page.goto(`${origin}/home`)
      const names = new Set<string>()
      for (let stops = 0; stops < stopsLookedAt; stops++) names.add((await hand.next()).name)
      assert.ok(names.has('Skip these posts') && names.has('Boost, post by ana'))
    }
  })
})
