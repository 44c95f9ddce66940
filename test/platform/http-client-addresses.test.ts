import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HttpError } from '#server/platform/http-client.ts'
import { checkUrl } from '#server/platform/url-rules.ts'
import { startNameServer } from '#test/helpers/name-server.ts'
import { reason, startCanary, startClient, startPeer } from '#test/platform/outbound-peers.ts'

test('an allowed address is asked, and no spelling of a forbidden one is', async (t) => {
  const peer = await startPeer(t, (_request, response) => response.end('hello'))
  const canary = await startCanary(t)
  const client = startClient(t)
  assert.equal(String((await client.get(`${peer.origin}/x`)).bytes), 'hello')
  const spellings = [
    '127.0.0.3',
    '127.3',
    '127.0.3',
    '0x7f000003',
    '0x7f.3',
    '2130706435',
    '0177.0.0.3',
    '127.0.0.3.',
    '１２７.0.0.3',
    '[::ffff:127.0.0.3]',
    '[::ffff:7f00:3]',
    '[::127.0.0.3]',
    '[64:ff9b::127.0.0.3]',
    '[2002:7f00:3::]',
    '[::]',
    '[::1]',
    '0.0.0.0'
  ]
  for (const host of spellings) {
    await assert.rejects(client.get(`http://${host}:${canary.port}/`), reason('blocked-address'), host)
    await assert.rejects(client.post(`http://${host}:${canary.port}/`, { body: 'x' }), reason('blocked-address'), host)
  }
  assert.equal(canary.connections.most, 0)
})

test('names are checked by what they resolve to, and localhost is no exception', async (t) => {
  const canary = await startPeer(t, (_request, response) => response.end(), '127.0.0.1')
  const client = startClient(t)
  await assert.rejects(client.get(`http://localhost:${canary.port}/`), reason('blocked-address'))
  await assert.rejects(client.get(`http://LOCALHOST:${canary.port}/`), reason('blocked-address'))
  await assert.rejects(client.get(`http://localhost.:${canary.port}/`), reason('bad-url'))
  assert.equal(canary.connections.most, 0)
})

test('names below .localhost mean 127.0.0.1 while http is allowed, and nothing otherwise', async (t) => {
  const here = await startPeer(t, (_request, response) => response.end('red'), '127.0.0.1')
  const answer = await startClient(t).get(`http://red.localhost:${here.port}/`)
  assert.equal(String(answer.bytes), 'red')
  assert.equal(here.requests[0]?.headers.host, `red.localhost:${here.port}`)
  const strict = startClient(t, { outbound: { allowHttp: false, dnsServers: [await startNameServer(t, {})] } })
  await assert.rejects(strict.get(`http://red.localhost:${here.port}/`), reason('scheme'))
  await assert.rejects(strict.get(`https://red.localhost:${here.port}/`), reason('dns'))
  assert.equal(here.requests.length, 1)
})

test('only https is asked unless http is allowed, and never anything else', async (t) => {
  const client = startClient(t)
  for (const url of ['ftp://127.0.0.2/', 'file:///etc/passwd', 'data:,x', 'javascript:1', 'ws://127.0.0.2/', 'gopher://127.0.0.2/']) {
    await assert.rejects(client.get(url), reason('scheme'), url)
  }
  const strict = startClient(t, { outbound: { allowHttp: false } })
  await assert.rejects(strict.get('http://127.0.0.2/'), reason('scheme'))
})

test('odd URLs and low ports are refused before any connection', async (t) => {
  const client = startClient(t)
  for (const url of [
    '',
    'nonsense',
    'https://',
    'https://user@b.test/',
    'https://user:pass@b.test/',
    'https://b.test./',
    'https://b..test/',
    `https://b.test/${'x'.repeat(5_000)}`
  ]) {
    await assert.rejects(client.get(url), reason('bad-url'), url.slice(0, 60))
  }
  for (const port of [0, 1, 22, 25, 81, 444, 1_023])
    await assert.rejects(client.get(`http://127.0.0.2:${port}/`), reason('port'), String(port))
  for (const port of [80, 443, 1_024, 65_535]) checkUrl(`http://127.0.0.2:${port}/`, { allowHttp: true })
})

