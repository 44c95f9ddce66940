import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'
import Fastify from 'fastify'
import { listRoutes } from '#server/web/access.ts'
import { safePath } from '#server/web/return-to.ts'

test('an app with a route that does not say who may call it does not start', async () => {
  const app = Fastify()
  listRoutes(app)
  assert.throws(() => app.get('/secret', async () => 'x'), /does not say who may call it/)
  // Whoever takes tokens says which, and nobody else names any.
  assert.throws(() => app.get('/a', { config: { access: 'token' } }, async () => 'x'), /names no scopes/)
  assert.throws(() => app.get('/b', { config: { access: 'signed-in', scopes: ['read'] } }, async () => 'x'), /names no scopes/)
  app.get('/c', { config: { access: 'token', scopes: ['read'] } }, async () => 'x')
})

test('strangers are sent to sign in by pages, and get 401 everywhere else', async (t) => {
  const instance = await startInstance(t)
  const guest = instance.guest()
  const page = await guest.get('/settings/account?a=b')
  assert.equal(page.statusCode, 303)
  assert.equal(page.headers.location, '/sign-in?next=%2Fsettings%2Faccount%3Fa%3Db')
  const json = await guest.get('/settings/account', { accept: 'application/json' })
  assert.equal(json.statusCode, 401)
  assert.match(json.headers['content-type'] as string, /^application\/json/)
  const post = await guest.submit('/settings/password', { currentPassword: 'x' })
  assert.equal(post.statusCode, 401)
})

test('every route is behind the guard: what is not for anyone shows nothing to strangers', async (t) => {
  const instance = await startInstance(t)
  const guest = instance.guest()
  const routes = instance.app.printRoutes({ commonPrefix: false })
  assert.match(routes, /settings/)
  for (const path of ['/settings', '/settings/profile', '/settings/account', '/settings/sessions', '/settings/appearance']) {
    assert.equal((await guest.get(path)).statusCode, 303, path)
  }
})

test('AUT-13: only paths of ours are ever returned to', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  const evil = [
    '//evil.example',
    '/\\evil.example',
    '/%2F%2Fevil.example',
    '/%2f%2fevil.example',
    '/%5Cevil.example',
    '/%252F%252Fevil.example',
    'https:evil.example',
    'https://evil.example/',
    '/.//evil.example',
    '/..//evil.example',
    '/\t/evil.example',
    '\t//evil.example',
    '/\n/evil.example',
    'javascript:alert(1)',
    'evil',
    '',
    '/a b',
    `/${'a'.repeat(3_000)}`
  ]
  for (const next of evil) assert.equal(safePath(next), undefined, next)
  assert.equal(safePath(['/a', '/b']), undefined)
  for (const path of ['/', '/home', '/@ana/12?x=1&y=%2F%2Fb#post-3', '/tags/caf%C3%A9']) assert.equal(safePath(path), path)

  for (const next of evil) {
    const guest = instance.guest()
    const response = await guest.submit(`/sign-in?next=${encodeURIComponent(next)}`, { login: 'ana', password: 'correct horse battery' })
    assert.equal(response.statusCode, 303, `${next}: ${response.body}`)
    assert.equal(response.headers.location, '/home', next)
  }
  const guest = instance.guest()
  const response = await guest.submit('/sign-in?next=%2Fsettings%2Fprofile', { login: 'ana', password: 'correct horse battery' })
  assert.equal(response.headers.location, '/settings/profile')
})

test('AUT-13: no catch-all route leads elsewhere', async (t) => {
  const instance = await startInstance(t)
  const guest = instance.guest()
  for (const path of [
    '/web/%2Fevil.example:443',
    '/%2F%2Fevil.example',
    '//evil.example',
    '/\\evil.example',
    '/@x@evil.example/%2F%2Fb',
    '/settings/%2F%2Fevil.example'
  ]) {
    const response = await guest.get(path)
    const { location } = response.headers
    assert.ok(location === undefined || safePath(location) !== undefined, `${path} → ${location}`)
  }
})
