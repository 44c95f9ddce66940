import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { createApp } from '#server/app.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { textOf } from '#test/helpers/html.ts'

test('every answer carries the security headers, errors and redirects included', async (t) => {
  const instance = await startInstance(t)
  const guest = instance.guest()
  for (const path of ['/sign-in', '/nothing-here', '/settings', '/livez', '/robots.txt', '/%ff', `/@${'x'.repeat(700)}`]) {
    const { headers, statusCode } = await guest.get(path)
    const policy = headers['content-security-policy'] as string
    assert.match(policy, /default-src 'self'/, `${path} (${statusCode})`)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.match(policy, /form-action 'self'/)
    assert.doesNotMatch(policy, /unsafe/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'same-origin')
    assert.match(headers['strict-transport-security'] as string, /max-age=\d{8}/)
    assert.equal(headers['access-control-allow-origin'], undefined)
  }
})

test('on plain http nothing asks for https', async (t) => {
  const instance = await startInstance(t, { origin: 'http://red.localhost:3001' })
  const { headers, statusCode } = await instance.guest().get('/sign-in')
  assert.equal(statusCode, 200)
  assert.equal(headers['strict-transport-security'], undefined)
})

test('AUT-19: requests for other hosts are answered 421, whatever they ask', async (t) => {
  const instance = await startInstance(t, { handleDomain: 'handles.test' })
  const guest = instance.guest()
  for (const host of ['evil.example', 'skerry.test.evil.example', 'skerry.test:8080', 'skerry.test@evil.example', 'handles.test', '']) {
    const got = await guest.get('/sign-in', { host })
    assert.equal(got.statusCode, 421, host)
    assert.match(got.body, /<h1>Wrong address<\/h1>/)
    assert.doesNotMatch(got.body, /evil\.example/)
    const posted = await guest.request({ method: 'POST', url: '/sign-in', headers: { host } })
    assert.equal(posted.statusCode, 421, host)
  }
  assert.deepEqual(instance.logged, [])
  for (const host of ['SKERRY.test', 'skerry.test.', 'skerry.test:443'])
    assert.equal((await guest.get('/sign-in', { host })).statusCode, 200, host)
  const forwarded = await guest.get('/sign-in', { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' })
  assert.equal(forwarded.statusCode, 200)
  assert.doesNotMatch(forwarded.body, /evil\.example/)
  // The handle domain may ask for what lies under /.well-known/ only.
  assert.notEqual((await guest.get('/.well-known/webfinger?resource=acct:x@handles.test', { host: 'handles.test' })).statusCode, 421)
  assert.equal((await guest.get('/livez', { host: '10.0.0.7:3000' })).statusCode, 200)
})

test('Where the origin names a port, the host without it is ours too, and with another port is not', async (t) => {
  const instance = await startInstance(t, { origin: 'http://red.localhost:3001' })
  for (const [host, status] of [
    ['red.localhost:3001', 200],
    ['red.localhost', 200],
    ['red.localhost:3002', 421],
    ['localhost', 421]
  ] as const)
    assert.equal((await instance.guest().get('/sign-in', { host })).statusCode, status, host)
})

test('AUT-19: the absolute form of a target counts, not the Host header beside it', async (t) => {
  const instance = await startInstance(t)
  const ask = (target: string, host: string) =>
    rawRequest((instance.app.server.address() as AddressInfo).port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  assert.match(await ask('http://evil.example/sign-in', 'skerry.test'), /^HTTP\/1\.1 421 /)
  assert.match(await ask('https://skerry.test/sign-in', 'evil.example'), /^HTTP\/1\.1 200 /)
  assert.match(await ask('*', 'skerry.test'), /^HTTP\/1\.1 4\d\d /)
  assert.match(await ask('evil', 'skerry.test'), /^HTTP\/1\.1 4\d\d /)
})

test('API-07: what is malformed gets a 4xx in words, never a stack', async (t) => {
  const instance = await startInstance(t)
  const guest = instance.guest()
  for (const path of [
    '/%ff',
    '/%',
    '/@%E0%A4%A',
    '/settings/sessions/%00/end',
    `/@${'x'.repeat(700)}`,
    '/nothing',
    '/sign-in/',
    '//sign-in',
    '/sign-in;x',
    '/SIGN-IN',
    '/sign-in.json'
  ]) {
    for (const accept of ['text/html', 'application/activity+json']) {
      const response = await guest.get(path, { accept })
      assert.ok(response.statusCode >= 400 && response.statusCode < 500, `${path} ${accept}: ${response.statusCode}`)
      assert.doesNotMatch(response.body, /node_modules|\.ts:|at .*\(|FST_/, path)
      if (accept !== 'text/html') assert.equal(typeof response.json().error, 'string', path)
    }
  }
  const json = await guest.submit('/sign-in', {}, { 'content-type': 'application/json' })
  assert.equal(json.statusCode, 415)
  const bad = await guest.submit('/sign-in', {}, { 'content-type': 'multipart/form-data' })
  assert.ok(bad.statusCode >= 400 && bad.statusCode < 500, String(bad.statusCode))
})

test('oversized headers and garbage on the wire are answered 4xx', async (t) => {
  const instance = await startInstance(t)
  const { port } = instance.app.server.address() as AddressInfo
  assert.match(
    await rawRequest(port, `GET /sign-in HTTP/1.1\r\nHost: skerry.test\r\nX-Long: ${'a'.repeat(40_000)}\r\n\r\n`),
    /^HTTP\/1\.1 431 /
  )
  assert.match(await rawRequest(port, 'GARBAGE\r\n\r\n'), /^HTTP\/1\.1 400 /)
  assert.match(await rawRequest(port, 'GET /sign-in HTTP/1.1\r\n\r\n'), /^HTTP\/1\.1 4\d\d /)
  const { server } = instance.app
  assert.ok(server.headersTimeout <= 20_000)
  assert.ok(server.requestTimeout <= 30_000)
})

test('a bug is answered 500 with the id of the request, and the log holds the rest', async (t) => {
  const instance = await startInstance(t)
  const app = await createApp(instance.ctx)
  t.after(() => app.close())
  app.get('/bug', { config: { access: 'anyone' } }, async () => {
    throw new Error('inner secret')
  })
  const response = await app.inject({ url: '/bug', headers: { host: 'skerry.test', accept: 'text/html' } })
  assert.equal(response.statusCode, 500)
  assert.doesNotMatch(response.body, /inner secret/)
  const id = response.headers['x-request-id'] as string
  assert.ok(textOf(response.body).includes(id))
  const line = instance.logged.find((each) => each.msg === 'a request failed')
  assert.equal(line?.reqId, id)
  const asJson = await app.inject({ url: '/bug', headers: { host: 'skerry.test', accept: 'application/activity+json' } })
  assert.deepEqual(Object.keys(asJson.json()).sort(), ['error', 'requestId'])
})

test('a NUL in a query or form reaches no database', async (t) => {
  const instance = await startInstance(t)
  const guest = instance.guest()
  assert.equal((await guest.get('/sign-in?next=%00&x=%ff')).statusCode, 200)
  const response = await guest.submit('/sign-in', { login: 'an\0a', password: 'wrong\0password' })
  assert.equal(response.statusCode, 422)
})

test('pages can be kept by their reader alone; what is secret, by nobody', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  for (const path of ['/sign-in', '/settings/account', '/settings/profile']) {
    const response = await (path === '/sign-in' ? instance.guest() : ana).get(path)
    assert.equal(response.headers['cache-control'], 'no-store', path)
  }
  const missing = await ana.get('/nothing-here')
  assert.equal(missing.headers['cache-control'], 'no-store')
})

test('liveness and readiness are for everybody, metrics for this machine or who has the token', async (t) => {
  const instance = await startInstance(t)
  assert.equal((await instance.guest().get('/livez')).body, 'ok\n')
  assert.equal((await instance.guest().get('/readyz')).body, 'ok\n')
  const ask = (app: typeof instance.app, headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
    app.inject({ url: '/metrics', headers, remoteAddress }).then((response) => response.statusCode)
  assert.equal(await ask(instance.app, { host: '127.0.0.1:3000' }), 200)
  assert.equal(await ask(instance.app, { host: 'skerry.test' }), 404)
  assert.equal(await ask(instance.app, { host: '127.0.0.1:3000', 'x-forwarded-for': '203.0.113.9' }), 404)
  assert.equal(await ask(instance.app, { host: '127.0.0.1:3000' }, '203.0.113.9'), 404)

  writeFileSync(join(instance.config.secretsDir, 'metrics.token'), 'a-token-of-some-length\n')
  const app = await createApp(instance.ctx)
  t.after(() => app.close())
  assert.equal(await ask(app, { host: 'skerry.test', authorization: 'Bearer a-token-of-some-length' }, '203.0.113.9'), 200)
  assert.equal(await ask(app, { host: 'skerry.test', authorization: 'Bearer another-token-length' }, '203.0.113.9'), 404)
})

test('AUT-05: forwarding headers count only when they come from a proxy we were told of', async (t) => {
  const addresses = async (trustProxy: string[], forwarded: string) => {
    const instance = await startInstance(t, { config: { server: { trustProxy } } })
    await instance.as('ana')
    const seen: string[] = []
    instance.app.server.on('request', () => {})
    const response = await instance.app.inject({
      url: '/sign-in',
      remoteAddress: '203.0.113.1',
      headers: { host: 'skerry.test', 'x-forwarded-for': forwarded, 'x-real-ip': '198.51.100.9', forwarded: 'for=198.51.100.9' }
    })
    assert.equal(response.statusCode, 200)
    const app = await createApp(instance.ctx)
    app.get('/whoami', { config: { access: 'anyone' } }, async (request) => request.ip)
    seen.push(
      (await app.inject({ url: '/whoami', remoteAddress: '203.0.113.1', headers: { host: 'skerry.test', 'x-forwarded-for': forwarded } }))
        .body
    )
    await app.close()
    return seen[0]
  }
  assert.equal(await addresses([], '198.51.100.7'), '203.0.113.1')
  assert.equal(await addresses(['10.0.0.0/8'], '198.51.100.7'), '203.0.113.1')
  assert.equal(await addresses(['203.0.113.1'], '198.51.100.7, 192.0.2.4'), '192.0.2.4')
})

test('the same address is a page or a document, by what is preferred', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  const guest = instance.guest()
  const document = await guest.get('/@ana', { accept: 'application/activity+json' })
  assert.equal(document.statusCode, 200, document.body)
  assert.match(document.headers['content-type'] as string, /activity\+json/)
  assert.match(document.headers.vary as string, /\bAccept\b/)
  for (const accept of [
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    'application/activity+json, text/html;q=0.9',
    'application/json'
  ]) {
    assert.match((await guest.get('/@ana', { accept })).headers['content-type'] as string, /json/, accept)
  }
  for (const accept of ['text/html', '*/*', 'text/html, application/activity+json;q=0.5']) {
    const page = await guest.get('/@ana', { accept })
    assert.doesNotMatch(String(page.headers['content-type']), /activity\+json/, accept)
    assert.match(page.headers.vary as string, /\bAccept\b/)
  }
})

test('too many requests of one address are answered 429; this machine, where a proxy may stand, is not counted', async (t) => {
  const instance = await startInstance(t)
  const ask = (remoteAddress: string) =>
    instance.app.inject({ url: '/sign-in', remoteAddress, headers: { host: 'skerry.test', accept: 'application/json' } })
  let refused = 0
  for (let count = 0; count < 1_300; count++) if ((await ask('203.0.113.77')).statusCode === 429) refused++
  assert.equal(refused, 100)
  const page = await instance.app.inject({
    url: '/sign-in',
    remoteAddress: '203.0.113.77',
    headers: { host: 'skerry.test', accept: 'text/html' }
  })
  assert.match(page.body, /<h1>Too many at once<\/h1>/)
  const last = await ask('203.0.113.77')
  assert.ok(Number(last.headers['retry-after']) > 0)
  assert.equal((await ask('203.0.113.78')).statusCode, 200)
})

function rawRequest(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    socket.on('close', () => resolve(answer))
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)))
  })
}
