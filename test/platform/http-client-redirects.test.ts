import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWithinDomain } from '#server/platform/host-names.ts'
import { reason, startCanary, startClient, startPeer } from '#test/platform/outbound-peers.ts'

test('five redirects are followed, a sixth is not, and a loop ends', async (t) => {
  const peer = await startPeer(t, (request, response) => {
    const left = Number(request.url?.slice(1))
    if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end()
    else response.writeHead(request.url === '/loop' ? 301 : 200, request.url === '/loop' ? { location: '/loop' } : {}).end('there')
  })
  const client = startClient(t)
  const answer = await client.get(`${peer.origin}/5#fragment`)
  assert.equal(answer.url, `${peer.origin}/0`)
  assert.deepEqual(
    answer.hops,
    [5, 4, 3, 2, 1, 0].map((left) => `${peer.origin}/${left}`)
  )
  await assert.rejects(client.get(`${peer.origin}/6`), reason('redirects'))
  const before = peer.requests.length
  await assert.rejects(client.get(`${peer.origin}/loop`), reason('redirects'))
  assert.equal(peer.requests.length - before, 6)
})

test('each hop is checked like the first: address, scheme, port, host, credentials', async (t) => {
  const canary = await startCanary(t)
  const targets: Record<string, string> = {
    '/address': `http://127.0.0.3:${canary.port}/`,
    '/mapped': `http://[::ffff:127.0.0.3]:${canary.port}/`,
    '/relative': `//127.0.0.3:${canary.port}/`,
    '/file': 'file:///etc/passwd',
    '/data': 'data:text/html,x',
    '/port': 'http://127.0.0.2:25/',
    '/user': `http://user@127.0.0.3:${canary.port}/`,
    '/blocked': 'https://a.evil.test/'
  }
  const peer = await startPeer(t, (request, response) => response.writeHead(307, { location: targets[request.url ?? ''] }).end())
  const client = startClient(t, { isHostBlocked: async (host) => isWithinDomain(host, 'evil.test') })
  for (const [path, expected] of Object.entries({
    address: 'blocked-address',
    mapped: 'blocked-address',
    relative: 'blocked-address',
    file: 'scheme',
    data: 'scheme',
    port: 'port',
    user: 'bad-url',
    blocked: 'blocked-host'
  })) {
    await assert.rejects(client.get(`${peer.origin}/${path}`), reason(expected), path)
  }
  await assert.rejects(client.get('https://evil.test:8443/'), reason('blocked-host'))
  assert.equal(canary.connections.most, 0)
})

test('a redirect never leads from https down to http', async (t) => {
  const peer = await startPeer(t, (_request, response) => response.writeHead(302, { location: 'http://a.test/plain' }).end())
  const steer = () => ({ host: '127.0.0.2', port: peer.port })
  await assert.rejects(startClient(t, { connect: steer, outbound: { allowHttp: false } }).get('https://a.test/'), reason('scheme'))
  await assert.rejects(
    startClient(t, { connect: steer, outbound: { allowHttp: false } }).get('https://a.test/', { exempt: 'http://a.test' }),
    reason('scheme')
  )
  assert.equal(peer.requests.length, 2)
})

test('a POST is never sent on, with or without its body', async (t) => {
  const canary = await startCanary(t)
  const peer = await startPeer(t, (request, response) =>
    response.writeHead(Number(request.url?.slice(1)), { location: canary.origin }).end()
  )
  const client = startClient(t)
  for (const status of [301, 302, 303, 307, 308]) {
    await assert.rejects(client.post(`${peer.origin}/${status}`, { body: '{}' }), { ...reason('redirects'), isPermanent: true })
  }
  assert.equal(peer.requests.length, 5)
  assert.equal(canary.connections.most, 0)
})

test('every hop is signed for its own URL, names us, and carries the host of its URL', async (t) => {
  const peer = await startPeer(t, (request, response) =>
    request.url === '/a' ? response.writeHead(302, { location: '/b' }).end() : response.end()
  )
  const headersFor = async (url: URL) => ({ Signature: `for ${url.pathname}`, Host: 'other.test', 'User-Agent': 'nobody' })
  await startClient(t).get(`${peer.origin}/a`, { accept: 'application/activity+json', headersFor })
  assert.deepEqual(
    peer.requests.map((request) => request.headers.signature),
    ['for /a', 'for /b']
  )
  for (const { headers } of peer.requests) {
    assert.equal(headers['user-agent'], 'Skerry/test (+https://skerry.test)')
    assert.equal(headers.host, `127.0.0.2:${peer.port}`)
    assert.equal(headers.accept, 'application/activity+json')
  }
})

test('a link to an alternate is not followed', async (t) => {
  const peer = await startPeer(t, (_request, response) =>
    response.writeHead(200, { link: '</b>; rel="alternate"; type="application/activity+json"', 'content-type': 'text/html' }).end('<p>')
  )
  await assert.rejects(startClient(t).get(`${peer.origin}/a`, { contentTypes: ['application/activity+json'] }), reason('content-type'))
  assert.deepEqual(
    peer.requests.map((request) => request.path),
    ['/a']
  )
})
