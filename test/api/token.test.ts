import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { apps, appTokens } from '#db/schema/apps.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { ask, callback, challenge, codeFor, exchange, mine, register, send, statusOf, tokenFor, verifier } from '#test/apps/app-world.ts'

const minuteMs = 60_000

async function start(t: TestContext) {
  const instance = await startInstance(t)
  return { instance, app: await register(instance), ana: await instance.as('ana') }
}

test('AUT-10: a code that comes twice takes back what it was given for', async (t) => {
  const { instance, app, ana } = await start(t)
  const other = await tokenFor(instance, ana, app)
  const code = await codeFor(ana, app.asks())
  const token = (await exchange(instance, app, code)).json().access_token
  assert.equal(await statusOf(instance, token), 200)
  const again = await exchange(instance, app, code)
  assert.equal(again.statusCode, 400)
  assert.equal(again.json().error, 'invalid_grant')
  assert.equal(await statusOf(instance, token), 401)
  assert.equal(await statusOf(instance, other), 200, 'another code of theirs is another matter')
})

test('AUT-10: of two who give a code in at once, neither keeps a token', async (t) => {
  const { instance, app, ana } = await start(t)
  const code = await codeFor(ana, app.asks())
  const answers = await Promise.all(Array.from({ length: 4 }, () => exchange(instance, app, code)))
  const good = answers.filter(({ statusCode }) => statusCode === 200)
  assert.equal(good.length, 1)
  assert.equal(await statusOf(instance, good[0]!.json().access_token), 401)
})

test('AUT-10: a code is good for its own app, address and verifier, for ten minutes', async (t) => {
  const { instance, app, ana } = await start(t)
  const other = await register(instance)
  const proved = { code_challenge: challenge, code_challenge_method: 'S256' }
  const refused = async (asked: Record<string, string>, changes: Record<string, string>, by = app) => {
    const answer = await exchange(instance, by, await codeFor(ana, app.asks(asked)), changes)
    assert.equal(answer.statusCode, 400, JSON.stringify(changes))
    assert.equal(answer.json().error, 'invalid_grant', JSON.stringify(changes))
  }
  await refused({}, {}, other)
  await refused({}, { redirect_uri: `${callback}/` })
  await refused({}, { redirect_uri: '' })
  await refused(proved, {})
  await refused(proved, { code_verifier: `${verifier}x` })
  await refused(proved, { code_verifier: challenge })
  await refused(proved, { code_verifier: 'short' })
  // Somebody took the challenge away on the way here.
  await refused({}, { code_verifier: verifier })

  // What another app tries uses nothing up; a wrong try of its own does.
  const code = await codeFor(ana, app.asks(proved))
  assert.equal((await exchange(instance, other, code, { code_verifier: verifier })).statusCode, 400)
  assert.equal((await exchange(instance, app, code, { code_verifier: `${verifier}x` })).statusCode, 400)
  assert.equal((await exchange(instance, app, code, { code_verifier: verifier })).statusCode, 400)

  const late = await codeFor(ana, app.asks())
  instance.clock.advance(10 * minuteMs + 1)
  assert.equal((await exchange(instance, app, late)).json().error, 'invalid_grant')
  for (const bad of ['x', 'x'.repeat(5_000), '\0', "' or 1=1"]) assert.equal((await exchange(instance, app, bad)).statusCode, 400)
})

