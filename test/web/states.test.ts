// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { knowsCookies } from '#server/web/access.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { hiddenFieldsOf, textOf } from '#test/helpers/html.ts'
import { type Guest, testPassword } from '#test/helpers/people.ts'
import { formsOf } from '#test/web/bad-input/forms.ts'
import { startBadInputWorld } from '#test/web/bad-input/world.ts'

test('an address that takes a form leads to a page when it is opened, reloaded or passed on', async (t) => {
  const world = await startBadInputWorld(t)
  const forms = world.instance.app.routeTable.filter(({ method, access }) => method === 'POST' && knowsCookies(access))
  assert.ok(forms.length > 50, 'the table of routes is there')
  const wrong: string[] = []
  for (const { url, access } of forms) {
    const path = await world.freshPath(url)
    for (const viewer of [world.instance.guest(), await world.actor(access)]) {
      const { status, passed } = await follow(viewer, path)
      if (status !== 200) wrong.push(`${passed.join(' -> ')} ends with ${status}`)
    }
  }
  assert.deepEqual(wrong, [])
  const alice = await world.actor('signed-in')
  for (const [path, page] of [
    ['/posts', '/home'],
    ['/settings/password', '/settings/account'],
    ['/settings/sessions/7/end', '/settings/sessions'],
    ['/notifications/read?upTo=5', '/notifications'],
    ['/sign-out', '/'],
    ['/posts/7/boost', '/posts']
  ] as const) {
    assert.equal((await alice.get(path)).headers.location, page, path)
  }
  // What is no address at all stays unknown, and programs are told so.
  assert.equal((await alice.get('/settings/nothing/7/end')).statusCode, 404)
  assert.equal((await alice.get('/posts/7/boost', { accept: 'application/json' })).statusCode, 404)
})

test('a form that was refused can be mended and sent from where it is shown, and sending it twice does it once', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const refused = await ana.submit('/posts', { text: 'x'.repeat(6_000), idempotencyKey: 'once' })
  assert.equal(refused.statusCode, 422)
  const fields = formsOf(refused.body).find(({ path }) => path === '/posts')!.fields
  const mended = {
    ...Object.fromEntries(fields.filter(({ kind }) => kind !== 'file' && kind !== 'button').map(({ name, value }) => [name, value])),
    text: 'Short now'
  }
  const sent = await ana.submit('/posts', mended)
  assert.equal(sent.statusCode, 303)
  // Back and send again, or a reload that asks whether to send again.
  assert.equal((await ana.submit('/posts', mended)).headers.location, sent.headers.location)
  assert.equal((await ana.page('/@ana')).match(/<article /g)?.length, 1)
})

test('whose session ended while they wrote signs in elsewhere, comes back, and sends what is still there', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const { csrf } = hiddenFieldsOf(await ana.page('/home'))
  await instance.as('ana').then((person) => person.submit('/sign-out'))
  const refused = await ana.submit('/posts', { csrf: csrf!, text: 'Long thought over' }, { referer: 'https://skerry.test/home?before=5' })
  assert.equal(refused.statusCode, 401)
  assert.match(textOf(refused.body), /What you typed is kept on this page/)
  assert.match(refused.body, /href="\/sign-in/)
  await ana.submit('/sign-in', { login: 'ana', password: testPassword })
  const offered = await ana.submit('/posts', { csrf: csrf!, text: 'Long thought over' })
  assert.equal(offered.statusCode, 403)
  const again = formsOf(offered.body).find(({ path }) => path === '/posts')!
  const kept = Object.fromEntries(again.fields.map(({ name, value }) => [name, value]))
  assert.equal(kept.text, 'Long thought over')
  assert.equal((await ana.submit('/posts', kept)).statusCode, 303)
})

test('from any page, an error’s too, one can sign out', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  const mona = await instance.as('mona', { role: 'moderator' })
  const pages: [path: string, status: number, act?: () => Record<string, string>][] = [
    ['/about', 200],
    ['/home', 200],
    ['/@mona', 200],
    ['/settings/sessions', 200],
    ['/admin', 200],
    ['/nowhere', 404],
    ['/admin/settings', 403],
    ['/home?before=abc', 422],
    ['/posts', 422, () => ({ text: '' })],
    [`/accounts/${mona.account.id}/follow`, 422, () => ({})]
  ]
  for (const [path, status, fields] of pages) {
    const person = instance.guest()
    await person.submit('/sign-in', { login: 'mona', password: testPassword })
    await person.page('/home')
    const answer: LightMyRequestResponse = fields ? await person.submit(path, fields()) : await person.get(path)
    assert.equal(answer.statusCode, status, path)
    const form = formsOf(answer.body).find((each) => each.path === '/sign-out')
    assert.ok(form, `${path} has no way out`)
    const out = await person.submit('/sign-out', Object.fromEntries(form.fields.map(({ name, value }) => [name, value])))
    assert.equal(out.statusCode, 303, path)
    assert.match(textOf(await person.page('/')), /signed out/i)
    assert.equal((await person.get('/home')).statusCode, 303, path)
  }
})

async function follow(viewer: Guest, start: string): Promise<{ status: number; passed: string[] }> {
  const passed = [start]
  for (let path: string | undefined = start; passed.length < 6; ) {
    const { statusCode, headers }: LightMyRequestResponse = await viewer.get(path)
    path = headers.location === undefined ? undefined : String(headers.location)
    if (path === undefined) return { status: statusCode, passed }
    passed.push(path)
  }
  return { status: 0, passed }
}
