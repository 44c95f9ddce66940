import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { setTimeout as delay, setImmediate } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { FetchBudget } from '#server/platform/http-client.ts'
import { reason, startCanary, startClient, startPeer } from '#test/platform/outbound-peers.ts'

test('an answer that comes a byte at a time ends at the deadline, in headers and in body', async (t) => {
  const drip = (write: () => void, response: ServerResponse) => {
    const timer = setInterval(write, 20)
    response.on('close', () => clearInterval(timer))
  }
  const peer = await startPeer(t, (request, response) => {
    if (request.url === '/body') {
      response.writeHead(200)
      drip(() => response.write('x'), response)
    } else if (request.url === '/headers') {
      request.socket.write('HTTP/1.1 200 OK\r\nx: ')
      drip(() => request.socket.write('x'), response)
    } else if (request.url === '/redirects') {
      setTimeout(() => response.writeHead(302, { location: '/redirects' }).end(), 150)
    }
  })
  const client = startClient(t, { deadlineMs: 300 })
  for (const path of ['/body', '/headers', '/silence', '/redirects']) {
    const startedAt = performance.now()
    await assert.rejects(client.get(peer.origin + path), reason('timeout'), path)
    const tookMs = performance.now() - startedAt
    assert.ok(tookMs > 250 && tookMs < 1_500, `${path} took ${tookMs} ms`)
  }
  await assert.rejects(client.post(`${peer.origin}/silence`, { body: 'x' }), reason('timeout'))
  await delay(50)
  assert.equal(peer.connections.now, 0, 'no connection is left behind')
  assert.equal(client.stats().active, 0)
})

test('an endless body is cut off at the limit', async (t) => {
  let sent = 0
  const chunk = Buffer.alloc(65_536, 'x')
  const peer = await startPeer(t, (_request, response) => {
    const pour = () => {
      while (!response.destroyed) {
        sent += chunk.length
        if (!response.write(chunk)) return
      }
    }
    response.on('drain', pour)
    pour()
  })
  const client = startClient(t)
  await assert.rejects(client.get(peer.origin), reason('too-large'))
  assert.ok(sent < 8_000_000, `${sent} bytes were sent`)
})

test('the body limit is exact, and a longer length announced is not read at all', async (t) => {
  const peer = await startPeer(t, (request, response) => {
    if (request.url === '/promise') return response.writeHead(200, { 'content-length': 5_000_000 }).flushHeaders()
    const length = Number(request.url?.slice(2))
    if (request.url?.startsWith('/a')) response.setHeader('content-length', length)
    response.write(Buffer.alloc(Math.min(length, 20), 'x'))
    return response.end(Buffer.alloc(Math.max(0, length - 20), 'x'))
  })
  const client = startClient(t)
  await assert.rejects(client.get(`${peer.origin}/promise`), reason('too-large'))
  for (const path of ['a', 'b']) {
    assert.equal((await client.get(`${peer.origin}/${path}100`, { bytesMax: 100 })).bytes.length, 100)
    await assert.rejects(client.get(`${peer.origin}/${path}101`, { bytesMax: 100 }), reason('too-large'))
  }
})

test('compressed answers are decoded, bombs are cut, and broken or stacked encodings are refused', async (t) => {
  const bomb = Buffer.alloc(40_000_000)
  const hollow = gzipSync('')
  const bodies: Record<string, [encoding: string, body: Buffer]> = {
    '/gzip': ['gzip', gzipSync('hello')],
    '/x-gzip': ['X-GZIP', gzipSync('hello')],
    '/br': ['br', brotliCompressSync('hello')],
    '/deflate': ['deflate', deflateSync('hello')],
    '/identity': ['identity', Buffer.from('hello')],
    '/gzip-bomb': ['gzip', gzipSync(bomb)],
    '/br-bomb': ['br', brotliCompressSync(bomb)],
    '/deflate-bomb': ['deflate', deflateSync(bomb)],
    '/hollow-bomb': ['gzip', Buffer.concat(Array.from({ length: 60_000 }, () => hollow))],
    '/stacked': ['gzip, gzip', gzipSync(gzipSync('hello'))],
    '/unknown': ['zstd', Buffer.from('hello')],
    '/broken-gzip': ['gzip', Buffer.from('no gzip at all')],
    '/broken-br': ['br', Buffer.alloc(100, 0xff)],
    '/short': ['gzip', gzipSync('hello').subarray(0, 12)],
    '/empty': ['gzip', Buffer.alloc(0)]
  }
  const peer = await startPeer(t, (request, response) => {
    const [encoding, body] = bodies[request.url ?? ''] ?? ['', Buffer.alloc(0)]
    response.writeHead(200, { 'content-encoding': encoding }).end(body)
  })
  const client = startClient(t)
  for (const path of ['/gzip', '/x-gzip', '/br', '/deflate', '/identity'])
    assert.equal(String((await client.get(peer.origin + path)).bytes), 'hello', path)
  assert.equal((await client.get(`${peer.origin}/empty`)).bytes.length, 0)
  const before = process.memoryUsage().rss
  for (const path of ['/gzip-bomb', '/br-bomb', '/deflate-bomb', '/hollow-bomb'])
    await assert.rejects(client.get(peer.origin + path), reason('too-large'), path)
  assert.ok(process.memoryUsage().rss - before < 50_000_000)
  for (const path of ['/stacked', '/unknown', '/broken-gzip', '/broken-br', '/short'])
    await assert.rejects(client.get(peer.origin + path), reason('encoding'), path)
})

