import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { createApp } from '#server/app.ts'
import { FormRefusal } from '#server/errors.ts'
import { Form } from '#server/web/form.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { hiddenFieldsOf } from '#test/helpers/html.ts'
import { page } from '#server/web/page.ts'

const MiB = 1024 ** 2

test('what was typed comes as clean text: line feeds, no NUL, no lone surrogates', () => {
  const form = new Form()
  form.add('text', 'a\r\nb\rc\0d\ud800e')
  form.add('tag', 'one')
  form.add('tag', 'two')
  assert.equal(form.text('text'), 'a\nb\ncde')
  assert.deepEqual(form.all('tag'), ['one', 'two'])
  assert.equal(form.text('nothing'), '')
  assert.deepEqual(form.all('constructor'), [])
})

test('a form is read by a schema; every wrong field is told, by keys of the catalogue', () => {
  const form = new Form()
  form.add('name', '')
  form.add('note', 'far too long')
  form.add('tags', 'a')
  form.add('tags', 'b')
  form.add('yes', 'on')
  const parsed = form.parse({ tags: v.array(v.string()), yes: v.boolean(), no: v.boolean() })
  assert.deepEqual(parsed, { tags: ['a', 'b'], yes: true, no: false })
  assert.throws(
    () =>
      form.parse({
        name: v.pipe(v.string(), v.minLength(1, 'form.required')),
        note: v.pipe(v.string(), v.maxLength(5, 'form.tooLong')),
        kind: v.picklist(['a'])
      }),
    (error: FormRefusal) => {
      assert.deepEqual(
        error.fields.map(({ field, key, values }) => [field, key, values]),
        [
          ['name', 'form.required', { limit: 1 }],
          ['note', 'form.tooLong', { limit: 5 }],
          ['kind', 'form.invalid', {}]
        ]
      )
      return error instanceof FormRefusal
    }
  )
})

test('forms of all shapes are bounded, and none of them is a 500', async (t) => {
  const instance = await startInstance(t, { config: { limits: { imageBytesMax: MiB } } })
  const ana = await instance.as('ana')
  const { csrf } = hiddenFieldsOf(await ana.page('/settings/profile'))
  const send = (type: string, payload: string | Buffer) =>
    ana.request({ method: 'POST', url: '/settings/profile', headers: { origin: 'https://skerry.test', 'content-type': type }, payload })
  const urlencoded = 'application/x-www-form-urlencoded'
  const many = Array.from({ length: 300 }, (_, at) => `f${at}=x`).join('&')
  assert.equal((await send(urlencoded, `csrf=${csrf}&${many}`)).statusCode, 413)
  assert.equal((await send(urlencoded, `csrf=${csrf}&note=${'x'.repeat(2 * MiB)}`)).statusCode, 413)
  assert.equal((await send('application/json', '{"csrf":"x"}')).statusCode, 415)
  assert.equal((await send('text/plain', `csrf=${csrf}`)).statusCode, 415)

  const parts = (...list: [string, string][]) =>
    `${list.map(([head, body]) => `--b\r\ncontent-disposition: form-data; ${head}\r\n\r\n${body}\r\n`).join('')}--b--\r\n`
  const multipart = 'multipart/form-data; boundary=b'
  const cases: [string, string, number[]][] = [
    [
      'two many files',
      parts(['name="csrf"', csrf!], ...Array.from({ length: 5 }, (): [string, string] => ['name="avatar"; filename="a.png"', 'x'])),
      [413]
    ],
    [
      'too many fields',
      parts(['name="csrf"', csrf!], ...Array.from({ length: 300 }, (_, at): [string, string] => [`name="f${at}"`, 'x'])),
      [413]
    ],
    ['a huge field', parts(['name="csrf"', csrf!], ['name="note"', 'x'.repeat(MiB)]), [413]],
    ['prototype', parts(['name="csrf"', csrf!], ['name="__proto__"', 'x']), [400, 403]],
    ['cut off', parts(['name="csrf"', csrf!]).slice(0, -8), [400, 403, 422]],
    ['no boundary inside', 'nonsense', [400, 403]],
    ['json part', parts(['name="csrf"', csrf!], ['name="note"\r\ncontent-type: application/json', '{"a":1}']), [400]],
    ['far beyond any form', parts(['name="csrf"', csrf!], ['name="avatar"; filename="a.png"', 'x'.repeat(6 * MiB)]), [413]]
  ]
  for (const [name, payload, statuses] of cases) {
    const response = await send(multipart, payload)
    assert.ok(statuses.includes(response.statusCode), `${name}: ${response.statusCode}`)
    assert.ok(!/node_modules|FST_/.test(response.body), name)
  }
  assert.deepEqual(
    instance.logged.filter(({ level }) => level === 'error' || level === 50),
    []
  )
})

test('a file above the limit is refused beside its field, and what was typed stays', async (t) => {
  const instance = await startInstance(t, { config: { limits: { imageBytesMax: MiB } } })
  const ana = await instance.as('ana')
  const response = await ana.submit('/settings/profile', {
    displayName: 'Still here',
    avatar: { filename: 'a.png', type: 'image/png', bytes: Buffer.alloc(MiB + 1) }
  })
  assert.equal(response.statusCode, 413)
  assert.ok(response.body.includes('Still here'))
  assert.ok(response.body.includes('id="avatar-error"'))
})

test('strangers send no files, wherever they try', async (t) => {
  const instance = await startInstance(t)
  const response = await instance
    .guest()
    .submit('/sign-in', { login: 'x', password: 'y', file: { filename: 'a', type: 'image/png', bytes: Buffer.alloc(10_000) } })
  assert.equal(response.statusCode, 413)
})

test('a page of one’s own is asked about again each time, and not sent again when nothing changed', async (t) => {
  const instance = await startInstance(t)
  const app = await createApp(instance.ctx)
  t.after(() => app.close())
  app.get('/sample', { config: { access: 'anyone' } }, (_request, reply) =>
    page(reply, 'message', { heading: 'Same', paragraphs: [], links: [], buttons: [] }, { title: 'Same' })
  )
  const ask = (headers: Record<string, string>, url = '/sample') =>
    app.inject({ url, headers: { host: 'skerry.test', accept: 'text/html', ...headers } })
  const cookie = await cookieOf(instance)
  const first = await ask({ cookie })
  assert.equal(first.headers['cache-control'], 'private, no-cache')
  assert.match(first.headers.vary as string, /Cookie/)
  const etag = first.headers.etag as string
  assert.match(etag, /^"/)
  const again = await ask({ cookie, 'if-none-match': `W/${etag}, "other"` })
  assert.equal(again.statusCode, 304)
  assert.equal(again.body, '')
  assert.equal((await ask({ 'if-none-match': etag })).statusCode, 200, 'a stranger sees another page')
  // The token in the page differs with its address (BREACH), and works all the same.
  const tokens = [first.body, (await ask({ cookie }, '/sample?q=guess')).body].map((body) => hiddenFieldsOf(body).csrf)
  assert.ok(tokens[0] && tokens[1])
  assert.notEqual(tokens[0], tokens[1])
})

async function cookieOf(instance: Instance): Promise<string> {
  await instance.as('ana')
  const guest = instance.guest()
  const response = await guest.submit('/sign-in', { login: 'ana', password: 'correct horse battery' })
  return (response.cookies as { name: string; value: string }[])
    .filter(({ value }) => value !== '')
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
}
