import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { posts } from '#db/schema/posts.ts'
import { createLog } from '#server/platform/log.ts'
import { ask, codeFor, exchange, register } from '#test/apps/app-world.ts'
import { hiddenFieldsOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { remote } from '#test/helpers/remote.ts'
import { lacks } from '#test/web/looks.ts'

const injections = [
  "'",
  "' or '1'='1",
  "'; drop table posts; --",
  '"; --',
  '%',
  '_',
  '\\',
  '\0',
  "x') union select password_hash from users --",
  '$1',
  '?',
  '$' + '{jndi:x}',
  '1;select pg_sleep(3)',
  '\ud800'
]

test('API-01: what looks like SQL is text, wherever it comes in', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice', { role: 'owner' })
  const peer = await remote(t, instance, 'e.test')
  await alice.submit('/posts', { text: 'MARK stays', visibility: 'public' })
  const routes = instance.app.routeTable.filter(({ method }) => method === 'GET')
  for (const words of injections) {
    const encoded = encodeURIComponent(words.toWellFormed())
    for (const { url } of routes) {
      const isFilled = /[:*]/.test(url)
      const names = ['q', 'before', 'page', 'upTo', 'sort', 'resource']
      const asked = isFilled ? url.replace(/:\w+|\*/g, encoded) : `${url}?${names.map((name) => `${name}=${encoded}`).join('&')}`
      const { statusCode } = await alice.get(asked)
      assert.ok(statusCode < 500, `${asked}: ${statusCode}`)
    }
    const eve = await peer.actor(`eve${injections.indexOf(words)}`, {
      inbox: `https://e.test/inbox?x=${words}`,
      name: words,
      summary: words
    })
    const note = eve.note(`with ${words}`, { tag: [{ type: 'Hashtag', name: `#${words}`, href: 'https://e.test/x' }] })
    assert.ok((await eve.send(eve.activity('Create', note))).status < 500)
    const answer = await alice.submit('/posts', {
      text: `${words} #tag${words}`,
      warning: words,
      language: words,
      visibility: words,
      replyTo: words
    })
    assert.ok(answer.statusCode < 500)
  }
  await instance.runJobs()
  assert.match(await alice.page('/local'), /MARK stays/)
  // A wildcard finds itself and nothing else.
  for (const words of ['%', '_', "' or '1'='1"])
    lacks((await alice.page(`/search?q=${encodeURIComponent(words)}`)).split('<main')[1]!, /MARK stays/, words)
})

test('API-04: another spelling of an address is no way around the count of attempts', async (t) => {
  const instance = await startInstance(t)
  await instance.as('alice')
  const guest = instance.guest()
  const spellings = [
    '/sign-in',
    '/sign-in.json',
    '/SIGN-IN',
    '//sign-in',
    '/sign-in/',
    '/sign-in;x',
    '/%73ign-in',
    '/sign%2Din',
    '/./sign-in',
    '/sign-in?x=1',
    '/sign-in?x=2#y'
  ]
  let lastSeen = 0
  for (let round = 0; round < 300 && lastSeen !== 429; round++) {
    const path = spellings[round % spellings.length]!
    const { statusCode } = await guest.submit(path, { login: 'alice', password: `wrong ${round}` })
    assert.ok([404, 422, 401, 403, 429, 400].includes(statusCode), `${path}: ${statusCode}`)
    if (statusCode === 429) lastSeen = 429
  }
  assert.equal(lastSeen, 429)
  for (const path of spellings) {
    const { statusCode } = await guest.submit(path, { login: 'alice', password: testPassword })
    assert.ok([404, 429, 400].includes(statusCode), `${path} let in: ${statusCode}`)
  }
})

