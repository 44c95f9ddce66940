import type { TestContext } from 'node:test'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'
import '#test/helpers/own-scratch.ts'

/**
 * A real Chromium from npm, closed when the test ends. It has no sandbox: it sees pages of ours only. `ports` leads host names (on port 80) to
 * ports of this machine. Hooks run in their order: where pages are answered by an instance itself, the browser is opened before it, to end before it.
 */
export async function openBrowser(test: Pick<TestContext, 'after'>, ports: Record<string, number> = {}): Promise<Browser> {
  const rules = Object.entries(ports).map(([host, port]) => `MAP ${host}:80 127.0.0.1:${port}`)
  // Nothing glides: where a page stands is known at once.
  const args = ['--no-sandbox', '--disable-smooth-scrolling', ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join(', ')}`] : [])]
  const browser = await playwright.launch({ executablePath: await chromium.executablePath(), args })
  test.after(async () => {
    // What a page still asks for is no fault of a test that has ended.
    for (const context of browser.contexts()) await context.unrouteAll({ behavior: 'ignoreErrors' })
    await browser.close()
  })
  return browser
}
