import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { watchMails } from '#test/sign-in/mails.ts'
import { answerIn, ask, callback, challenge, codeFor, decide, exchange, register, send, tokenFor, verifier } from '#test/apps/app-world.ts'

const mine = '/api/v1/accounts/verify_credentials'

test('an app introduces itself, is let in by somebody, acts for them, and is removed', async (t) => {
  const instance = await startInstance(t)
  const mails = watchMails(instance)
  const app = await register(instance)
  const guest = instance.guest()
  await instance.as('ana')
  const query = app.asks({ scope: 'read write:statuses', state: 'a b&c/é', code_challenge: challenge, code_challenge_method: 'S256' })

  // Signed out: sign in, and back to the very question.
  const away = await guest.get(`/oauth/authorize?${query}`)
  assert.equal(away.statusCode, 303)
  assert.match(String(away.headers.location), /^\/sign-in\?next=%2Foauth%2Fauthorize%3F/)
  const back = await guest.submit(String(away.headers.location), { login: 'ana', password: testPassword })
  assert.equal(new URLSearchParams(String(back.headers.location).split('?')[1]).toString(), query)

  const page = await guest.get(String(back.headers.location))
  assert.equal(page.headers['cache-control'], 'no-store')
  assert.match(String(page.headers['content-security-policy']), /form-action 'self' https:$/)
  assert.match(String(page.headers['content-security-policy']), /frame-ancestors 'none'/)
  const said = textOf(page.body)
  for (const words of [
    'Lantern',
    '@ana@skerry.test',
    'https://lantern.test/',
    'client.test',
    'Read everything',
    'change and delete your posts'
  ])
    assert.ok(said.includes(words), words)
  const answer = answerIn(await decide(guest, query))
  assert.deepEqual([...answer.keys()], ['code', 'state', 'iss'])
  assert.equal(answer.get('state'), 'a b&c/é')
  assert.equal(answer.get('iss'), 'https://skerry.test')

  const token = await exchange(instance, app, answer.get('code')!, { code_verifier: verifier })
  assert.equal(token.statusCode, 200, token.body)
  assert.equal(token.headers['cache-control'], 'no-store')
  const { access_token: accessToken, ...rest } = token.json()
  const createdAt = Math.floor(instance.clock.now() / 1_000)
  assert.deepEqual(rest, { token_type: 'Bearer', scope: 'read write:statuses', created_at: createdAt })
  assert.equal((await ask(instance, mine, accessToken)).json().acct, 'ana')
  await instance.runJobs()
  assert.match(mails.at(-1)!.text, /Lantern/)

  const list = textOf(await guest.page('/settings/apps'))
  for (const words of ['Lantern', 'Allowed', 'last used', 'Write, change and delete your posts']) assert.ok(list.includes(words), words)
  const [, path = ''] = /action="(\/settings\/apps\/\d+\/remove)"/.exec(await guest.page('/settings/apps')) ?? []
  assert.equal((await guest.submit(path)).statusCode, 303)
  assert.match(textOf(await guest.page('/settings/apps')), /may not act for you any more.*No app may act for you/)
  const dead = await ask(instance, mine, accessToken)
  assert.equal(dead.statusCode, 401)
  assert.equal(dead.headers['www-authenticate'], 'Bearer realm="skerry.test", error="invalid_token"')
  assert.deepEqual(dead.json(), { error: 'The access token was revoked.' })
  assert.equal((await guest.submit(path)).statusCode, 404)
})

test('API-02: nobody removes, or sees, what others let in', async (t) => {
  const instance = await startInstance(t)
  const app = await register(instance)
  const [ana, bob] = [await instance.as('ana'), await instance.as('bob')]
  const token = await tokenFor(instance, ana, app)
  const [, path = ''] = /action="(\/settings\/apps\/\d+\/remove)"/.exec(await ana.page('/settings/apps')) ?? []
  assert.doesNotMatch(await bob.page('/settings/apps'), /Lantern/)
  assert.equal((await bob.submit(path)).statusCode, 404)
  assert.equal((await bob.submit('/settings/apps/all/remove')).statusCode, 303)
  assert.equal((await ask(instance, mine, token)).statusCode, 200)
})

test('whoever denies is led back with access_denied, and nothing is handed over', async (t) => {
  const instance = await startInstance(t)
  const app = await register(instance)
  const ana = await instance.as('ana')
  const answer = answerIn(await decide(ana, app.asks({ state: 's' }), 'deny'))
  assert.deepEqual(Object.fromEntries(answer), { error: 'access_denied', state: 's', iss: 'https://skerry.test' })
  // Neither a form without a clear yes, nor a stranger's, hands anything over.
  const unclear = await ana.submit(`/oauth/authorize?${app.asks()}`, {})
  assert.match(String(unclear.headers.location), /^\/oauth\/authorize\?/)
  const stranger = await instance.guest().submit(`/oauth/authorize?${app.asks()}`, { decision: 'allow' })
  assert.match(String(stranger.headers.location), /^\/sign-in\?next=/)
})

