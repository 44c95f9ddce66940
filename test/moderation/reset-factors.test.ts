import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditEntries } from '#db/schema/moderation.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { run } from '#server/commands/account-reset-factors.ts'
import { isIn, setUpCodes, startStep } from '#test/sign-in/factors.ts'
import { watchMails } from '#test/sign-in/mails.ts'

test('an admin resets the second factors of somebody who lost them; a moderator does not', async (t) => {
  const instance = await startInstance(t)
  const mails = watchMails(instance)
  const ana = await instance.as('ana')
  await setUpCodes(instance, ana)
  const [mona, ada] = [await instance.as('mona', { role: 'moderator' }), await instance.as('ada', { role: 'admin' })]
  const path = `/admin/accounts/${ana.account.id}`
  const step = await startStep(instance)
  assert.ok(!(await mona.page(path)).includes('factors/reset'))
  assert.equal((await mona.submit(`${path}/factors/reset`, { reason: 'lost phone' })).statusCode, 403)
  assert.match(textOf(await ada.page(path)), /Reset second factors/)
  assert.equal((await ada.submit(`${path}/factors/reset`, { reason: '' })).statusCode, 422)
  assert.equal((await ada.submit(`${path}/factors/reset`, { reason: 'Lost phone, called me' })).statusCode, 303)
  assert.equal((await step.submit('/sign-in/step', { code: '123456' })).headers.location, '/sign-in', 'steps end too')
  assert.equal(await isIn(ana), false)
  assert.equal((await instance.guest().submit('/sign-in', { login: 'ana', password: testPassword })).headers.location, '/home')
  assert.match(textOf(await ada.page('/admin/audit')), /reset the second factors of @ana/)
  await instance.runJobs()
  assert.ok(mails.some(({ to, subject }) => to === 'ana@mail.test' && /were reset/.test(subject)))
  assert.equal((await ada.submit(`/admin/accounts/${ada.account.id}/factors/reset`, { reason: 'x' })).statusCode, 403, 'not upon oneself')
})

test('the command line resets them as the operator', async (t) => {
  const instance = await startInstance(t)
  await setUpCodes(instance, await instance.as('ana'))
  const words = instance.ctx.messages.translator('en', { timeZone: 'UTC' })
  const ground = { ctx: instance.ctx, args: ['@ana'], options: { reason: 'by phone' }, t: words, config: instance.config, say() {} }
  const { lines } = await run(ground)
  assert.match(lines.join(), /@ana.* signs in with the password alone/)
  assert.equal((await instance.guest().submit('/sign-in', { login: 'ana', password: testPassword })).headers.location, '/home')
  const [entry] = await instance.ctx.db.select().from(auditEntries)
  assert.deepEqual([entry?.act, entry?.actorKind, entry?.reason], ['factors-reset', 'operator', 'by phone'])
})
