import type { Browser, Page } from 'playwright-core'
import type { Instance } from '#test/helpers/instance.ts'
import type { FoundPage } from '#test/web/every-page/find-pages.ts'

export interface OpenedPage {
  page: Page
  /** Opens what was found; gives all that the browser asked for beside pictures. */
  open(found: FoundPage): Promise<string[]>
}

/** A browser that is answered what was found, and files by the instance itself. */
export async function openPages(browser: Browser, instance: Instance, viewport: { width: number; height: number }): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport,
    colorScheme: 'light',
    bypassCSP: true,
    reducedMotion: 'reduce',
    serviceWorkers: 'block'
  })
  const guest = instance.guest()
  let shown: FoundPage | undefined
  let asked: string[] = []
  await context.route('**/*', async (route) => {
    const { pathname, search } = new URL(route.request().url())
    if (route.request().resourceType() !== 'image') asked.push(pathname)
    if (shown && pathname + search === shown.path)
      return route.fulfill({ status: shown.status, body: shown.html, contentType: 'text/html; charset=utf-8' })
    // Nothing happens here while one looks.
    if (pathname === '/events') return route.fulfill({ status: 204, body: '' })
    const { statusCode: status, headers, rawPayload } = await guest.get(pathname + search)
    return route.fulfill({ status, body: rawPayload, contentType: String(headers['content-type'] ?? 'text/plain') })
  })
  const page = await context.newPage()
  return {
    page,
    async open(found) {
      shown = found
      asked = []
      await page.goto(instance.config.origin + found.path)
      await page.evaluate("for (const details of document.querySelectorAll('details:not(.more)')) details.open = true")
      return asked
    }
  }
}
