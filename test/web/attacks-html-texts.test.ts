// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { evil, noted, run, startStage } from '#test/web/html-stage.ts'
import { lacks } from '#test/web/looks.ts'

test('HTM-05: a shortcode inside an attribute stays part of it', async (t) => {
  const stage = await startStage(t)
  await noted(stage, '<p>MARK <a href="https://x.test/:evil:?a=%22">x</a> :evil:</p>', {
    tag: [{ type: 'Emoji', name: ':evil:', icon: { type: 'Image', url: `${evil}/e.png" onerror="${run}` } }]
  })
  const html = await stage.owner.page('/federated')
  assert.match(html, /href="https:\/\/x\.test\/:evil:\?a=%22"/)
  lacks(html, /evil\.test|onerror/)
})

test('HTM-06: no class, style or id of a stranger is one of ours', async (t) => {
  const stage = await startStage(t)
  const classes = 'button button-primary admin-button post composer vh menu nav-item mention'
  await noted(
    stage,
    `<p class="${classes}" id="csrf" style="position:fixed;inset:0">MARK <font color=red>f</font> <span class="${classes}">s</span> <a class="${classes}" id="main" href="https://x.test/">https://x.test/</a></p>`
  )
  const html = await stage.owner.page('/federated')
  const content = html.slice(html.indexOf('MARK') - 100, html.indexOf('MARK') + 400)
  lacks(content, /style=|id="(csrf|main)"|<font|class="[^"]*(button|admin|composer|nav-item|vh)/)
  assert.match(content, /<span class="mention">s<\/span>/)
})

test('HTM-07: a link says where it leads', async (t) => {
  const stage = await startStage(t, {
    attachment: [
      { type: 'PropertyValue', name: 'Site', value: `<a href="${evil}"><span class="invisible">${evil}/</span>bank.example</a>` }
    ]
  })
  await noted(stage, `<p>MARK <a href="${evil}/x"><span class="invisible">${evil}/</span>bank.example</a></p>`)
  for (const path of ['/federated', '/@eve@e.test']) {
    const html = await stage.owner.page(path)
    const link = new RegExp(`<a href="${evil}[^"]*"[^>]*>.{0,200}?</a>.{0,60}`, 's').exec(html)?.[0]
    assert.ok(link, path)
    assert.match(link, /rel="nofollow noopener ugc"/)
    const visible = link.replace(/<span class="invisible">.*?<\/span>/g, '').replace(/<[^>]+>/g, '')
    assert.match(visible, /evil\.test/, path)
  }
})

const deceiving: [string, string][] = [
  ['an override', 'gro.\u202Etxet'],
  ['isolates', '\u2066a\u2067b\u2069'],
  ['zero-width spaces', 'a\u200Bdmi\u200Bn'],
  ['marks without end', `Z${'\u0301'.repeat(500)}`],
  ['object replacement', '\uFFFCadmin']
]

test('HTM-08: no name turns or buries what stands beside it', async (t) => {
  const stage = await startStage(t)
  for (const [what, name] of deceiving) {
    const eve = await stage.peer.actor(`eve-${what.replace(/\W/g, '')}`, { name })
    await eve.send(eve.activity('Create', eve.note(`MARK ${what}`)))
    await stage.owner.submit('/settings/profile', { displayName: name.slice(0, 30), note: name.slice(0, 100) })
    await stage.owner.submit('/posts', { text: `MARK by olga, ${what}` })
  }
  await stage.instance.runJobs()
  for (const path of ['/federated', '/local', '/@olga', '/settings/profile']) {
    const html = await stage.owner.page(path)
    const names = [...html.matchAll(/<bdi class="name">(.*?)<\/bdi>/gs)].map(([, name]) => name!)
    for (const name of names) {
      lacks(name, /[\u200B\u202A-\u202E\u2066-\u2069\uFFFC]/, path)
      lacks(name.normalize('NFD'), /\p{M}{6}/u, path)
    }
    assert.ok(path === '/settings/profile' || names.length > 0, path)
  }
  await stage.instance.ctx.transact((tx) => stage.instance.ctx.settings.change(tx, { signUp: 'open' }))
  // API-15 too: names of ours are plain.
  for (const name of ['аdmin', 'ad min', 'admin\u200B', 'ａdmin', 'ädmin', '\u202Enimda', 'a-b', 'a.b', '']) {
    const { statusCode } = await stage.instance
      .guest()
      .submit('/sign-up', { name, email: 'x@mail.test', password: testPassword, reason: '', inviteCode: '', consent: 'on' })
    assert.equal(statusCode, 422, JSON.stringify(name))
  }
})

test('HTM-10: nobody passes for the staff', async (t) => {
  const stage = await startStage(t, { name: 'Admin ✓ Moderator', summary: '<p class="tag">Admin</p><span class="tag badge">Staff</span>' })
  await noted(stage, '<p>MARK</p>')
  await stage.instance.as('mallory').then((mallory) => mallory.submit('/settings/profile', { displayName: 'olga ✓ Admin', note: '' }))
  for (const path of ['/@eve@e.test', '/@mallory', '/federated']) {
    const html = await stage.owner.page(path)
    lacks(html, /class="tag[^"]*">\s*(Admin|Staff|Moderator|Owner)/i, path)
  }
  assert.match(textOf(await stage.owner.page('/@eve@e.test')), /@eve@e\.test/)
  assert.match(textOf(await stage.owner.page('/federated')), /Admin ✓ Moderator @eve@e\.test/)
  assert.match(textOf(await stage.owner.page('/@mallory')), /olga ✓ Admin @mallory/)
})

test('HTM-11: every kind of page forbids what no page of ours needs', async (t) => {
  const instance = await startInstance(t)
  const owner = await instance.as('olga', { role: 'owner' })
  await owner.submit('/posts', { text: 'MARK' })
  const pages = [
    ...new Set(instance.app.routeTable.filter(({ method, url }) => method === 'GET' && !/[:*]/.test(url)).map(({ url }) => url))
  ]
  assert.ok(pages.length > 15)
  for (const path of [...pages, '/@olga', '/@nobody', '/nothing']) {
    for (const who of [owner, instance.guest()]) {
      const { headers } = await who.get(path)
      const policy = String(headers['content-security-policy'])
      for (const part of ["default-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "object-src 'none'", "base-uri 'none'"])
        assert.ok(policy.includes(part), `${path}: ${policy}`)
      lacks(policy, /unsafe|\*|https?:|data:/, path)
      assert.equal(headers['x-content-type-options'], 'nosniff', path)
      assert.equal(headers['referrer-policy'], 'same-origin', path)
      assert.match(String(headers['strict-transport-security']), /max-age=\d{7,}/, path)
    }
  }
  // Pages in which nothing is inline need no exception from the policy.
  lacks(await owner.page('/home'), /<script(?![^>]*src=)|\sstyle="|<style/)
})
