import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeApps, recoveryCodes as recoveryRows, signInAttempts, signInSteps } from '#db/schema/factors.ts'
import { textOf } from '#test/helpers/html.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { isIn, recoveryCodesIn, setUpCodes, startStep } from '#test/sign-in/factors.ts'
import { linkIn, watchMails } from '#test/sign-in/mails.ts'

const halfMinuteMs = 30_000
const minuteMs = 60_000

/** A code that is wrong at every time the test may see. */
function wrongCode(right: string): string {
  return String((Number(right) + 1) % 1_000_000).padStart(6, '0')
}

const cookieIn = (answer: { cookies: unknown[] }, name: string) =>
  (answer.cookies as { name: string; value: string; httpOnly?: boolean; secure?: boolean; sameSite?: string }[]).find(
    (each) => each.name === name
  )

test('codes are set up with the password and a first code, and asked for after the password from then on', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const mails = watchMails(instance)
  await ana.submit('/settings/security/code-app/start')
  const picture = await ana.get('/settings/security/code-app/picture')
  assert.equal(picture.headers['content-type'], 'image/svg+xml')
  assert.equal(picture.headers['cache-control'], 'no-store')
  assert.match(picture.body, /^<svg /)
  assert.equal((await ana.submit('/settings/security/code-app', { code: '123456', password: 'wrong password' })).statusCode, 422)
  assert.equal((await ana.submit('/settings/security/code-app', { code: 'abc', password: testPassword })).statusCode, 422)
  const early = instance.guest()
  assert.equal((await early.submit('/sign-in', { login: 'ana', password: testPassword })).headers.location, '/home', 'not on yet')

  const { app, recoveryCodes } = await setUpCodes(instance, ana)
  assert.equal(recoveryCodes.length, 10)
  const stored = JSON.stringify([await instance.ctx.db.select().from(codeApps), await instance.ctx.db.select().from(recoveryRows)])
  for (const code of recoveryCodes) assert.ok(!stored.includes(code) && !stored.includes(code.replaceAll('-', '')), 'only hashes are kept')
  assert.match(stored, /"secretSealed":"v1\./)
  assert.equal((await ana.get('/settings/security/code-app/picture')).statusCode, 404, 'the secret is shown no more')

  const guest = instance.guest()
  const first = await guest.submit('/sign-in?next=%2Flocal', { login: 'ana', password: testPassword })
  assert.equal(first.headers.location, '/sign-in/step?next=%2Flocal')
  assert.equal(cookieIn(first, '__Host-session'), undefined)
  const { httpOnly, secure, sameSite } = cookieIn(first, '__Host-step')!
  assert.deepEqual([httpOnly, secure, sameSite], [true, true, 'Lax'])
  assert.equal(await isIn(guest), false)
  await guest.get('/sign-in/step')
  const wrong = await guest.submit('/sign-in/step', { code: wrongCode(app.code()) })
  assert.equal(wrong.statusCode, 422)
  assert.match(textOf(wrong.body), /code is not right/)
  const right = await guest.submit('/sign-in/step?next=%2Flocal', { code: ` ${app.code().slice(0, 3)} ${app.code().slice(3)}` })
  assert.equal(right.statusCode, 303, textOf(right.body))
  assert.equal(right.headers.location, '/local')
  assert.ok(await isIn(guest))
  await instance.runJobs()
  assert.ok(mails.some(({ subject }) => /Codes are on/.test(subject)))
})

test('AUT-02: the id of a session is new after the second step, and the step’s own opens nothing', async (t) => {
  const instance = await startInstance(t)
  const { app } = await setUpCodes(instance, await instance.as('ana'))
  const guest = instance.guest()
  const planted = 'P'.repeat(32)
  const headers = { cookie: `__Host-session=${planted}; __Host-step=${planted}` }
  assert.equal((await guest.get('/settings/account', headers)).statusCode, 303)
  const first = await guest.submit('/sign-in', { login: 'ana', password: testPassword })
  const step = cookieIn(first, '__Host-step')!.value
  assert.notEqual(step, planted)
  assert.equal((await instance.guest().get('/settings/account', { cookie: `__Host-session=${step}` })).statusCode, 303)
  await guest.get('/sign-in/step')
  const second = await guest.submit('/sign-in/step', { code: app.code() })
  const session = cookieIn(second, '__Host-session')!.value
  assert.ok(session !== step && session !== planted)
  assert.equal(cookieIn(second, '__Host-step')!.value, '', 'the step is over')
  assert.ok(!JSON.stringify(await instance.ctx.db.select().from(signInSteps)).includes(step))
})

test('AUT-02: the step belongs to the browser that typed the password, for ten minutes', async (t) => {
  const instance = await startInstance(t)
  const { app } = await setUpCodes(instance, await instance.as('ana'))
  const typed = await startStep(instance)
  const other = instance.guest()
  assert.equal((await other.get('/sign-in/step')).headers.location, '/sign-in')
  const answer = await other.submit('/sign-in/step', { code: app.code() })
  assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/sign-in'])
  assert.equal(await isIn(other), false)
  instance.clock.advance(11 * minuteMs)
  assert.equal((await typed.submit('/sign-in/step', { code: app.code() })).headers.location, '/sign-in')
  assert.equal(await isIn(typed), false)
})