test('an answer of the wrong type is let go before its body is read; a failed one is returned whatever its type', async (t) => {
  let wasCut = false
  const peer = await startPeer(t, (request, response) => {
    if (request.url === '/gone') return response.writeHead(410, { 'content-type': 'text/html' }).end('<p>gone'.padEnd(100_000))
    if (request.url === '/json')
      return response.writeHead(200, { 'content-type': 'Application/Activity+JSON; charset=utf-8' }).end('{"a":1}')
    if (request.url === '/no-json') return response.writeHead(200, { 'content-type': 'application/activity+json' }).end('{"a"')
    if (request.url === '/none') return response.writeHead(200).end('{}')
    if (request.url === '/ld') return response.writeHead(200, { 'content-type': 'application/ld+json' }).end('{}')
    response.on('close', () => {
      wasCut = !response.writableFinished
    })
    return response.writeHead(200, { 'content-type': 'text/html' }).write('<p>')
  })
  const client = startClient(t)
  const contentTypes = ['application/activity+json', 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"']
  const json = await client.get(`${peer.origin}/json`, { contentTypes })
  assert.equal(json.contentType, 'application/activity+json')
  assert.deepEqual(json.json(), { a: 1 })
  const broken = await client.get(`${peer.origin}/no-json`, { contentTypes })
  assert.throws(() => broken.json(), reason('json'))
  for (const path of ['/endless-html', '/none', '/ld'])
    await assert.rejects(client.get(peer.origin + path, { contentTypes }), reason('content-type'), path)
  const gone = await client.get(`${peer.origin}/gone`, { contentTypes })
  assert.equal(gone.status, 410)
  assert.equal(gone.bytes.length, 16_384, 'kept for the log only')
  assert.ok(wasCut)
})

test('two requests at once reach one host, and a slow host holds back no other', async (t) => {
  const held: ServerResponse[] = []
  let isSlow = true
  const slow = await startPeer(t, (_request, response) => (isSlow ? held.push(response) : response.end()))
  const quick = await startPeer(t, (_request, response) => response.end())
  const client = startClient(t)
  const all = Promise.all(Array.from({ length: 10 }, () => client.get(slow.origin)))
  while (held.length < 2) await delay(5)
  await client.get(quick.origin)
  assert.deepEqual([held.length, client.stats().active, client.stats().waiting], [2, 2, 8])
  isSlow = false
  for (const response of held) response.end()
  await all
  assert.equal(slow.connections.most, 2, 'connections are kept and used again')
  assert.deepEqual([client.stats().active, client.stats().waiting], [0, 0])
})

test('all hosts together share one bound; who waits too long is told we are busy, and too many may not even wait', async (t) => {
  const peers = await Promise.all(Array.from({ length: 4 }, () => startPeer(t, () => undefined)))
  const client = startClient(t, { deadlineMs: 1_200, outbound: { connectionsMax: 3 } })
  const outcomes = await Promise.allSettled(peers.map((peer) => client.get(peer.origin)))
  const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.reason : 'answered'))
  assert.deepEqual(reasons.sort(), ['busy', 'timeout', 'timeout', 'timeout'])
  const asked = Array.from({ length: 120 }, () => client.get(peers[0]?.origin ?? ''))
  const settled = Promise.allSettled(asked)
  await setImmediate()
  assert.deepEqual([client.stats().active, client.stats().waiting], [2, 100])
  const flood = await settled
  assert.equal(flood.filter((outcome) => outcome.status === 'rejected' && outcome.reason.reason === 'busy').length, 118)
})