test('apps show who they are in the body or by Basic, in any kind of body, with or without a slash at the end', async (t) => {
  const { instance, app, ana } = await start(t)
  const { clientId, clientSecret } = app
  const basic = `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`
  const body = async () => ({ grant_type: 'authorization_code', redirect_uri: callback, code: await codeFor(ana, app.asks()) })
  const shown = { client_id: clientId, client_secret: clientSecret }
  const boundary = 'b0undary'
  const multipart = (fields: Record<string, string>) =>
    `${Object.entries(fields)
      .map(([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
      .join('')}--${boundary}--\r\n`
  const sent: [string, Record<string, string>, string][] = [
    ['/oauth/token', { authorization: basic, 'content-type': 'application/json' }, JSON.stringify(await body())],
    ['/oauth/token/', { 'content-type': 'application/json; charset=utf-8' }, JSON.stringify({ ...(await body()), ...shown })],
    ['/oauth/token', { 'content-type': `multipart/form-data; boundary=${boundary}` }, multipart({ ...(await body()), ...shown })],
    [
      '/oauth/token',
      { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams({ ...(await body()), client_id: clientId }).toString()
    ]
  ]
  for (const [url, headers, payload] of sent) {
    const length = { 'content-length': String(Buffer.byteLength(payload)) }
    const answer = await instance.app.inject({
      method: 'POST',
      url,
      headers: { host: instance.config.host, ...headers, ...length },
      payload
    })
    assert.equal(answer.statusCode, 200, `${url} ${JSON.stringify(headers)} ${answer.body}`)
  }

  const wrong: [Record<string, string>, Record<string, string>, number, string][] = [
    [{ client_id: clientId, client_secret: 'wrong' }, {}, 401, 'invalid_client'],
    [{ client_id: 'nobody', client_secret: clientSecret }, {}, 401, 'invalid_client'],
    [{ client_id: clientId }, {}, 401, 'invalid_client'],
    [{}, { authorization: `${basic.slice(0, -6)}AAAAAA` }, 401, 'invalid_client'],
    [{}, { authorization: 'Basic ???' }, 401, 'invalid_client'],
    [{ client_id: 'another' }, { authorization: basic }, 400, 'invalid_request']
  ]
  for (const [fields, headers, status, error] of wrong) {
    const answer = await send(instance, '/oauth/token', { ...(await body()), ...fields }, headers)
    assert.equal(answer.statusCode, status, JSON.stringify(fields))
    assert.equal(answer.json().error, error)
    assert.equal(typeof answer.json().error_description, 'string')
    assert.equal(answer.headers['cache-control'], 'no-store')
    if (status === 401) assert.match(String(answer.headers['www-authenticate']), /^Basic realm="skerry\.test"/)
  }
  for (const twice of [
    { ...shown, code: ['a', 'b'], grant_type: 'authorization_code' },
    { ...shown, client_id: [clientId, clientId] }
  ])
    assert.equal((await send(instance, '/oauth/token', twice)).json().error, 'invalid_request')
  const torn = await send(instance, '/oauth/token', {}, { 'content-type': 'multipart/form-data; boundary=x' })
  assert.equal(torn.json().error, 'invalid_request')
  assert.equal((await send(instance, '/oauth/token', {}, { 'content-type': 'text/plain' })).statusCode, 415)
  assert.equal((await send(instance, '/oauth/token', { ...shown, grant_type: 'password' })).json().error, 'unsupported_grant_type')
  assert.equal((await send(instance, '/oauth/token', shown)).json().error, 'invalid_request')
})

test('texts in parts weigh no more together than any other body', async (t) => {
  const { instance } = await start(t)
  const post = (texts: number, characters: number) => {
    const parts = Array.from({ length: texts }, (_, at) => {
      return `--x\r\ncontent-disposition: form-data; name="text${at}"\r\n\r\n${'a'.repeat(characters)}\r\n`
    })
    const headers = { host: instance.config.host, 'content-type': 'multipart/form-data; boundary=x' }
    return instance.app.inject({ method: 'POST', url: '/oauth/token', headers, payload: `${parts.join('')}--x--\r\n` })
  }
  assert.equal((await post(4, 60_000)).statusCode, 400, 'read, and no grant')
  assert.equal((await post(5, 60_000)).statusCode, 413)
})

test('an app acts for itself where nobody is needed, and for nobody', async (t) => {
  const { instance, app } = await start(t)
  const answer = await send(instance, '/oauth/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.clientSecret,
    redirect_uri: callback
  })
  assert.equal(answer.json().scope, 'read')
  const { access_token: token } = answer.json()
  const known = await ask(instance, '/api/v1/apps/verify_credentials/', token)
  assert.equal(known.json().name, 'Lantern')
  assert.deepEqual(known.json().redirect_uris, [callback])
  assert.equal('client_secret' in known.json(), false)
  assert.equal(await statusOf(instance, token), 422)
})

