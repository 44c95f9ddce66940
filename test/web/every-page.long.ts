import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBrowser } from '#test/helpers/browser.ts'
import { faultsOfAccess } from '#test/helpers/page-checks.ts'
import { findPages } from '#test/web/every-page/find-pages.ts'
import { openPages } from '#test/web/every-page/open-pages.ts'

const sizes = [
  { width: 390, height: 844 },
  { width: 768, height: 1_024 },
  { width: 1_280, height: 900 }
]

test('axe finds nothing on any page that anybody can reach, at three widths and in both schemes, and nothing runs over the edge', async (t) => {
  const browser = await openBrowser(t)
  const { world, pages } = await findPages(t)
  const found: string[] = []
  for (const size of sizes) {
    const opened = await openPages(browser, world.instance, size)
    for (const each of pages) {
      await opened.open(each)
      for (const colorScheme of ['light', 'dark'] as const) {
        await opened.page.emulateMedia({ colorScheme })
        found.push(...(await faultsOfAccess(opened.page, `${each.name}, ${size.width} wide, ${colorScheme}`)))
      }
      await opened.page.emulateMedia({ colorScheme: 'light' })
      const over = (await opened.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')) as number
      if (over > 0) found.push(`${each.name} is ${over} pixels too wide at ${size.width}`)
    }
  }
  t.diagnostic(`${pages.length} pages`)
  assert.deepEqual(found, [])
})
