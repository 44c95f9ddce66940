import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Refusal } from '#server/errors.ts'
import { pngOf } from '#test/emoji/emoji-here.ts'
import { hiddenFieldsOf, textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'

const MiB = 1024 ** 2
const picture = { filename: 'boat.png', type: 'image/png', bytes: randomBytes(3 * MiB) }
const noPicture = { filename: '', type: 'application/octet-stream', bytes: Buffer.alloc(0) }

test('whoever was signed out while they chose pictures gets their texts back, and is told to choose again', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const typed = { text: 'Long thought over', warning: 'Weather', visibility: 'unlisted' }
  await ana.submit('/sign-out')
  const kept = await ana.submit('/posts', { ...typed, images: [picture, picture] })
  assert.equal(kept.statusCode, 401)
  assert.match(textOf(kept.body), /pictures and passwords are not/)
  const { csrf: _, ...hidden } = hiddenFieldsOf(kept.body)
  assert.deepEqual(hidden, { ...typed, filesLost: 'yes' })
  await ana.submit('/sign-in', { login: 'ana', password: testPassword })
  await ana.page('/home')
  const again = await ana.submit('/posts', hidden)
  assert.equal(again.statusCode, 422, 'nothing goes out without what belongs to it')
  assert.match(textOf(again.body), /Please choose them again/)
  assert.match(again.body, /Long thought over<\/textarea>/)
  assert.doesNotMatch(again.body, /filesLost/)
  assert.equal((await ana.submit('/posts', typed)).statusCode, 303)

  await ana.submit('/sign-out')
  const without = await ana.submit('/posts', { ...typed, images: noPicture })
  assert.equal('filesLost' in hiddenFieldsOf(without.body), false, 'no file was chosen')
  const headers = { origin: instance.config.origin, 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(900 * MiB) }
  const tooMuch = await ana.request({ method: 'POST', url: '/posts', headers })
  assert.equal(tooMuch.statusCode, 401, 'what is larger than anything one may send is not read')
})

test('what was typed stands on the page of a fault, and of one that asks for patience', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const typed = { text: 'Long thought over', visibility: 'unlisted' }
  const fault = t.mock.method(instance.ctx, 'transact', () => Promise.reject(new Error('the disk is on fire')))
  const failed = await ana.submit('/posts', typed)
  assert.equal(failed.statusCode, 500)
  assert.match(textOf(failed.body), /Something went wrong.*What you typed is kept on this page.*Send again/)
  assert.match(failed.body, /<form class="form-acts" method="post" action="\/posts">/)
  const { csrf: _csrf, returnTo: _returnTo, ...hidden } = hiddenFieldsOf(failed.body)
  assert.deepEqual(hidden, typed)
  const pictured = await ana.submit('/settings/profile', { displayName: 'Ana', avatar: { ...picture, bytes: await pngOf(20, 20) } })
  assert.equal(hiddenFieldsOf(pictured.body).filesLost, 'yes')
  // Nothing was typed: there is nothing to give back.
  assert.doesNotMatch(textOf((await ana.submit('/lists/1/delete')).body), /Send again/)

  fault.mock.mockImplementation(() => Promise.reject(new Refusal('too-many', 'errors.tooMany', { retryAfterMs: 60_000 })))
  const busy = await ana.submit('/settings/servers/remove', { domain: 'hush.test' })
  assert.equal(busy.statusCode, 429)
  assert.equal(busy.headers['retry-after'], '60')
  assert.equal(hiddenFieldsOf(busy.body).domain, 'hush.test')

  fault.mock.restore()
  assert.equal((await ana.submit('/posts', hidden)).statusCode, 303)
})
