// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { openBrowser } from '#test/helpers/browser.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { write } from '#test/web/world.ts'

const phone = { viewport: { width: 390, height: 844 } }

test('names and titles as long as they may be, of one word, stay within a phone', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  const name = 'W'.repeat(100)
  await instance.ctx.transact((tx) => tx.update(accounts).set({ displayName: name }).where(eq(accounts.id, ana.account.id)))
  const first = await write(ana, { text: 'Low tide' })
  await write(ana, { text: 'And high', replyTo: String(first) })
  await bo.submit(`/posts/${first}/boost`)
  await ana.submit('/lists', { title: name })
  const [list] = /\/lists\/\d+/.exec(await ana.page('/lists'))!

  const browser = await openBrowser(t)
  const page = await (await browser.newContext(phone)).newPage()
  for (const path of ['/home', '/notifications', '/@ana/replies', '/lists', list, `${list}/edit`]) {
    const html = await ana.page(path)
    const [link, href] = /<link rel="stylesheet" href="([^"]+)">/.exec(html)!
    await page.setContent(html.replace(link, () => ''))
    await page.addStyleTag({ content: (await ana.get(href!)).body })
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), phone.viewport.width, path)
  }
})
