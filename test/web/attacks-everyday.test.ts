import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linkPreviews } from '#db/schema/previews.ts'
import { users } from '#db/schema/sign-in.ts'
import { trends } from '#db/schema/trends.ts'
import { startInstance } from '#test/helpers/instance.ts'
import type { Fields } from '#test/helpers/people.ts'
import { linksIn, shapesOf } from '#test/web/crawler/paths.ts'
import { write } from '#test/web/world.ts'

const breakOut = `"'><img src=x onerror=alert(1)>{{7*7}}</title></textarea><script>alert(2)</script>`
const marks = ['list7', 'note7', 'filter7', 'draft7', 'import7', 'page7', 'name7', 'shared7']
/** Any of these in a page, and the text was taken for markup or for a template. */
const taken = /<img src=x|<script>alert|<\/textarea><script|(?<!\d)49<\/title>/

test('HTM-03, HTM-04: what people name, note, filter, draft, share and are shown of other sites is text on every page it comes to', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const [ana, bo, ada] = [await instance.as('ana'), await instance.as('bo'), await instance.as('ada', { role: 'admin' })]
  await ada.submit('/admin/settings', {
    name: breakOut.slice(0, 60),
    signUp: 'open',
    postCharactersMax: '5000',
    timeZone: 'UTC',
    linkPreviews: 'yes'
  })
  await ada.submit('/admin/welcome', { text: breakOut, handles: '@bo', tags: 'tide' })
  await bo.submit('/settings/profile', {
    displayName: `name7 ${breakOut}`,
    note: breakOut,
    'fieldName-1': breakOut,
    'fieldValue-1': breakOut
  })
  const id = await write(bo, { text: `${breakOut} https://pages.test/a #tide` })
  await ana.submit(`/accounts/${bo.account.id}/follow`)
  await ana.submit(`/accounts/${bo.account.id}/note`, { note: `note7 ${breakOut}` })
  await ana.submit('/lists', { title: `list7 ${breakOut.slice(0, 80)}`, repliesPolicy: 'members' })
  await ana.submit('/settings/filters', {
    title: `filter7 ${breakOut.slice(0, 60)}`,
    action: 'warn',
    'place-home': 'yes',
    'place-thread': 'yes',
    keyword1: breakOut,
    expires: 'never'
  })
  await ana.submit('/posts', { text: `draft7 ${breakOut}`, warning: breakOut, saveDraft: 'yes', idempotencyKey: 'begun' })
  await ana.submit('/settings/import', { kind: 'follows', text: `import7${breakOut}\n=HYPERLINK("https://evil.test")` })
  await ctx.transact(async (tx) => {
    const page = { url: 'https://pages.test/a', host: 'pages.test', answeredHost: 'pages.test', state: 'shown' as const }
    const said = { title: `page7 ${breakOut}`, description: breakOut, siteName: breakOut }
    await tx.insert(linkPreviews).values({ id: tx.newId(), ...page, ...said, askedAt: tx.now, freshUntil: tx.now + 1_000_000 })
    const figures = { score: 9, people: 3, posts: 4, isApproved: true, firstAt: tx.now, seenAt: tx.now }
    await tx.insert(trends).values([
      { kind: 'link', key: 'https://pages.test/a', ...figures },
      { kind: 'tag', key: breakOut, ...figures }
    ])
    await tx.update(users).set({ welcomedAt: tx.now })
  })
  await instance.runJobs()

  const shapeOf = shapesOf(instance.app.routeTable.filter(({ method }) => method === 'GET'))
  for (const who of [ana, ada, instance.guest()]) {
    const seen = new Set<string>()
    let texts = ''
    const share = `/posts/new?${new URLSearchParams({ title: `shared7 ${breakOut}`, text: breakOut, url: `javascript:${breakOut}` })}`
    const waiting = [
      '/',
      '/home',
      '/lists',
      '/explore',
      '/welcome',
      '/settings',
      '/admin',
      '/@bo',
      `/@bo/${id}`,
      '/about',
      '/directory',
      share
    ]
    waiting.push(`/search?q=${encodeURIComponent(breakOut)}`, '/posts/new', '/settings/import', '/offline', '/shortcuts')
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      if (seen.has(shapeOf(path))) continue
      seen.add(shapeOf(path))
      const { body, headers } = await who.get(path)
      if (!String(headers['content-type']).startsWith('text/html')) continue
      texts += body
      const found = taken.exec(body)
      assert.equal(found && body.slice(Math.max(0, found.index - 100), found.index + 100), null, path)
      assert.doesNotMatch(body, /(?:href|src|action)="(?:javascript|data|vbscript):/i, path)
      waiting.push(...linksIn(body, 'text/html', instance.config.origin))
    }
    if (who === ana)
      assert.deepEqual(
        marks.filter((mark) => !texts.includes(mark)),
        [],
        'each text was shown'
      )
    assert.ok(seen.size > 15, `${seen.size} kinds of pages`)
  }

  // What scripts are told is JSON and nothing a browser could take for a page.
  for (const path of ['/completions?kind=person&q=bo', '/completions?kind=tag&q=t', '/events', '/manifest.webmanifest']) {
    const { headers, body } = await ana.get(path)
    assert.match(String(headers['content-type']), /^application\/(?:manifest\+)?json/, path)
    assert.equal(headers['x-content-type-options'], 'nosniff', path)
    assert.ok(JSON.parse(body), path)
  }
})