test('a code counts once, also for a second browser, and no older one after it', async (t) => {
  const instance = await startInstance(t)
  const { app } = await setUpCodes(instance, await instance.as('ana'))
  const [one, two, three] = [await startStep(instance), await startStep(instance), await startStep(instance)]
  const code = app.code()
  const before = app.code(instance.clock.now() - halfMinuteMs)
  const answers = await Promise.all([one.submit('/sign-in/step', { code }), two.submit('/sign-in/step', { code })])
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [303, 422], 'of two at once, one')
  assert.equal((await three.submit('/sign-in/step', { code })).statusCode, 422)
  assert.equal((await three.submit('/sign-in/step', { code: before })).statusCode, 422)
  instance.clock.advance(halfMinuteMs)
  assert.equal((await three.submit('/sign-in/step', { code: app.code() })).statusCode, 303)
})

test('clocks may differ by half a minute, and no more', async (t) => {
  const instance = await startInstance(t)
  const { app } = await setUpCodes(instance, await instance.as('ana'))
  instance.clock.advance(10 * minuteMs)
  const now = instance.clock.now()
  const guest = await startStep(instance)
  for (const away of [-2, 2]) {
    assert.equal((await guest.submit('/sign-in/step', { code: app.code(now + away * halfMinuteMs) })).statusCode, 422, `${away}`)
  }
  assert.equal((await guest.submit('/sign-in/step', { code: app.code(now - halfMinuteMs) })).statusCode, 303)
  assert.equal((await (await startStep(instance)).submit('/sign-in/step', { code: app.code(now + halfMinuteMs) })).statusCode, 303)
})

test('AUT-04: guessing codes is stopped: after ten wrong ones nothing is heard for an hour, whoever knows the password', async (t) => {
  const instance = await startInstance(t)
  const { app } = await setUpCodes(instance, await instance.as('ana'))
  const statuses: number[] = []
  let guest = await startStep(instance)
  for (let at = 0; at < 12; at++) {
    // Five wrong ones end a step: the password is known, so there is another.
    if (at % 4 === 0) guest = await startStep(instance)
    statuses.push((await guest.submit('/sign-in/step', { code: wrongCode(app.code()) })).statusCode)
  }
  assert.equal(statuses[0], 422)
  assert.deepEqual(statuses.slice(-2), [429, 429])
  const refused = await guest.submit('/sign-in/step', { code: app.code() })
  assert.equal(refused.statusCode, 429, 'the right one is not heard either')
  assert.ok(Number(refused.headers['retry-after']) <= 3_600)
  instance.clock.advance(61 * minuteMs)
  assert.equal((await (await startStep(instance)).submit('/sign-in/step', { code: app.code() })).statusCode, 303)
})

test('AUT-04: five wrong codes end the step', async (t) => {
  const instance = await startInstance(t)
  const { app } = await setUpCodes(instance, await instance.as('ana'))
  const guest = await startStep(instance)
  for (let at = 0; at < 4; at++) assert.equal((await guest.submit('/sign-in/step', { code: wrongCode(app.code()) })).statusCode, 422)
  assert.equal((await guest.submit('/sign-in/step', { code: wrongCode(app.code()) })).headers.location, '/sign-in')
  assert.equal((await guest.submit('/sign-in/step', { code: app.code() })).headers.location, '/sign-in')
  assert.equal(await isIn(guest), false)
})

test('a recovery code lets in once, its owner is told, and a new set ends the old one', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const mails = watchMails(instance)
  const { recoveryCodes } = await setUpCodes(instance, ana)
  const [first, second, third] = recoveryCodes as [string, string, string]
  const guest = await startStep(instance)
  await guest.page('/sign-in/step/recovery')
  assert.equal((await guest.submit('/sign-in/step', { code: first })).statusCode, 422, 'it is no code of the app')
  assert.equal((await guest.submit('/sign-in/step/recovery', { code: first.toUpperCase().replaceAll('-', ' ') })).statusCode, 303)
  assert.ok(await isIn(guest))
  const again = await startStep(instance)
  assert.equal((await again.submit('/sign-in/step/recovery', { code: first })).statusCode, 422)
  await instance.runJobs()
  assert.equal(mails.filter(({ subject }) => /recovery code .* was used/.test(subject)).length, 1)
  assert.match(await ana.page('/settings/security'), /9 codes left/)

  const renewed = await ana.submit('/settings/security/recovery-codes')
  const codes = recoveryCodesIn(renewed.body)
  assert.equal(codes.length, 10)
  assert.equal(renewed.headers['cache-control'], 'no-store')
  assert.equal((await again.submit('/sign-in/step/recovery', { code: second })).statusCode, 422)
  const file = await ana.submit('/settings/security/recovery-codes/file', { codes: [...codes, third, 'not-mine-at-all1'] })
  assert.match(String(file.headers['content-disposition']), /^attachment; filename="skerry\.test-recovery-codes\.txt"$/)
  assert.deepEqual(
    codes.filter((code) => file.body.includes(code)),
    codes
  )
  assert.ok(!file.body.includes(third) && !file.body.includes('not-mine'), 'nothing but one’s own codes is written into it')
  assert.equal((await again.submit('/sign-in/step/recovery', { code: codes[9]! })).statusCode, 303)
})

