import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { knowsCookies } from '#server/web/access.ts'
import { hiddenFieldsOf, textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'

const forged: [string, Record<string, string>][] = [
  ['another origin', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['another origin, from an old browser', { origin: 'https://evil.example' }],
  ['no origin (null)', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['a sister host', { origin: 'https://sister.skerry.test', 'sec-fetch-site': 'same-site' }],
  ['plain http', { origin: 'http://skerry.test' }],
  ['nothing said', {}]
]

test('AUT-01: no route that changes anything can be called from elsewhere', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const routes = unsafeRoutesOf(instance.app)
  assert.ok(routes.some(({ url }) => url === '/sign-in') && routes.some(({ url }) => url === '/sign-out'), 'the list is not empty')
  for (const { method, url } of routes) {
    const path = url.replace(/:\w+/g, '1').replace('*', 'x')
    for (const [name, headers] of forged) {
      const response = await ana.request({
        method,
        url: path,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        payload: 'csrf=wrong&login=ana&password=x'
      })
      assert.equal(response.statusCode, 403, `${method} ${path}, ${name}: ${response.body.slice(0, 200)}`)
    }
  }
  assert.equal((await ana.get('/settings/account')).statusCode, 200, 'still signed in')
})

test('AUT-01: a right token does not help from elsewhere, and a wrong one does not help from here', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const { csrf } = hiddenFieldsOf(await ana.page('/settings/account'))
  assert.ok(csrf)
  const post = (token: string, headers: Record<string, string>) =>
    ana.request({
      method: 'POST',
      url: '/settings/profile',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload: new URLSearchParams({ csrf: token, displayName: 'Ana' }).toString()
    })
  const here = { origin: 'https://skerry.test', 'sec-fetch-site': 'same-origin' }
  for (const [name, headers] of forged.slice(0, -1)) assert.equal((await post(csrf, headers)).statusCode, 403, name)
  for (const token of ['', 'x', csrf.slice(1), `${csrf}x`, csrf.toLowerCase()])
    assert.equal((await post(token, here)).statusCode, 403, token)
  assert.equal((await post(csrf, here)).statusCode, 303)
  // A browser of old, or a script of one's own, says nothing of where it comes from: the token alone tells.
  assert.equal((await post(csrf, {})).statusCode, 303)
})

test('a token is good for its session or visitor only', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bob = await instance.as('bob')
  const tokens = [hiddenFieldsOf(await bob.page('/settings/account')).csrf!, hiddenFieldsOf(await instance.guest().page('/sign-in')).csrf!]
  for (const csrf of tokens) assert.equal((await ana.submit('/settings/sessions/others/end', { csrf })).statusCode, 403)
  const guest = instance.guest()
  await guest.page('/sign-in')
  assert.equal((await guest.submit('/sign-in', { csrf: tokens[1]!, login: 'ana', password: testPassword })).statusCode, 403)
})

test('a form that is only out of date is shown again with what was typed, but for passwords', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const response = await ana.submit('/settings/profile', {
    csrf: 'stale',
    displayName: 'Ana of the "Isles"',
    note: 'one\ntwo',
    currentPassword: 'secret one'
  })
  assert.equal(response.statusCode, 403)
  const fields = hiddenFieldsOf(response.body)
  assert.equal(fields.displayName, 'Ana of the "Isles"')
  assert.equal(fields.note, 'one\ntwo')
  assert.doesNotMatch(response.body, /secret one/)
  assert.match(textOf(response.body), /once more/)
  const again = await ana.submit('/settings/profile', { ...fields })
  assert.equal(again.statusCode, 303)
  assert.match(await ana.page('/settings/profile'), /Ana of the &quot;Isles&quot;/)
})

test('a page for everybody gives no cookie and holds no token', async (t) => {
  const instance = await startInstance(t)
  const response = await instance.guest().get('/about')
  assert.deepEqual(response.cookies, [])
  assert.doesNotMatch(response.body, /name="csrf" value="[^"]/)
})

/** All routes with unsafe methods for browsers, taken from Fastify itself so that a new one is covered without being named. */
function unsafeRoutesOf({ routeTable }: FastifyInstance) {
  return routeTable.filter(({ method, access }) => !['GET', 'HEAD', 'OPTIONS'].includes(method) && knowsCookies(access))
}