test('AUT-09: what is no address of the app byte for byte leads nowhere', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const registered = 'https://c/cb'
  const app = await register(instance, { redirect_uris: [registered, 'http://127.0.0.1:8080/cb'] })
  const wrong = [
    'https://c/cb/../x',
    'https://c.evil/cb',
    'https://c/cb.evil',
    'https://c/cbx',
    'https://c/cb?x=1',
    'https://c/cb/',
    'https://c/cb#x',
    'HTTPS://c/cb',
    'https://C/cb',
    'https://c:443/cb',
    'https://c:8443/cb',
    'http://c/cb',
    'http://127.0.0.1:9090/cb',
    'https://c/%63b',
    'https://evil@c/cb',
    'https://c/cb ',
    'urn:ietf:wg:oauth:2.0:oob',
    'javascript:alert(1)',
    ''
  ]
  for (const uri of [...wrong, undefined]) {
    for (const viewer of [ana, instance.guest()]) {
      const answer = await viewer.get(`/oauth/authorize?${app.asks({ redirect_uri: uri })}`)
      assert.equal(answer.statusCode, 400, uri)
      assert.equal(answer.headers.location, undefined, uri)
      assert.doesNotMatch(answer.body, /(?:href|action)="(?:[^"]*c\.evil|javascript:)/, uri)
    }
    const posted = await ana.submit(`/oauth/authorize?${app.asks({ redirect_uri: uri })}`, { decision: 'allow' })
    assert.equal(posted.statusCode, 400, uri)
  }
  for (const query of [
    app.asks({ client_id: 'nobody' }),
    app.asks({ client_id: undefined }),
    `${app.asks()}&redirect_uri=https://evil.example`,
    `${app.asks()}&client_id=${app.clientId}`
  ]) {
    const answer = await ana.get(`/oauth/authorize?${query}`)
    assert.equal(answer.statusCode, 400, query)
    assert.equal(answer.headers.location, undefined, query)
  }
  assert.equal((await decide(ana, app.asks({ redirect_uri: registered }))).statusCode, 303)
})

test('AUT-13: what an app asked wrongly is told on a page; nobody is led on without pressing a button', async (t) => {
  const instance = await startInstance(t)
  const app = await register(instance, { scopes: 'read' })
  const ana = await instance.as('ana')
  const wrong: [Record<string, string | undefined>, string][] = [
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: undefined }, 'unsupported_response_type'],
    [{ scope: 'write' }, 'invalid_scope'],
    [{ scope: 'read nonsense' }, 'invalid_scope'],
    [{ code_challenge: challenge, code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge: challenge }, 'invalid_request'],
    [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
    [{ code_challenge_method: 'S256' }, 'invalid_request']
  ]
  for (const [changes, error] of wrong) {
    const answer = await ana.get(`/oauth/authorize?${app.asks({ ...changes, state: 's' })}`)
    assert.equal(answer.statusCode, 400, error)
    assert.equal(answer.headers.location, undefined)
    const link = new URL(/href="(https:\/\/client\.test[^"]*)"/.exec(answer.body)![1]!.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='))
    assert.deepEqual(Object.fromEntries(link.searchParams), { error, state: 's', iss: 'https://skerry.test' })
    assert.equal((await ana.submit(`/oauth/authorize?${app.asks(changes)}`, { decision: 'allow' })).headers.location, undefined)
  }
})

