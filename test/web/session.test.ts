import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sessions } from '#db/schema/sign-in.ts'
import { accounts } from '#db/schema/accounts.ts'
import { eq } from 'drizzle-orm'
import { hashToken } from '#server/sign-in/find-session.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'

const dayMs = 86_400_000

test('AUT-18: cookies are for this host alone, out of reach of scripts and other sites', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  const guest = instance.guest()
  const page = await guest.get('/sign-in')
  const signedIn = await guest.submit('/sign-in', { login: 'ana', password: testPassword })
  const lines = [page, signedIn].flatMap(({ headers }) => [headers['set-cookie'] ?? []].flat())
  assert.ok(lines.length >= 2)
  for (const line of lines) {
    assert.match(line, /^__Host-[a-z]+=/)
    assert.match(line, /; Path=\/(;|$)/)
    assert.match(line, /; HttpOnly/)
    assert.match(line, /; Secure/)
    assert.match(line, /; SameSite=Lax/)
    assert.doesNotMatch(line, /domain/i)
  }
})

test('AUT-18: on plain http the cookies do without Secure and its prefix', async (t) => {
  const instance = await startInstance(t, { origin: 'http://red.localhost:3001' })
  await instance.as('ana')
  const guest = instance.guest()
  const response = await guest.submit('/sign-in', { login: 'ana', password: testPassword })
  const line = [response.headers['set-cookie'] ?? []].flat().find((each) => each.startsWith('session='))
  assert.ok(line)
  assert.match(line, /HttpOnly/)
  assert.doesNotMatch(line, /Secure|domain/i)
})

test('AUT-02: a session gets a new id at sign-in; what a stranger planted is worth nothing', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  const planted = 'A'.repeat(32)
  const cookie = `__Host-session=${planted}; __Host-visitor=${'B'.repeat(32)}`
  const before = await instance.app.inject({ url: '/sign-in', headers: { host: 'skerry.test', accept: 'text/html', cookie } })
  const csrf = /name="csrf" value="([^"]+)"/.exec(before.body)![1]!
  const signedIn = await instance.app.inject({
    method: 'POST',
    url: '/sign-in',
    headers: { host: 'skerry.test', cookie, 'content-type': 'application/x-www-form-urlencoded', origin: 'https://skerry.test' },
    payload: new URLSearchParams({ csrf, login: 'ana', password: testPassword }).toString()
  })
  assert.equal(signedIn.statusCode, 303)
  const given = signedIn.cookies.find(({ name }) => name === '__Host-session')!.value
  assert.notEqual(given, planted)
  const asPlanted = await instance.app.inject({ url: '/settings/account', headers: { host: 'skerry.test', accept: 'text/html', cookie } })
  assert.equal(asPlanted.statusCode, 303)
})

test('AUT-02: signing in again ends the session the browser had', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const [before] = await instance.ctx.db.select().from(sessions)
  await ana.page('/settings/account')
  await ana.submit('/sign-in', { login: 'ana', password: testPassword })
  const after = await instance.ctx.db.select().from(sessions)
  assert.equal(after.length, 1)
  assert.notEqual(after[0]!.tokenHash, before!.tokenHash)
})

test('only the hash of a token is stored', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  const guest = instance.guest()
  const response = await guest.submit('/sign-in', { login: 'ana', password: testPassword })
  const token = (response.cookies as { name: string; value: string }[]).find(({ name }) => name === '__Host-session')!.value
  const rows = await instance.ctx.db.select().from(sessions)
  assert.ok(rows.some(({ tokenHash }) => tokenHash === hashToken(token)))
  assert.ok(!JSON.stringify(rows).includes(token))
})

test('a session slides while it is used and ends when it is not', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  instance.clock.advance(40 * dayMs)
  const used = await ana.get('/settings/account')
  assert.equal(used.statusCode, 200)
  assert.ok(
    (used.cookies as { name: string; maxAge?: number }[]).some(
      ({ name, maxAge }) => name === '__Host-session' && maxAge === (60 * dayMs) / 1_000
    )
  )
  const again = await ana.get('/settings/account')
  assert.deepEqual(again.cookies, [], 'noted every few minutes only')
  instance.clock.advance(40 * dayMs)
  assert.equal((await ana.get('/settings/account')).statusCode, 200)
  instance.clock.advance(61 * dayMs)
  assert.equal((await ana.get('/settings/account')).statusCode, 303)
})