test('AUT-12: a token opens what its scopes name, and says which are missing', async (t) => {
  const { instance, app, ana } = await start(t)
  for (const scope of ['read', 'read:accounts', 'read write'])
    assert.equal(await statusOf(instance, await tokenFor(instance, ana, app, scope)), 200)
  for (const scope of ['write', 'read:statuses', 'push', 'follow']) {
    const answer = await ask(instance, mine, await tokenFor(instance, ana, app, scope))
    assert.equal(answer.statusCode, 403, scope)
    assert.equal(
      answer.headers['www-authenticate'],
      'Bearer realm="skerry.test", error="insufficient_scope", scope="profile read:accounts"'
    )
  }
  const profile = await register(instance, { scopes: 'profile' })
  const token = (await exchange(instance, profile, await codeFor(ana, profile.asks({ scope: 'profile' })))).json().access_token
  assert.equal(await statusOf(instance, token), 200)
  assert.equal((await ask(instance, '/oauth/userinfo', token)).json().preferred_username, 'ana')
})

test('a cookie opens nothing for apps, and a token no page', async (t) => {
  const { instance, app, ana } = await start(t)
  const token = await tokenFor(instance, ana, app)
  assert.equal((await ana.get(mine)).statusCode, 401)
  assert.equal((await ana.get(mine)).headers['www-authenticate'], 'Bearer realm="skerry.test"')
  const routes = instance.app.routeTable.filter(({ method, access }) => method === 'GET' && access === 'signed-in')
  for (const { url } of routes) {
    const answer = await ask(instance, url.replace(/:\w+/g, '1'), token, { accept: 'text/html' })
    assert.equal(answer.statusCode, 303, url)
    assert.match(String(answer.headers.location), /^\/sign-in/, url)
  }
  const posted = await send(instance, '/posts', { text: 'by token' }, { authorization: `Bearer ${token}` })
  assert.equal(posted.statusCode, 401)
  for (const bad of ['', 'x', `${token}x`, `${token} ${token}`, 'é']) {
    const answer = await ask(instance, mine, undefined, { authorization: `Bearer ${bad}` })
    assert.equal(answer.statusCode, 401, bad)
  }
  assert.equal((await ask(instance, `${mine}?access_token=${token}`)).statusCode, 401, 'no token in an address')
})

test('an app gives its token back (RFC 7009), and no other', async (t) => {
  const { instance, app, ana } = await start(t)
  const other = await register(instance)
  const token = await tokenFor(instance, ana, app)
  const give = (by: typeof app, given: string) =>
    send(instance, '/oauth/revoke', { client_id: by.clientId, client_secret: by.clientSecret, token: given })
  assert.equal((await give(other, token)).json().error, 'unauthorized_client')
  assert.equal((await give({ ...app, clientSecret: 'wrong' }, token)).statusCode, 401)
  assert.equal(await statusOf(instance, token), 200)
  for (const given of [token, token, 'never given out']) {
    const answer = await give(app, given)
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json(), {})
  }
  assert.equal(await statusOf(instance, token), 401)
  assert.equal((await give(app, '')).json().error, 'invalid_request')
})

test('AUT-02: neither tokens, codes nor secrets lie in the database as they were given out', async (t) => {
  const { instance, app, ana } = await start(t)
  const code = await codeFor(ana, app.asks())
  const token = await tokenFor(instance, ana, app)
  const [rows, [row]] = [await instance.ctx.db.select().from(appTokens), await instance.ctx.db.select().from(apps)]
  for (const secret of [token, code, app.clientSecret]) assert.equal(JSON.stringify([rows, row]).includes(secret), false)
})

test('when a token was last used is written once an hour', async (t) => {
  const { instance, app, ana } = await start(t)
  const token = await tokenFor(instance, ana, app)
  const lastUse = async () => (await instance.ctx.db.select().from(appTokens))[0]!.lastUsedAt
  assert.equal(await lastUse(), null)
  await statusOf(instance, token)
  const first = await lastUse()
  instance.clock.advance(59 * minuteMs)
  await statusOf(instance, token)
  assert.equal(await lastUse(), first)
  instance.clock.advance(2 * minuteMs)
  await statusOf(instance, token)
  assert.ok((await lastUse())! >= first! + 61 * minuteMs)
})
