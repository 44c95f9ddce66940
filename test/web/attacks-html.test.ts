// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import type { BrowserContext } from 'playwright-core'
import { accounts } from '#db/schema/accounts.ts'
import { reports } from '#db/schema/moderation.ts'
import { openBrowser } from '#test/helpers/browser.ts'
import { textOf } from '#test/helpers/html.ts'
import { testPassword } from '#test/helpers/people.ts'
import { evil, noted, run, type Stage, startStage } from '#test/web/html-stage.ts'
import { lacks } from '#test/web/looks.ts'

/** HTM-01: what runs, loads, frames, asks or leads away, each in a post of its own. */
const contents = [
  `<script>${run}</script>`,
  `<img src=x onerror="${run}">`,
  `<svg onload="${run}"><a href="javascript:${run}"><text>x</text></a></svg>`,
  `<iframe src="${evil}/frame" srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<object data="${evil}/object"></object><embed src="${evil}/embed">`,
  `<form action="${evil}/form"><input name="password"><button>Sign in</button></form>`,
  `<style>@import url(${evil}/style); body{display:none}</style><link rel=stylesheet href="${evil}/link">`,
  `<base href="${evil}/"><meta http-equiv="refresh" content="0;url=${evil}/meta">`,
  `<a href="javascript:${run}">a</a><a href=" JaVa&#x09;Script:${run}">b</a><a href="data:text/html,<script>${run}</script>">c</a><a href="vbscript:x">d</a>`,
  `<video src="${evil}/video" poster="${evil}/poster" autoplay onerror="${run}"></video><audio src="${evil}/audio" autoplay>`,
  `<p onclick="${run}" onmouseover="${run}" autofocus tabindex=0 onfocus="${run}">hover me</p>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${run}&gt;">`,
  `<noscript><p title="</noscript><img src=x onerror=${run}>"></noscript>`,
  `<details open ontoggle="${run}"><summary>x</summary></details><marquee onstart="${run}">x</marquee>`,
  `<img src="${evil}/pixel" width=1 height=1><img srcset="${evil}/set 1x"><picture><source srcset="${evil}/source"></picture>`,
  `<p style="background:url(${evil}/background)" background="${evil}/background">x</p><table background="${evil}/table"><tr><td>x</td></tr></table>`,
  `<input type=image src="${evil}/input" onerror="${run}"><body onload="${run}"><portal src="${evil}/portal">`
]

/** HTM-03 and HTM-04: for every field that is text. */
const texts = [
  `"><img src=x onerror="${run}">`,
  `' onmouseover='${run}' x='`,
  `</textarea></title></script><script>${run}</script>`,
  '{{73*89}}',
  `{{constructor.constructor("${run}")()}}`,
  `{{{73*89}}}\${73*89}<%= 73*89 %>`
]

/** A browser in which somebody is signed in, that writes down what pages should never do. */
async function openPages(t: TestContext, { port }: Stage, name: string) {
  const browser = await openBrowser(t, { 'skerry.localhost': port })
  const context: BrowserContext = await browser.newContext()
  const crimes: string[] = []
  context.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    if (hostname !== 'skerry.localhost' || protocol !== 'http:') crimes.push(`asked for ${request.url()}`)
  })
  const page = await context.newPage()
  page.on('dialog', (dialog) => {
    crimes.push(`showed a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.goto('http://skerry.localhost/sign-in')
  await page.fill('[name=login]', name)
  await page.fill('[name=password]', testPassword)
  await Promise.all([page.waitForURL('**/home'), page.press('[name=password]', 'Enter')])
  return {
    /** Looks at a page, moves the mouse over all that strangers wrote, and gives what stands in it that should not. */
    async look(path: string): Promise<string[]> {
      const response = await page.goto(`http://skerry.localhost${path}`, { waitUntil: 'load' })
      if ((response?.status() ?? 0) >= 500) crimes.push(`answered ${response?.status()}`)
      const found = await page.evaluate(inspectDocument)
      for (const each of (await page.locator('.post-body a:visible, .post-body p:visible, bdi:visible').all()).slice(0, 12))
        await each.hover({ timeout: 500, force: true, noWaitAfter: true }).catch(() => undefined)
      if (await page.evaluate(() => 'pwned' in globalThis)) crimes.push('ran a script')
      return [...found, ...crimes.splice(0)].map((crime) => `${path}: ${crime}`)
    }
  }
}