test('VIS-20: an answer that shared caches may keep never carries a cookie', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const [, style] = /href="(\/static\/[^"]+\.css)"/.exec(await ana.page('/settings/account'))!
  // Long enough that the session would be noted, and its cookie given again.
  instance.clock.advance(20 * 60_000)
  const response = await ana.get(style!)
  assert.match(response.headers['cache-control'] as string, /public/)
  assert.equal(response.headers['set-cookie'], undefined)
})

test('signing out ends the session, its cookie, and what the browser kept', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const [session] = await instance.ctx.db.select().from(sessions)
  const response = await ana.submit('/sign-out')
  assert.equal(response.statusCode, 303)
  assert.equal(
    response.headers['clear-site-data'],
    '"cache", "storage"',
    'a browser takes "cookies" of all sites of the domain, and the word that follows'
  )
  assert.ok((response.cookies as { name: string; value: string }[]).some(({ name, value }) => name === '__Host-session' && value === ''))
  assert.deepEqual(await instance.ctx.db.select().from(sessions).where(eq(sessions.id, session!.id)), [])
  assert.match(textOf(await ana.page('/')), /signed out/)
})

test('one sees and ends one’s sessions, and nobody else’s', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bob = await instance.as('bob')
  const other = instance.guest()
  await other.submit(
    '/sign-in',
    { login: 'ana', password: testPassword },
    { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
  )
  const html = await ana.page('/settings/sessions')
  assert.match(html, /Firefox on Linux/)
  const paths = [...html.matchAll(/action="(\/settings\/sessions\/\d+\/end)"/g)].map(([, path]) => path!)
  assert.equal(paths.length, 1)
  assert.equal((await bob.submit(paths[0]!)).statusCode, 404)
  assert.equal((await other.get('/settings/account')).statusCode, 200)
  assert.equal((await ana.submit(paths[0]!)).statusCode, 303)
  assert.equal((await other.get('/settings/account')).statusCode, 303)
  assert.match(await ana.page('/settings/sessions'), /The session has ended/)
  for (const id of ['x', '0', '-1', '99999999999999999999'])
    assert.equal((await ana.submit(`/settings/sessions/${id}/end`)).statusCode, 404, id)
})

test('a suspended account is signed in nowhere from the next request on', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await instance.ctx.transact((tx) =>
    tx
      .update(accounts)
      .set({ suspendedAt: tx.now, suspendedBy: 'here' })
      .where(eq(accounts.id, ana.account.id))
      .then(() => {})
  )
  assert.equal((await ana.get('/settings/account')).statusCode, 303)
  const again = await instance.guest().submit('/sign-in', { login: 'ana', password: testPassword })
  assert.equal(again.statusCode, 403)
})

test('API-06: neither tokens nor passwords nor one-time links reach the log', async (t) => {
  const lines: string[] = []
  const { createLog } = await import('#server/platform/log.ts')
  const instance = await startInstance(t, { overrides: { log: createLog('trace', { write: (line: string) => void lines.push(line) }) } })
  await instance.as('ana')
  const guest = instance.guest()
  const response = await guest.submit('/sign-in?next=/home%3Ftoken%3Dverysecret', { login: 'ana', password: testPassword })
  const token = (response.cookies as { name: string; value: string }[]).find(({ name }) => name === '__Host-session')!.value
  await guest.get('/confirm/one-time-secret-of-a-mail')
  await guest.get('/nothing?x=one-time-secret-of-a-query')
  const log = lines.join('\n')
  assert.match(log, /"answered"/)
  for (const secret of [token, testPassword, 'one-time-secret', 'verysecret']) assert.ok(!log.includes(secret), secret)
})

test('API-05: what a request says cannot forge a line of the log', async (t) => {
  const lines: string[] = []
  const { createLog } = await import('#server/platform/log.ts')
  const instance = await startInstance(t, { overrides: { log: createLog('trace', { write: (line: string) => void lines.push(line) }) } })
  await instance.guest().get(`/x%0d%0a{"level":"fatal"}%1b[31m${'y'.repeat(5_000)}`, { 'user-agent': `z${'\t'.repeat(100)}` })
  for (const line of lines) {
    assert.equal(line.trimEnd().split('\n').length, 1)
    assert.doesNotMatch(line.trimEnd(), /\p{Cc}/u)
    assert.ok(line.length < 3_000)
  }
})