test('API-05, API-06: the log is one line of JSON for each thing, bounded, and holds no secret', async (t) => {
  const lines: string[] = []
  const instance = await startInstance(t, { overrides: { log: createLog('trace', { write: (line: string) => void lines.push(line) }) } })
  const alice = await instance.as('alice', { role: 'owner' })
  const peer = await remote(t, instance, 'e.test')
  const eve = await peer.actor('eve')
  const long = 'A'.repeat(100_000)
  const odd = ['a\r\nX: y', '\u001b[31mred', '{"level":60}', '\u2028']
  const { csrf } = hiddenFieldsOf(await alice.page('/settings/account'))
  await instance.guest().submit('/sign-in', { login: 'alice', password: 'the-wrong-secret' })
  await alice.submit('/settings/password', { currentPassword: testPassword, newPassword: 'another-good-secret' })
  await instance.guest().submit('/password', { email: 'alice@mail.test' })
  for (const words of odd) {
    await instance.guest().get(`/search?q=${encodeURIComponent(words)}`, { 'user-agent': words.replace(/[\r\n\u2028]/g, ' ') })
    await instance.guest().get(`/@${encodeURIComponent(words)}`)
    await eve.send(eve.activity('Create', eve.note(words), { id: `https://e.test/${words}` }))
  }
  await instance.guest().get('/', { 'user-agent': long })
  await instance.guest().get('/', { authorization: 'Bearer a-secret-token' })
  const app = await register(instance)
  const inHand = instance.guest()
  await inHand.submit('/sign-in', { login: 'alice', password: 'another-good-secret' })
  const handed = await codeFor(inHand, app.asks())
  const token = (await exchange(instance, app, handed)).json().access_token
  await exchange(instance, app, handed)
  await ask(instance, '/api/v1/accounts/verify_credentials', token)
  await eve.send({ ...eve.activity('Create', eve.note('x')), id: `https://e.test/${long}` })
  await eve.send(eve.activity('Create', eve.note('x')), { keyId: `https://e.test/${long.slice(0, 5_000)}` })
  await instance.runJobs()

  assert.ok(lines.length > 20)
  for (const line of lines) {
    assert.equal(line.trimEnd().split('\n').length, 1, line.slice(0, 300))
    assert.doesNotThrow(() => JSON.parse(line), line.slice(0, 300))
    lacks(line.trimEnd(), /\p{Cc}|\u2028/u, 'control characters are escaped')
    assert.ok(line.length < 20_000, `${line.length} characters: ${line.slice(0, 200)}`)
  }
  const { text: metrics } = await instance.ctx.metrics.render()
  const mail = JSON.stringify(instance.logged)
  for (const secret of [
    'the-wrong-secret',
    testPassword,
    'another-good-secret',
    'a-secret-token',
    handed,
    token,
    app.clientSecret,
    csrf!,
    'PRIVATE KEY',
    '__Host-session='
  ]) {
    for (const [where, text] of [
      ['log', lines.join('')],
      ['metrics', metrics],
      ['mail', mail]
    ] as const)
      assert.ok(!text.includes(secret), `${secret} in the ${where}`)
  }
  lacks(lines.join(''), /\/(password|confirm|owner)\/[A-Za-z0-9_-]{20,}/, 'one-time links')
})

test('API-07: what cannot be understood is the asker’s mistake, told without a word on our insides', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const guest = instance.guest()
  const insides = /\bat [\w.<]+ \(|node_modules|\.ts:\d|stack|sqlite|postgres|drizzle|fastify/i
  const asked: [string, () => Promise<{ statusCode: number; body: string; headers: Record<string, unknown> }>][] = [
    [
      'malformed JSON',
      () => guest.request({ method: 'POST', url: '/inbox', headers: { 'content-type': 'application/activity+json' }, payload: '{' })
    ],
    [
      'bad UTF-8 in a form',
      () =>
        alice.request({
          method: 'POST',
          url: '/posts',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          payload: Buffer.from('text=\xff\xfe', 'latin1')
        })
    ],
    ['bad percent-encoding', () => guest.get('/%ff')],
    ['bad percent-encoding in a name', () => guest.get('/@%E0%A4%A')],
    ['an unknown route', () => guest.get('/nothing/here')],
    ['an unknown method', () => guest.request({ method: 'DELETE', url: '/home' })],
    [
      'a type nobody reads',
      () => alice.request({ method: 'POST', url: '/posts', headers: { 'content-type': 'text/x-nothing' }, payload: 'x' })
    ],
    ['an id too large', () => guest.get(`/@alice/${'9'.repeat(30)}`)],
    ['a name too long', () => guest.get(`/@${'a'.repeat(5_000)}`)]
  ]
  for (const [what, ask] of asked) {
    const { statusCode, body } = await ask()
    assert.ok(statusCode >= 400 && statusCode < 500, `${what}: ${statusCode}`)
    lacks(body.replace(/<link[^>]*>|<script[^>]*>/g, ''), insides, what)
  }
  const forPeers = await guest.get('/@nobody', { accept: 'application/activity+json' })
  assert.deepEqual([forPeers.statusCode, typeof forPeers.json().error], [404, 'string'])
})

