import type { TestContext } from 'node:test'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

/** A real Chromium from npm, closed when the test ends. It has no sandbox: it sees pages of ours only. */
export async function openBrowser(test: Pick<TestContext, 'after'>): Promise<Browser> {
  const browser = await playwright.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox'] })
  test.after(() => browser.close())
  return browser
}
