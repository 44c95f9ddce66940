import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { ask, callback, register, send, tokenFor } from '#test/apps/app-world.ts'
import { pictureOf } from '#test/web/world.ts'

const mine = '/api/v1/accounts/verify_credentials'

test('an app is told of itself what clients read, whichever way it sent its addresses', async (t) => {
  const instance = await startInstance(t)
  const json = { 'content-type': 'application/json' }
  const post = (payload: string, headers: Record<string, string> = json) =>
    instance.app.inject({ method: 'POST', url: '/api/v1/apps', headers: { host: instance.config.host, ...headers }, payload })
  // Elk's address holds another one, encoded: it stays as it is, byte for byte.
  const elk = 'https://elk.zone/api/skerry.test/oauth/https%3A%2F%2Felk.zone'
  const answer = await post(
    JSON.stringify({ client_name: 'Elk', redirect_uris: elk, scopes: 'read write follow push', website: 'https://elk.zone' })
  )
  assert.equal(answer.statusCode, 200, answer.body)
  const { client_id: clientId, client_secret: secret, id, ...rest } = answer.json()
  assert.match(id, /^\d+$/)
  for (const token of [clientId, secret]) assert.match(token, /^[\w-]{32}$/)
  assert.deepEqual(rest, {
    name: 'Elk',
    website: 'https://elk.zone/',
    scopes: ['read', 'write', 'follow', 'push'],
    redirect_uris: [elk],
    redirect_uri: elk,
    vapid_key: '',
    client_secret_expires_at: 0
  })
  const several = ['icecubesapp://', 'http://127.0.0.1:5173/cb', 'urn:ietf:wg:oauth:2.0:oob']
  for (const payload of [{ redirect_uris: several }, { redirect_uris: several.join('\n') }, { redirect_uris: several.join('\r\n') }])
    assert.deepEqual((await post(JSON.stringify({ client_name: 'Many', ...payload }))).json().redirect_uris, several)
  const listed = new URLSearchParams([['client_name', 'Many'], ...several.map((uri) => ['redirect_uris[]', uri])])
  const form = await post(listed.toString(), { 'content-type': 'application/x-www-form-urlencoded' })
  assert.deepEqual([form.json().redirect_uris, form.json().scopes, form.json().website], [several, ['read'], null])
})

test('AUT-09: an address that runs something, lies elsewhere in the clear or has a fragment is never registered', async (t) => {
  const instance = await startInstance(t)
  const unfit = [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'intent://x#Intent;end',
    'ms-msdt:/id',
    'search-ms:query=x',
    'itms-services://?action=download-manifest',
    'feed:javascript:x',
    'http://client.test/cb',
    'http://127.0.0.1.evil.example/cb',
    'http://10.0.0.1/cb',
    'https://client.test/cb#fragment',
    'https://me:secret@client.test/cb',
    'https:client.test/cb',
    'https:\\\\client.test',
    'https://a;script-src%20x/cb',
    "https://a';/cb",
    'https://клиент.test/cb',
    '//client.test/cb',
    '/cb',
    'client.test',
    'https://client.test/a b',
    `https://client.test/${'x'.repeat(2_000)}`
  ]
  for (const uri of unfit) {
    const answer = await send(instance, '/api/v1/apps', { client_name: 'Bad', redirect_uris: uri })
    assert.equal(answer.statusCode, 422, uri)
    assert.match(answer.json().error, /redirect_uris/)
  }
  const wrong: Record<string, string | string[]>[] = [
    { client_name: '' },
    { client_name: '\u202e\u200b' },
    { client_name: 'x'.repeat(61) },
    { redirect_uris: '' },
    { redirect_uris: Array.from({ length: 21 }, (_, at) => `https://client.test/${at}`) },
    { scopes: 'read everything' },
    { scopes: 'x'.repeat(3_000) },
    { website: 'javascript:alert(1)' },
    { website: 'nothing' }
  ]
  for (const changes of wrong) {
    const answer = await send(instance, '/api/v1/apps', { client_name: 'Bad', redirect_uris: callback, ...changes })
    assert.equal(answer.statusCode, 422, JSON.stringify(changes).slice(0, 80))
  }
  for (const payload of ['', '[]', '"x"', '{', 'null', '{"client_name":{"a":1},"redirect_uris":[[1]]}']) {
    const headers = { host: instance.config.host, 'content-type': 'application/json' }
    const { statusCode } = await instance.app.inject({ method: 'POST', url: '/api/v1/apps', headers, payload })
    assert.ok([400, 422].includes(statusCode), `${payload}: ${statusCode}`)
  }
})

test('one network may introduce a hundred apps an hour', async (t) => {
  const instance = await startInstance(t)
  for (let count = 0; count < 100; count++) await register(instance)
  const answer = await send(instance, '/api/v1/apps', { client_name: 'One more', redirect_uris: callback })
  assert.equal(answer.statusCode, 429)
  assert.ok(Number(answer.headers['retry-after']) > 0)
  instance.clock.advance(3_600_001)
  await register(instance)
})