test('API-09: no address leads out of its folder', async (t) => {
  const instance = await startInstance(t)
  const guest = instance.guest()
  const secret = readFileSync('package.json', 'utf8').slice(0, 60)
  const climbs = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '....//', '..\\', '..%5c', '%252e%252e%252f', '.%00./', '..;/']
  for (const root of ['/media/', '/static/', '/static/x/', '/emoji/', '/avatars/', '/']) {
    for (const climb of climbs) {
      for (const target of ['package.json', 'etc/passwd', 'server/main.ts']) {
        const { statusCode, body } = await guest.get(`${root}${climb.repeat(4)}${target}`)
        assert.ok([400, 404].includes(statusCode), `${root}${climb}${target}: ${statusCode}`)
        assert.ok(!body.includes(secret) && !/root:.*:0:0/.test(body))
      }
    }
  }
})

test('API-10: what machines may ask in public tells no secret', async (t) => {
  const instance = await startInstance(t)
  await instance.as('alice', { role: 'owner' })
  const { config } = instance
  const guest = instance.guest()
  const paths = ['/.well-known/nodeinfo', '/nodeinfo/2.0', '/nodeinfo/2.1', '/livez', '/readyz', '/about', '/.well-known/host-meta']
  for (const path of paths) {
    const { statusCode, body } = await guest.get(path)
    assert.ok(statusCode < 500, path)
    for (const secret of ['alice@mail.test', config.dataDir, config.secretsDir, 'postgres://', process.version, 'sqlite'])
      assert.ok(!body.toLowerCase().includes(secret.toLowerCase()), `${secret} at ${path}`)
  }
  for (const path of ['/metrics', '/api/v1/instance/peers', '/health', '/debug', '/.env', '/instance.config.ts'])
    assert.equal((await guest.get(path)).statusCode, 404, path)
})

test('API-11: no other site reads with a visitor’s cookies', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const paths = [
    ...new Set(
      instance.app.routeTable
        .filter(({ method }) => method === 'GET')
        .map(({ url }) => url.replace(/:(name|handle)/, 'alice').replace(/:\w+|\*/, '1'))
    )
  ]
  for (const path of paths) {
    for (const origin of ['https://evil.test', 'null', 'https://skerry.test.evil.test']) {
      for (const accept of ['text/html', 'application/activity+json']) {
        const { headers } = await alice.get(path, { origin, accept })
        assert.equal(headers['access-control-allow-credentials'], undefined, path)
        assert.ok([undefined, '*'].includes(headers['access-control-allow-origin'] as string | undefined), path)
        if (accept === 'text/html' && String(headers['content-type']).startsWith('text/html'))
          assert.equal(headers['access-control-allow-origin'], undefined, path)
      }
    }
    const preflight = await alice.request({
      method: 'OPTIONS',
      url: path,
      headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST' }
    })
    assert.equal(preflight.headers['access-control-allow-credentials'], undefined, path)
  }
})

test('API-12: a form sent twice at once makes one post', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const { idempotencyKey } = hiddenFieldsOf(await alice.page('/home'))
  assert.ok(idempotencyKey)
  const send = () => alice.submit('/posts', { text: 'only once', visibility: 'public', idempotencyKey })
  const answers = await Promise.all([send(), send(), send(), send()])
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [303, 303, 303, 303]
  )
  assert.equal(await instance.ctx.db.$count(posts), 1)
  await alice.submit('/posts', { text: 'only once', visibility: 'public', idempotencyKey: `${idempotencyKey}2` })
  assert.equal(await instance.ctx.db.$count(posts), 2, 'the same words in another form are another post')
})