test('AUT-11: consent cannot be sent from elsewhere, nor framed', async (t) => {
  const instance = await startInstance(t)
  const app = await register(instance)
  const ana = await instance.as('ana')
  const path = `/oauth/authorize?${app.asks()}`
  for (const headers of [{ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, { origin: 'null' }]) {
    const answer = await ana.submit(path, { decision: 'allow' }, headers as unknown as Record<string, string>)
    assert.equal(answer.statusCode, 403)
  }
  assert.equal((await ana.submit(path, { decision: 'allow', csrf: 'wrong' })).statusCode, 403)
  const page = await ana.get(path)
  assert.match(String(page.headers['content-security-policy']), /frame-ancestors 'none'/)
  assert.equal(page.headers['x-frame-options'], 'DENY')
})

test('an app without a way back is handed its code by hand', async (t) => {
  const instance = await startInstance(t)
  const oob = 'urn:ietf:wg:oauth:2.0:oob'
  const app = await register(instance, { redirect_uris: oob })
  const ana = await instance.as('ana')
  const led = await decide(ana, app.asks())
  const path = String(led.headers.location)
  assert.match(path, /^\/oauth\/authorize\/native\?code=/)
  const [, code = ''] = /<code>([^<]+)<\/code>/.exec(await ana.page(path)) ?? []
  assert.equal((await exchange(instance, app, code, { redirect_uri: oob })).statusCode, 200)
  assert.equal((await decide(ana, app.asks(), 'deny')).headers.location, '/home')
  for (const bad of ['', '?code=', '?code=<script>', `?code=${'x'.repeat(33)}`])
    assert.equal((await ana.get(`/oauth/authorize/native${bad}`)).statusCode, 404)
})

test('AUT-11: the page that hands over a code shows nobody a code that another was handed, to be typed into their app', async (t) => {
  const instance = await startInstance(t)
  const [ana, bob] = [await instance.as('ana'), await instance.as('bob')]
  const app = await register(instance, { redirect_uris: 'urn:ietf:wg:oauth:2.0:oob' })
  const path = String((await decide(bob, app.asks())).headers.location)
  assert.equal((await bob.get(path)).statusCode, 200)
  assert.equal((await ana.get(path)).statusCode, 404)
  assert.equal((await instance.guest().get(path)).statusCode, 303)
  assert.equal((await ana.get(`/oauth/authorize/native?code=${'x'.repeat(32)}`)).statusCode, 404)
  instance.clock.advance(11 * 60_000)
  assert.equal((await bob.get(path)).statusCode, 404)
  // A code that is carried by a redirect is shown to nobody.
  const other = await register(instance)
  const carried = new URL(String((await decide(ana, other.asks())).headers.location)).searchParams.get('code')
  assert.equal((await ana.get(`/oauth/authorize/native?code=${carried}`)).statusCode, 404)
})

test('force_login asks to sign in again, and whoever does takes the place of who was there', async (t) => {
  const instance = await startInstance(t)
  const app = await register(instance)
  const ana = await instance.as('ana')
  await instance.as('bob')
  const led = await ana.get(`/oauth/authorize?${app.asks({ force_login: 'true' })}`)
  const path = String(led.headers.location)
  assert.match(path, /^\/sign-in\?again=yes&next=/)
  assert.match(textOf(await ana.page(path)), /You are signed in as @ana/)
  assert.equal((await ana.submit(path, { login: 'bob', password: 'wrong one here' })).statusCode, 422)
  const back = await ana.submit(path, { login: 'bob', password: testPassword })
  assert.match(textOf(await ana.page(String(back.headers.location))), /@bob@skerry\.test/)
})

test('AUT-12: nobody gives away more than they have: what staff may do is not handed over by others', async (t) => {
  const instance = await startInstance(t)
  const app = await register(instance, { scopes: 'read admin:read' })
  const [ana, mia] = [await instance.as('ana'), await instance.as('mia', { role: 'moderator' })]
  const scopeOf = async (code: string) => (await exchange(instance, app, code)).json().scope
  const query = app.asks({ scope: 'read admin:read' })
  assert.doesNotMatch(textOf((await ana.get(`/oauth/authorize?${query}`)).body), /runs this server/)
  assert.equal(await scopeOf(await codeFor(ana, query)), 'read')
  assert.match(textOf((await mia.get(`/oauth/authorize?${query}`)).body), /runs this server/)
  assert.equal(await scopeOf(await codeFor(mia, query)), 'read admin:read')
  const only = await ana.get(`/oauth/authorize?${app.asks({ scope: 'admin:read' })}`)
  assert.equal(only.statusCode, 400)
  const itself = { grant_type: 'client_credentials', client_id: app.clientId, client_secret: app.clientSecret, scope: 'admin:read' }
  assert.equal((await send(instance, '/oauth/token', itself)).json().error, 'invalid_scope')
})

test('a question that is too long to come back to is refused, not cut', async (t) => {
  const instance = await startInstance(t)
  const app = await register(instance)
  const ana = await instance.as('ana')
  assert.equal((await ana.get(`/oauth/authorize?${app.asks({ state: 'x'.repeat(3_000) })}`)).statusCode, 400)
  // A question with nothing in it is nobody's.
  assert.equal((await ana.get('/oauth/authorize')).headers.location, '/settings/apps')
  assert.equal((await ana.get(`/oauth/authorize/?${app.asks()}`)).statusCode, 200)
  assert.equal(await tokenFor(instance, ana, app).then(({ length }) => length), 32)
  assert.equal(callback, 'https://client.test/callback')
})