test('apps in a browser of any origin may ask and read, and pages for people say nothing of it', async (t) => {
  const instance = await startInstance(t)
  const app = await register(instance)
  const ana = await instance.as('ana')
  const token = await tokenFor(instance, ana, app)
  const elsewhere = { origin: 'https://phanpy.social' }
  for (const [url, status] of [
    [mine, 200],
    ['/api/v1/nothing', 404],
    ['/.well-known/oauth-authorization-server', 200],
    ['/.well-known/webfinger?resource=acct:ana@skerry.test', 200],
    ['/nodeinfo/2.1', 200]
  ] as const) {
    const answer = await ask(instance, url, token, elsewhere)
    assert.equal(answer.statusCode, status, url)
    assert.equal(answer.headers['access-control-allow-origin'], '*', url)
    assert.match(String(answer.headers['access-control-expose-headers']), /\bLink\b.*X-RateLimit-Reset/, url)
    assert.equal(answer.headers['access-control-allow-credentials'], undefined)
    assert.equal(answer.headers['set-cookie'], undefined)
    assert.equal(typeof answer.json(), 'object', url)
  }
  const refused = await send(instance, '/oauth/token', {}, elsewhere)
  assert.equal(refused.headers['access-control-allow-origin'], '*')
  for (const url of [mine, '/api/v1/apps', '/oauth/token', '/oauth/revoke', '/api/v1/statuses']) {
    const headers = {
      host: instance.config.host,
      ...elsewhere,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,idempotency-key'
    }
    const answer = await instance.app.inject({ method: 'OPTIONS', url, headers })
    assert.equal(answer.statusCode, 204, url)
    assert.match(String(answer.headers['access-control-allow-headers']), /Authorization.*Content-Type.*Idempotency-Key/)
    assert.match(String(answer.headers['access-control-allow-methods']), /DELETE/)
  }
  for (const url of ['/home', '/oauth/authorize', '/oauth/authorize/native', '/sign-in', '/settings/apps'])
    assert.equal((await ana.get(url, elsewhere)).headers['access-control-allow-origin'], undefined, url)
})

test('this server says what it does of OAuth (RFC 8414)', async (t) => {
  const instance = await startInstance(t)
  const said = (await ask(instance, '/.well-known/oauth-authorization-server')).json()
  assert.equal(said.issuer, 'https://skerry.test')
  assert.deepEqual(said.code_challenge_methods_supported, ['S256'])
  assert.deepEqual(said.grant_types_supported, ['authorization_code', 'client_credentials'])
  assert.ok(said.scopes_supported.includes('read:accounts'))
  const paths = instance.app.routeTable.map(({ url }) => url)
  for (const [name, url] of Object.entries<string>(said).filter(([key]) => key.endsWith('_endpoint')))
    assert.ok(paths.includes(new URL(url).pathname), name)
})

test('an account tells apps all that is documented of it', async (t) => {
  const instance = await startInstance(t)
  const app = await register(instance)
  const ana = await instance.as('ana')
  const first = await tokenFor(instance, ana, app)
  const bare = (await ask(instance, mine, first)).json()
  for (const accept of ['application/json', '*/*', 'text/html', 'application/activity+json'])
    assert.deepEqual((await ask(instance, mine, first, { accept })).json(), bare, accept)
  await ana.submit('/settings/profile', {
    displayName: 'Ana of the Isles',
    note: 'Bees & boats',
    isLocked: 'yes',
    'fieldName-1': 'Site',
    'fieldValue-1': 'https://ana.test/',
    avatar: pictureOf('a.png')
  })
  await ana.submit('/posts', { text: 'Low tide', visibility: 'public', idempotencyKey: 'one' })
  await instance.ctx.transact((tx) => tx.update(accounts).set({ followersCount: 3 }).where(eq(accounts.id, ana.account.id)))
  const told = (await ask(instance, mine, await tokenFor(instance, ana, app))).json()
  const fatal = 'id username acct display_name url note fields created_at followers_count following_count statuses_count'
  const usual =
    'locked bot group discoverable indexable avatar avatar_static header header_static emojis roles last_status_at uri source role'
  for (const entity of [bare, told]) for (const name of `${fatal} ${usual}`.split(' ')) assert.notEqual(entity[name], undefined, name)
  assert.equal(told.id, String(ana.account.id))
  assert.deepEqual([told.username, told.acct, told.display_name, told.locked], ['ana', 'ana', 'Ana of the Isles', true])
  assert.equal(told.url, 'https://skerry.test/@ana')
  assert.match(told.note, /Bees &amp; boats/)
  assert.deepEqual([told.followers_count, told.following_count, told.statuses_count], [3, 0, 1])
  assert.match(told.created_at, /^\d{4}-\d\d-\d\dT00:00:00\.000Z$/)
  assert.match(told.last_status_at, /^\d{4}-\d\d-\d\d$/)
  assert.match(told.fields[0].value, /rel="me/)
  assert.deepEqual([told.fields[0].name, told.fields[0].verified_at], ['Site', null])
  assert.match(told.avatar, /^https:\/\/skerry\.test\/media\//)
  assert.match(bare.avatar, /^https:\/\/skerry\.test\/static\/.*missing\.png$/)
  assert.equal((await instance.guest().get(new URL(bare.avatar).pathname)).statusCode, 200)
  const { fields, ...source } = told.source
  assert.deepEqual(source, {
    privacy: 'public',
    sensitive: false,
    language: null,
    note: 'Bees & boats',
    follow_requests_count: 0,
    hide_collections: false,
    discoverable: true,
    indexable: false,
    attribution_domains: [],
    quote_policy: 'public'
  })
  assert.deepEqual(fields, [{ name: 'Site', value: 'https://ana.test/', verified_at: null }])
  assert.equal(told.role.name, '')
  assert.equal(JSON.stringify(told).includes('mail.test'), false)
})
