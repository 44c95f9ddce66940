// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBrowser } from '#test/helpers/browser.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { openPages } from '#test/web/every-page/open-pages.ts'

const desk = { width: 1280, height: 900 }
/** What has the focus: its tag, and the words of its label or of its own. */
const focused = `(() => {
  const at = document.activeElement
  return at.tagName + ' ' + (at.labels?.[0] ?? at).textContent.trim()
})()`

test('one skip link leads past the tabs of settings and panel, and elsewhere to the page; a second one to the tabs', {
  timeout: 60_000
}, async (t) => {
  const browser = await openBrowser(t)
  const instance = await startInstance(t)
  const owner = await instance.as('ana', { role: 'owner' })
  const { page, open } = await openPages(browser, instance, desk)
  for (const [path, first, firstTab] of [
    ['/settings/privacy', 'INPUT Let others find me', 'Profile'],
    ['/settings/posting', 'SELECT Who can see it', 'Posting'],
    ['/settings/security', 'BUTTON Set up codes', 'Account'],
    // Nobody is muted: nothing of the page's own takes the focus.
    ['/settings/mutes', 'A About', 'Filters'],
    ['/admin/invites', 'INPUT', 'Dashboard'],
    // Nothing here stands in tabs.
    ['/follow-requests', 'A About', undefined],
    ['/tags', 'INPUT Follow a hashtag', undefined]
  ] as const) {
    await open({ name: path, path, status: 200, html: await owner.page(path), packedBytes: undefined })
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(focused), 'A Skip to the content', path)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    assert.match(String(await page.evaluate(focused)), new RegExp(`^${first}`), path)
    if (firstTab === undefined) assert.equal(await page.locator('.skip').count(), 1, path)
    else {
      await page.locator('.skip').first().focus()
      await page.keyboard.press('Tab')
      assert.equal(await page.evaluate(focused), 'A Skip to the tabs', path)
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      assert.match(String(await page.evaluate(focused)), new RegExp(`^A ${firstTab}`), path)
    }
  }
})