test('codes are switched off with a code, and a recovery code does too', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const { app, recoveryCodes } = await setUpCodes(instance, ana)
  const path = '/settings/security/code-app/removal'
  instance.clock.advance(11 * minuteMs)
  assert.equal((await ana.submit(path, { code: app.code() })).statusCode, 422, 'a password is asked for after ten minutes')
  assert.equal((await ana.submit(path, { code: wrongCode(app.code()), password: testPassword })).statusCode, 422)
  assert.equal((await ana.submit(path, { code: recoveryCodes[0]! })).statusCode, 303, 'just proved')
  assert.equal((await instance.guest().submit('/sign-in', { login: 'ana', password: testPassword })).headers.location, '/home')
})

test('AUT-06: who has a second factor is told to nobody who does not know the password', async (t) => {
  const instance = await startInstance(t)
  await setUpCodes(instance, await instance.as('ana'))
  await instance.as('bob')
  const answers = await Promise.all(
    ['ana', 'bob', 'zoe'].map(async (login) => {
      const wrong = await instance.guest().submit('/sign-in', { login, password: 'wrong password' })
      const recovery = await instance.guest().submit('/sign-in/recovery', { login, code: 'abcd-efgh-jkmn-pqrs' })
      const neutral = (body: string) => body.replaceAll(login, 'NAME').replace(/name="csrf" value="[^"]*"/g, '')
      return [wrong.statusCode, neutral(wrong.body), recovery.statusCode, neutral(recovery.body)]
    })
  )
  assert.deepEqual(answers[1], answers[0])
  assert.deepEqual(answers[2], answers[0])
})

test('a recovery code alone does not let in whoever has a password', async (t) => {
  const instance = await startInstance(t)
  const { recoveryCodes } = await setUpCodes(instance, await instance.as('ana'))
  const guest = instance.guest()
  assert.equal((await guest.submit('/sign-in/recovery', { login: 'ana', code: recoveryCodes[0]! })).statusCode, 422)
  const step = await startStep(instance)
  assert.equal((await step.submit('/sign-in/step/recovery', { code: recoveryCodes[0]! })).statusCode, 303, 'and is not used up by that')
})

test('AUT-03: a changed password, and a new one by mail, end the steps of others; the second factor stays', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const mails = watchMails(instance)
  const { app } = await setUpCodes(instance, ana)
  const next = 'another long password'
  const thief = await startStep(instance)
  await ana.submit('/settings/password', { currentPassword: testPassword, newPassword: next })
  assert.equal((await thief.submit('/sign-in/step', { code: app.code() })).headers.location, '/sign-in')
  await instance.guest().submit('/password', { email: 'ana@mail.test' })
  await instance.runJobs()
  const guest = instance.guest()
  const link = linkIn(mails.find(({ text }) => text.includes('/password/')))
  await guest.page(link)
  assert.equal((await guest.submit(link, { password: testPassword })).statusCode, 303)
  assert.equal((await guest.submit('/sign-in', { login: 'ana', password: testPassword })).headers.location, '/sign-in/step')
})

test('the sessions page shows the latest sign-ins and those that failed; a new browser is told by mail', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const mails = watchMails(instance)
  await tryWith(instance, 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0', 'wrong password')
  await tryWith(instance, 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0', testPassword)
  await tryWith(instance, 'Mozilla/5.0 (Windows NT 10.0) Firefox/141.0', testPassword)
  await instance.runJobs()
  const told = mails.filter(({ subject }) => /new sign-in/.test(subject))
  assert.equal(told.length, 1, 'an update of the browser makes no new one')
  assert.match(told[0]!.text, /Firefox on Windows.*127\.0\.0\.1/s)
  for (let at = 0; at < 25; at++) {
    if (at % 10 === 0) instance.clock.advance(11 * minuteMs)
    await tryWith(instance, 'curl/8', 'wrong password')
  }
  const page = textOf(await ana.page('/settings/sessions'))
  assert.equal(page.match(/Wrong password/g)?.length, 20)
  const rows = await instance.ctx.db.$count(signInAttempts)
  assert.ok(rows <= 40, `${rows} rows are kept`)
})

async function tryWith(instance: Instance, userAgent: string, password: string) {
  return instance.guest().submit('/sign-in', { login: 'ana', password }, { 'user-agent': userAgent })
}