test('AUT-13: no form of lists, hashtags, filters, notes or notifications leads to another site afterwards', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  const id = await write(bo, { text: 'Low tide #tide' })
  const forms: [string, Fields][] = [
    ['/lists', { title: 'Harbour', repliesPolicy: 'members' }],
    ['/tags', { tag: 'tide' }],
    ['/tags/tide/follow', {}],
    ['/tags/tide/unfollow', {}],
    ['/home/read', {}],
    ['/timelines/choices', { timeline: 'home' }],
    ['/notifications/read?upTo=1', {}],
    [`/notifications/senders/${bo.account.id}/admit`, {}],
    [`/accounts/${bo.account.id}/note`, { note: 'kind' }],
    [`/accounts/${bo.account.id}/follow`, {}],
    [`/accounts/${bo.account.id}/notify`, {}],
    [`/explore/${bo.account.id}/dismissal`, {}],
    [`/posts/${id}/mute-thread`, {}],
    [`/posts/${id}/react`, { emoji: '👍' }],
    [`/posts/${id}/pull`, {}],
    ['/settings/profile/tags', { tag: 'tide' }]
  ]
  for (const [path, fields] of forms) {
    for (const away of ['//evil.test', '/\\evil.test', 'https:evil.test', '/%2F%2Fevil.test', '\t//evil.test', '/.//evil.test']) {
      const { statusCode, headers } = await ana.submit(path, { ...fields, returnTo: away, next: away })
      assert.ok(statusCode < 500, `${path} answered ${statusCode}`)
      const location = String(headers.location ?? '/')
      assert.equal(new URL(location, instance.config.origin).origin, instance.config.origin, `${path} with ${away}`)
      assert.doesNotMatch(location, /evil\.test/, path)
    }
  }
})

test('API-11, law 6: what scripts ask for is kept nowhere, told to nobody else, and readable from no other site', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const id = await write(ana, { text: 'Low tide' })
  for (const path of ['/events', '/completions?kind=person&q=a', `/posts/${id}/card`, '/home/newer?since=1']) {
    const foreign = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }
    const { headers } = await ana.get(path, foreign)
    assert.equal(headers['access-control-allow-origin'], undefined, path)
    assert.equal(headers['cache-control'], path.startsWith('/home') ? headers['cache-control'] : 'no-store', path)
    assert.match(String(headers['cache-control']), /no-store|private/, path)
    const guest = await instance.guest().get(path, { accept: 'application/json' })
    assert.equal(guest.statusCode, 401, path)
  }
  for (const path of [
    '/drafts',
    '/conversations',
    '/lists',
    '/notifications',
    '/settings/filters',
    '/settings/import',
    '/settings/security'
  ]) {
    assert.equal((await ana.get(path)).headers['cache-control'], 'no-store', path)
  }
  for (const path of ['/home', '/local', '/explore', `/@ana/${id}`, '/@ana']) {
    const { headers } = await ana.get(path)
    assert.equal(headers['cache-control'], 'private, no-cache', path)
    assert.ok(headers.etag, path)
  }
})
