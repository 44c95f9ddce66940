import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance, type Instance } from '#test/helpers/instance.ts'
import { hiddenFieldsOf } from '#test/helpers/html.ts'
import { testPassword } from '#test/helpers/people.ts'
import { watchMails } from '#test/sign-in/mails.ts'

const minuteMs = 60_000

/** Tries to sign in from an address, as a script would. */
async function tryFrom(instance: Instance, remoteAddress: string, login: string, password: string) {
  const headers = { host: 'skerry.test', accept: 'text/html' }
  const page = await instance.app.inject({ url: '/sign-in', headers, remoteAddress })
  const cookie = page.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  return instance.app.inject({
    method: 'POST',
    url: '/sign-in',
    remoteAddress,
    headers: {
      ...headers,
      cookie,
      'content-type': 'application/x-www-form-urlencoded',
      'x-forwarded-for': `198.51.100.${Math.floor(Math.random() * 250)}`
    },
    payload: new URLSearchParams({ csrf: hiddenFieldsOf(page.body).csrf!, login, password }).toString()
  })
}

test('AUT-04: guessing at one account from one address is stopped, and its owner is let in again soon', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  const statuses: number[] = []
  for (let at = 0; at < 25; at++) statuses.push((await tryFrom(instance, '203.0.113.1', 'ana', `wrong password ${at}`)).statusCode)
  assert.equal(statuses[0], 422)
  assert.equal(statuses.at(-1), 429)
  const refused = await tryFrom(instance, '203.0.113.1', 'ana', testPassword)
  assert.equal(refused.statusCode, 429)
  assert.ok(Number(refused.headers['retry-after']) <= 600)
  assert.match(refused.body, /value="ana"/, 'what was typed is kept')
  instance.clock.advance(11 * minuteMs)
  assert.equal((await tryFrom(instance, '203.0.113.1', 'ana', testPassword)).statusCode, 303)
})

test('AUT-04: guessing at one account from many addresses is stopped, but not for the place its owner is signed in from', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  assert.equal((await tryFrom(instance, '198.51.100.20', 'ana', testPassword)).statusCode, 303)
  let last = 0
  for (let at = 0; at < 25; at++) last = (await tryFrom(instance, `203.0.113.${at}`, 'ana', 'wrong password')).statusCode
  assert.equal(last, 429)
  assert.equal((await tryFrom(instance, '203.0.113.99', 'ana', testPassword)).statusCode, 429)
  assert.equal((await tryFrom(instance, '198.51.100.20', 'ana', testPassword)).statusCode, 303)
})

test('AUT-04: guessing at many accounts from one network is stopped; a /64 is one network', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  let last = 0
  for (let at = 0; at < 35; at++) last = (await tryFrom(instance, `2001:db8:1:2::${at + 1}`, `nobody${at}`, 'wrong password')).statusCode
  assert.equal(last, 429)
  assert.equal((await tryFrom(instance, '2001:db8:1:2:ffff::1', 'ana', testPassword)).statusCode, 429)
  assert.equal((await tryFrom(instance, '2001:db8:1:3::1', 'ana', testPassword)).statusCode, 303)
})

test('signing in rightly many times from one place is no attack', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  for (let at = 0; at < 40; at++) assert.equal((await tryFrom(instance, '203.0.113.5', 'ana', testPassword)).statusCode, 303)
})

test('AUT-06: an unknown account and a wrong password are told apart by nothing', async (t) => {
  let hashes = 0
  const { createPasswords } = await import('#server/platform/passwords.ts')
  const cheap = createPasswords({ cost: { memoryKib: 8, passes: 1, lanes: 1 } })
  const passwords = {
    ...cheap,
    verify: (hash: string | undefined, password: string) => cheap.verify(hash, password).finally(() => hashes++)
  }
  const instance = await startInstance(t, { overrides: { passwords } })
  await instance.as('ana')
  hashes = 0
  const known = await tryFrom(instance, '203.0.113.1', 'ana', 'wrong password')
  assert.equal(hashes, 1)
  const unknown = await tryFrom(instance, '203.0.113.2', 'eve', 'wrong password')
  assert.equal(hashes, 2, 'nobody’s password is checked too')
  assert.equal(known.statusCode, 422)
  assert.equal(unknown.statusCode, 422)
  assert.equal(neutral(known.body, 'ana'), neutral(unknown.body, 'eve'))
  const names = (headers: Record<string, unknown>) => Object.keys(headers).sort().join()
  assert.equal(names(known.headers), names(unknown.headers))
})

test('AUT-06: medians of the time to answer differ by less than the noise', async (t) => {
  const { createPasswords } = await import('#server/platform/passwords.ts')
  const instance = await startInstance(t, {
    overrides: { passwords: createPasswords({ cost: { memoryKib: 4_096, passes: 2, lanes: 1 } }) }
  })
  await instance.as('ana')
  const times: Record<'ana' | 'eve', number[]> = { ana: [], eve: [] }
  for (let at = 0; at < 30; at++) {
    for (const login of ['ana', 'eve'] as const) {
      if (at % 10 === 0) instance.clock.advance(11 * minuteMs)
      const start = performance.now()
      await tryFrom(instance, `203.0.113.${at}`, login, 'wrong password')
      times[login].push(performance.now() - start)
    }
  }
  const median = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!
  const [known, unknown] = [median(times.ana), median(times.eve)]
  assert.ok(Math.abs(known - unknown) < 0.35 * Math.max(known, unknown), `${known} and ${unknown} ms`)
})

test('AUT-06, AUT-07: asking for a new password tells nothing and floods nobody', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  const mails = watchMails(instance)
  const guest = instance.guest()
  const known = await guest.submit('/password', { email: 'ana@mail.test' })
  const unknown = await guest.submit('/password', { email: 'eve@mail.test' })
  assert.deepEqual([known.statusCode, known.headers.location, known.body], [303, unknown.headers.location, unknown.body])
  const told = { ana: known.cookies[0]!.value, eve: unknown.cookies[0]!.value }
  const words = (name: keyof typeof told) => neutral(Buffer.from(told[name], 'base64url').toString(), name)
  assert.equal(words('ana'), words('eve'))
  for (let at = 0; at < 20; at++) {
    await guest.submit('/password', { email: at % 2 ? 'ANA@mail.test' : 'ana@mail.test ' })
    await guest.submit('/password', { email: 'eve@mail.test' })
  }
  const refusals = await Promise.all(['ana', 'eve'].map((name) => guest.submit('/password', { email: `${name}@mail.test` })))
  assert.deepEqual(
    refusals.map(({ statusCode }) => statusCode),
    [429, 429]
  )
  await instance.runJobs()
  assert.equal(mails.length, 5)
  assert.ok(mails.every(({ to }) => to === 'ana@mail.test'))
  instance.clock.advance(61 * minuteMs)
  assert.equal((await guest.submit('/password', { email: 'ana@mail.test' })).statusCode, 303)
})

/** A page without what is meant to differ. */
function neutral(html: string, name: string): string {
  return html.replaceAll(name, 'NAME').replace(/name="csrf" value="[^"]*"/g, '')
}