/** Runs in the page: whatever could act or lead astray, as the browser's own parser sees it. */
function inspectDocument(): string[] {
  const crimes: string[] = []
  const ours = (url: string) => new URL(url, location.href).origin === location.origin
  for (const element of Array.from(document.querySelectorAll('*'))) {
    const name = element.tagName.toLowerCase()
    if (['iframe', 'object', 'embed', 'base', 'applet', 'frame', 'portal', 'math', 'marquee', 'video', 'audio', 'style'].includes(name))
      crimes.push(`has <${name}>`)
    if (name === 'script' && !/^\/static\//.test(element.getAttribute('src') ?? '')) crimes.push('has a script of its own')
    if (name === 'meta' && element.hasAttribute('http-equiv')) crimes.push('has <meta http-equiv>')
    for (const { name: attribute, value } of Array.from(element.attributes)) {
      if (/^on/i.test(attribute)) crimes.push(`has ${attribute}= on <${name}>`)
      if (attribute === 'style' || attribute === 'srcdoc' || attribute === 'background') crimes.push(`has ${attribute}= on <${name}>`)
      if (/^\s*(javascript|vbscript|data):/i.test(value) && ['href', 'src', 'action', 'formaction', 'xlink:href'].includes(attribute))
        crimes.push(`leads to ${value}`)
      if (['src', 'srcset', 'poster', 'data', 'action', 'formaction'].includes(attribute) && !ours(value))
        crimes.push(`loads from or sends to ${value}`)
    }
  }
  return crimes
}

test('HTM-01, HTM-12: nothing of a stranger runs, loads from elsewhere, frames or asks, in a real browser', {
  timeout: 120_000
}, async (t) => {
  const stage = await startStage(t, {
    icon: { type: 'Image', url: `${evil}/avatar.png` },
    image: { type: 'Image', url: `${evil}/header.png` },
    summary: contents.join('')
  })
  for (const content of contents) await noted(stage, `<p>MARK</p>${content}`)
  await noted(stage, '<p>MARK with a picture</p>', {
    attachment: [{ type: 'Image', mediaType: 'image/png', url: `${evil}/attached.png`, name: `"><img src=x onerror="${run}">` }]
  })
  const pages = await openPages(t, stage, 'olga')
  const crimes: string[] = []
  for (const path of ['/federated', '/notifications', '/@eve@e.test', '/@eve@e.test/media', '/search?q=%40eve%40e.test'])
    crimes.push(...(await pages.look(path)))
  assert.deepEqual(crimes, [])
  const shown = textOf(await stage.owner.page('/federated')).match(/MARK/g) ?? []
  assert.ok(shown.length >= contents.length, `${shown.length} of the posts are shown`)
})

test('HTM-03, HTM-04: no text of anybody is markup or a template, in a real browser', { timeout: 120_000 }, async (t) => {
  const payload = texts.join(' ')
  const stage = await startStage(t, {
    name: payload.slice(0, 190),
    summary: texts[0],
    attachment: texts.map((text) => ({ type: 'PropertyValue', name: text, value: text })),
    url: `https://e.test/"><script>${run}</script>`
  })
  const { instance, owner, eve } = stage
  const { ctx } = instance
  for (const text of texts) {
    await owner.submit('/settings/profile', {
      displayName: text.slice(0, 30),
      note: text,
      'fieldName-1': text.slice(0, 60),
      'fieldValue-1': text
    })
    await noted(stage, '<p>MARK</p>', {
      summary: text,
      name: text,
      contentMap: { [text]: '<p>MARK</p>' },
      url: `javascript:${run}//${text}`,
      attachment: [{ type: 'Document', mediaType: 'image/png', url: 'https://e.test/x.png', name: text }],
      tag: [
        { type: 'Mention', href: owner.account.uri, name: text },
        { type: 'Hashtag', href: `javascript:${run}`, name: `#${text}` },
        { type: 'Emoji', name: `:${text}:`, icon: { type: 'Image', url: `${evil}/"onerror=${run}` } }
      ]
    })
    await owner.submit('/posts', { text: `${text} #tag"><b>`, warning: text, visibility: 'public' })
  }
  await noted(stage, '<p>MARK</p>', {
    tag: [{ type: 'Hashtag', href: 'https://e.test/tags/x', name: '#x' }],
    source: { content: texts.join('') }
  })
  await eve.send(eve.activity('Follow', owner.account.uri))
  const [known] = await ctx.db.select().from(accounts).where(eq(accounts.uri, eve.uri))
  await eve.send(eve.activity('Flag', [owner.account.uri], { content: payload }))
  await ctx.transact((tx) =>
    tx
      .insert(reports)
      .values({ id: tx.newId(), reporterId: known!.id, targetId: owner.account.id, comment: payload, createdAt: tx.now })
      .then(() => undefined)
  )
  await instance.runJobs()
  const [report] = await ctx.db.select().from(reports)

  const pages = await openPages(t, stage, 'olga')
  const paths = [
    '/home',
    '/federated',
    '/local',
    '/notifications',
    '/follow-requests',
    '/@olga',
    '/@olga/followers',
    '/@eve@e.test',
    '/settings/profile',
    `/accounts/${known!.id}/block`
  ]
  const search = texts.slice(0, 2).map((text) => `/search?q=${encodeURIComponent(text)}`)
  const panel = ['', '/accounts', `/accounts/${known!.id}`, '/reports', `/reports/${report!.id}`, '/audit'].map(
    (ending) => `/admin${ending}`
  )
  const crimes: string[] = []
  for (const path of [...paths, ...search, ...panel]) crimes.push(...(await pages.look(path)))
  assert.deepEqual(crimes, [])
  assert.match(textOf(await owner.page('/@olga')), /\{\{\{73\*89\}\}\}/, 'braces are shown as they are')
  for (const path of ['/@olga', '/home', '/@eve@e.test']) lacks(textOf(await owner.page(path)), /\b6497\b/, path)
})