test('many invented subdomains leave few pools and few connections behind', async (t) => {
  const peer = await startPeer(t, (_request, response) => response.end())
  const client = startClient(t, { connect: () => ({ host: '127.0.0.2', port: peer.port }) })
  for (let from = 0; from < 600; from += 30) {
    await Promise.all(Array.from({ length: 30 }, (_, i) => client.get(`https://h${from + i}.wild.test/`)))
  }
  await delay(50)
  assert.equal(peer.requests.length, 600)
  assert.ok(client.stats().pools <= 256)
  assert.ok(peer.connections.now <= 256, `${peer.connections.now} connections are open`)
})

test('a budget counts every request, redirects too, and ends with a named error', async (t) => {
  const peer = await startPeer(t, (request, response) =>
    request.url === '/r' ? response.writeHead(302, { location: '/x' }).end() : response.end()
  )
  const client = startClient(t)
  const budget = new FetchBudget(4)
  await client.get(`${peer.origin}/r`, { budget })
  await client.post(`${peer.origin}/x`, { body: 'x', budget })
  assert.equal(budget.left, 1)
  await assert.rejects(client.get(`${peer.origin}/r`, { budget }), reason('budget'))
  await assert.rejects(client.get(`${peer.origin}/x`, { budget }), reason('budget'))
  assert.equal(peer.requests.length, 4)
  assert.equal(new FetchBudget().fetchesMax, 20)
})

test('a failure is remembered for as long as asked, and simultaneous questions are one', async (t) => {
  let nowMs = 1_000
  const peer = await startPeer(t, (request, response) => {
    setTimeout(() => response.writeHead(request.url === '/ok' ? 200 : 404).end(), 20)
  })
  const canary = await startCanary(t)
  const client = startClient(t, { clock: { now: () => nowMs } })
  const ask = (path: string) => client.get(`${peer.origin}${path}`, { rememberFailureMs: 60_000 })
  const burst = await Promise.all(Array.from({ length: 50 }, () => ask('/key')))
  assert.ok(burst.every((answer) => answer.status === 404))
  assert.equal(peer.requests.length, 1)
  await assert.rejects(ask('/key'), { ...reason('negative-cache'), message: /404/ })
  await assert.rejects(ask('/key#main-key'), reason('negative-cache'))
  assert.equal((await client.get(`${peer.origin}/key`)).status, 404, 'who does not ask for memory is not held to it')
  nowMs += 60_001
  assert.equal((await ask('/key')).status, 404)
  await ask('/ok')
  await ask('/ok')
  assert.equal(peer.requests.length, 5, 'success is not remembered')
  const forbidden = () => client.get(canary.origin, { rememberFailureMs: 60_000 })
  await assert.rejects(forbidden(), reason('blocked-address'))
  await assert.rejects(forbidden(), reason('negative-cache'))
  const broke = (fetchesMax: number) => client.get(`${peer.origin}/ok`, { rememberFailureMs: 60_000, budget: new FetchBudget(fetchesMax) })
  const [poor, rich] = await Promise.allSettled([broke(0), broke(1)])
  assert.deepEqual([poor.status, rich.status], ['rejected', 'fulfilled'], 'an empty budget is its own caller’s alone')
})

test('faults of the other side have names', async (t) => {
  const peer = await startPeer(t, (request) => {
    if (request.url === '/nonsense') request.socket.end('SSH-2.0-OpenSSH\r\n\r\n')
    if (request.url === '/reset') request.socket.destroy()
    if (request.url === '/cut') request.socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc')
    if (request.url === '/headers') request.socket.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`)
  })
  const client = startClient(t)
  await assert.rejects(client.get(`${peer.origin}/nonsense`), reason('protocol'))
  await assert.rejects(client.get(`${peer.origin}/headers`), reason('protocol'))
  await assert.rejects(client.get(`${peer.origin}/reset`), { ...reason('connect'), isPermanent: false, isTheirs: true })
  await assert.rejects(client.get(`${peer.origin}/cut`), reason('connect'))
  await assert.rejects(client.get(`https://127.0.0.2:${peer.port}/`), { ...reason('tls'), url: `https://127.0.0.2:${peer.port}/` })
  await assert.rejects(client.get(peer.origin, { headersFor: () => ({ 'bad header': 'x' }) }), { code: 'UND_ERR_INVALID_ARG' })
})

test('closing ends what runs, and nothing starts after it', async (t) => {
  const peer = await startPeer(t, () => undefined)
  const client = startClient(t, { deadlineMs: 10_000 })
  const asked = Promise.allSettled(Array.from({ length: 3 }, () => client.get(peer.origin)))
  await delay(50)
  await client.close()
  for (const outcome of await asked) assert.ok(outcome.status === 'rejected' && outcome.reason.reason === 'closed')
  await assert.rejects(client.get(peer.origin), reason('closed'))
  await delay(20)
  assert.equal(peer.connections.now, 0)
})