test('an origin typed by an operator is exempt, and nothing it leads to is', async (t) => {
  const other = await startCanary(t)
  const own = await startPeer(
    t,
    (request, response) => (request.url === '/go' ? response.writeHead(302, { location: `${other.origin}/` }).end() : response.end('own')),
    '127.0.0.4'
  )
  const client = startClient(t, { outbound: { allowHttp: false, allowAddresses: [] } })
  assert.equal(String((await client.get(`${own.origin}/`, { exempt: own.origin })).bytes), 'own')
  await assert.rejects(client.get(`${own.origin}/go`, { exempt: own.origin }), reason('scheme'))
  await assert.rejects(client.get(`${own.origin}/`), reason('scheme'))
  const open = startClient(t)
  assert.equal((await open.get(`${own.origin}/`, { exempt: own.origin })).status, 200)
  await assert.rejects(open.get(`${own.origin}/`), reason('blocked-address'), 'a kept connection of the exemption is not ridden on')
  await assert.rejects(open.get(`${own.origin}/go`, { exempt: own.origin }), reason('blocked-address'))
  assert.equal(other.connections.most, 0)
})

test('the configured name servers are asked, and the address that was checked is the one connected to', async (t) => {
  const peer = await startPeer(t, (_request, response) => response.end('peer'))
  const canary = await startCanary(t)
  const asked: Record<string, string[][]> = {
    'good.test': [['127.0.0.2']],
    'bad.test': [['127.0.0.3']],
    'mixed.test': [['127.0.0.3', '127.0.0.2']],
    // Answers with a good address to the first question and with a bad one from then on.
    'rebind.test': [['127.0.0.2'], ['127.0.0.3']]
  }
  const client = startClient(t, { outbound: { dnsServers: [await startNameServer(t, asked)] } })
  assert.equal(String((await client.get(`http://good.test:${peer.port}/`)).bytes), 'peer')
  await assert.rejects(client.get(`http://bad.test:${canary.port}/`), {
    ...reason('blocked-address'),
    message: /127\.0\.0\.3 \(loopback\)/
  })
  assert.equal(String((await client.get(`http://mixed.test:${peer.port}/`)).bytes), 'peer')
  assert.equal(String((await client.get(`http://rebind.test:${peer.port}/`)).bytes), 'peer')
  await assert.rejects(client.get(`http://rebind.test:${canary.port}/`), reason('blocked-address'))
  await assert.rejects(client.get(`http://missing.test:${peer.port}/`), reason('dns'))
  assert.equal(canary.connections.most, 0)
})

test('a test may steer a name to a plain socket, and nothing but that name', async (t) => {
  const peer = await startPeer(t, (_request, response) => response.end('a'))
  const canary = await startCanary(t)
  const asked: string[] = []
  const client = startClient(t, {
    outbound: { allowHttp: false, dnsServers: [await startNameServer(t, {})] },
    connect(host, port) {
      asked.push(`${host}:${port}`)
      return host === 'b.test' ? undefined : { host: '127.0.0.2', port: peer.port }
    }
  })
  const answer = await client.get('https://a.test/x')
  assert.equal(answer.url, 'https://a.test/x')
  assert.equal(peer.requests[0]?.headers.host, 'a.test')
  await assert.rejects(client.get('https://b.test/'), reason('dns'))
  await assert.rejects(client.get(`https://127.0.0.3:${canary.port}/`), reason('blocked-address'))
  await assert.rejects(client.get('https://127.0.0.2:1024/'), (error: HttpError) => error.reason === 'connect' || error.reason === 'tls')
  assert.deepEqual(asked, ['a.test:443', 'b.test:443'])
})
