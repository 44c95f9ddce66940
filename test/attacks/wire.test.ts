// database: none but the one that is there
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { head, linesOf, type Part, type RawOptions, rawConnection, rawRequest } from '#test/attacks/raw-request.ts'
import { type Bounds, startWatch } from '#test/attacks/watch.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'

const host = 'host: skerry.test'
const json = 'content-type: application/activity+json'
const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`

/** A Create, signed as it should be, whose head and body a case then takes apart. */
function signed({ a }: World): { lines: string[]; body: Buffer; withLength: string[] } {
  const post = a.sign(a.activity('Create', a.note('marker')))
  const lines = linesOf(post)
  return { lines, body: post.body, withLength: [...lines, `content-length: ${post.body.length}`] }
}

interface Row {
  id: string
  what: string
  parts(world: World): Part[]
  /** Of the first answer; 0 is a connection that ends without one. */
  status: number[]
  /** How many answers come at most. One request has one answer, however it is read. */
  answersMax?: number
  tookMsMax?: number
  options?: RawOptions
  bounds?: Partial<Bounds>
}

const rows: Row[] = [
  {
    id: 'DOS-01',
    what: 'a length of 20 MB, unsigned',
    parts: () => [head('POST /inbox', host, json, 'content-length: 20000000'), '{'],
    status: [413]
  },
  {
    id: 'DOS-01',
    what: 'chunks of 1.3 MB, signed for less',
    parts: (world) => [head('POST /inbox', ...signed(world).lines, 'transfer-encoding: chunked'), chunk.repeat(20)],
    status: [413]
  },
  {
    id: 'DOS-01',
    what: 'a length that is longer than the body, which then ends',
    parts: (world) => {
      const { lines, body } = signed(world)
      return [head('POST /inbox', ...lines, `content-length: ${body.length + 100}`), body]
    },
    options: { endsAfter: true },
    status: [0, 400]
  },
  {
    id: 'DOS-01',
    what: 'a length that is shorter than the body: the rest is a request of its own',
    parts: (world) => {
      const { lines, body } = signed(world)
      return [head('POST /inbox', ...lines, `content-length: ${body.length - 10}`), body]
    },
    status: [400, 401],
    answersMax: 2
  },
  {
    id: 'SIG-01',
    what: 'an unsigned request whose body never comes',
    parts: () => [head('POST /inbox', host, json, 'content-length: 1000')],
    status: [401],
    tookMsMax: 1_500
  },
  {
    id: 'SIG-27',
    what: 'a Signature header of 64 kB',
    parts: () => [head('POST /inbox', host, json, `signature: keyId="https://a.test/${'a'.repeat(65_536)}"`, 'content-length: 0')],
    status: [431]
  },
  {
    id: 'SIG-27',
    what: 'ten thousand headers',
    parts: () => [head('GET /', host, ...Array.from({ length: 10_000 }, (_, at) => `x-${at}: 1`))],
    status: [431, 0]
  },
  {
    id: 'SIG-05',
    what: 'a second Host header beside the signed one',
    parts: (world) => [head('POST /inbox', ...signed(world).withLength, 'host: other.test'), signed(world).body],
    status: [400]
  },
  { id: 'SIG-05', what: 'a second Host header for a page', parts: () => [head('GET /about', host, 'Host: other.test')], status: [400] },
  {
    id: 'SIG-05',
    what: 'a second Host header for a document that stands rendered',
    parts: () => [head('GET /@alice', host, 'accept: application/activity+json', 'host: other.test')],
    status: [400]
  },
  { id: 'SIG-05', what: 'no Host at all', parts: () => [head('GET /@alice')], status: [400] },
  {
    id: 'SIG-05',
    what: 'a target that names another host than the signed one',
    parts: (world) => [head('POST https://other.test/inbox', ...signed(world).withLength), signed(world).body],
    status: [421]
  },
  {
    id: 'SIG-27',
    what: 'the Signature header twice',
    parts: (world) => {
      const { withLength, body } = signed(world)
      return [head('POST /inbox', ...withLength, 'signature: keyId="https://e.test/k",headers="date",signature="AAAA"'), body]
    },
    status: [400, 401]
  },
  {
    id: 'SIG-21',
    what: 'the Digest header twice',
    parts: (world) => {
      const { withLength, body } = signed(world)
      return [head('POST /inbox', ...withLength, 'digest: SHA-256=AAAA'), body]
    },
    status: [400, 401]
  },
  {
    id: 'SIG-07',
    what: 'the Date header twice',
    parts: (world) => {
      const { withLength, body } = signed(world)
      return [
        head(
          'POST /inbox',
          ...withLength.filter((line) => !line.startsWith('date:')),
          'date: Thu, 01 Jan 1970 00:00:00 GMT',
          ...withLength.filter((line) => line.startsWith('date:'))
        ),
        body
      ]
    },
    status: [401]
  },
  {
    id: 'SIG-03',
    what: 'a length and chunks at once (request smuggling)',
    parts: (world) => [
      head('POST /inbox', ...signed(world).withLength, 'transfer-encoding: chunked'),
      '0\r\n\r\n',
      head('GET /@alice', host)
    ],
    status: [400]
  },
  {
    id: 'SIG-03',
    what: 'chunked in an odd spelling (request smuggling)',
    parts: (world) => [head('POST /inbox', ...signed(world).lines, 'transfer-encoding: xchunked'), '0\r\n\r\n', head('GET /@alice', host)],
    status: [400, 501]
  },
  {
    id: 'SIG-03',
    what: 'two lengths (request smuggling)',
    parts: (world) => [head('POST /inbox', ...signed(world).withLength, 'content-length: 0'), signed(world).body],
    status: [400]
  },
  {
    id: 'SIG-03',
    what: 'a body for a GET that hides a request (request smuggling)',
    parts: () => [head('GET /livez', host, 'content-length: 44'), head('GET /@alice', host, 'x: y').padEnd(44, ' ').slice(0, 44)],
    status: [200],
    answersMax: 1
  },
  { id: 'SIG-03', what: 'header lines that end in LF alone', parts: () => [`GET /@alice HTTP/1.1\n${host}\n\n`], status: [400] },
  {
    id: 'SIG-03',
    what: 'a folded header',
    parts: (world) => [head('POST /inbox', ...signed(world).withLength, 'x: y', ' z')],
    status: [400]
  },
  { id: 'SIG-03', what: 'NUL in a header', parts: () => [head('GET /@alice', host, 'x: a\0b')], status: [400] },
  { id: 'DOS-10', what: 'NUL in the target', parts: () => [head('GET /@alice%00', host)], status: [400] },
  { id: 'DOS-10', what: 'a target of 60 kB', parts: () => [head(`GET /${'a'.repeat(60_000)}`, host)], status: [431, 414, 0] },
  {
    id: 'DOS-01',
    what: 'no HTTP at all',
    parts: () => ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', Buffer.alloc(500, 7)],
    status: [400, 0]
  },
  { id: 'DOS-01', what: 'HTTP/2 without asking', parts: () => ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], status: [400, 505, 0] },
  {
    id: 'DOS-01',
    what: 'an upgrade nobody offers',
    parts: () => [head('GET /', host, 'connection: upgrade', 'upgrade: h2c')],
    status: [200, 303, 400, 426]
  },
  {
    id: 'DOS-01',
    what: 'a promise of a body (Expect) that is never asked for',
    parts: () => [head('POST /inbox', host, json, 'content-length: 100', 'expect: 200-maybe')],
    status: [401, 417]
  },
  {
    id: 'DOS-04',
    what: 'a hundred unsigned requests in one go',
    parts: () => [head('POST /inbox', host, json, 'content-length: 0').repeat(100)],
    status: [401],
    answersMax: 100
  },
  {
    id: 'DOS-01',
    what: 'a compressed body',
    parts: (world) => {
      const { withLength, body } = signed(world)
      return [head('POST /inbox', ...withLength, 'content-encoding: gzip'), body]
    },
    // Read as the bytes that were signed, whatever they say of themselves.
    status: [202, 400, 415]
  }
]

test('requests that are no sound HTTP, or lie about themselves', { timeout: 60_000 }, async (t) => {
  const world = await startWorld(t)
  for (const { id, what, parts, status, answersMax = 1, tookMsMax = 3_000, options, bounds } of rows) {
    await t.test(`${id}: ${what}`, async () => {
      const sent = parts(world)
      const logged = world.instance.logged.length
      const watch = startWatch()
      const answer = await rawRequest(world.instance, sent, { quietMs: 100, ...options })
      await watch.hold(bounds)
      assert.ok(status.includes(answer.status), `${answer.status}: ${answer.text.slice(0, 300)}`)
      assert.ok(answer.statuses.length <= answersMax, `answers: ${answer.statuses.join()}`)
      assert.ok(answer.tookMs < tookMsMax, `it took ${answer.tookMs} ms`)
      const isTaken = answer.status === 202
      assert.equal((await world.saying('marker')).length > 0, isTaken)
      const broken = world.instance.logged.slice(logged).filter((line) => Number(line.level) >= 50)
      assert.deepEqual(broken, [])
    })
  }
})

/** Whether the server ends a connection within `ms`. */
async function isEnded(socket: Socket, ms: number): Promise<boolean> {
  for (const until = performance.now() + ms; !socket.destroyed && performance.now() < until; ) await delay(20)
  return socket.destroyed
}

test('DOS-02 and DOS-01: heads and bodies that come a byte at a time are cut off, and hold up nobody', { timeout: 60_000 }, async (t) => {
  const world = await startWorld(t)
  const { app } = world.instance
  assert.ok(app.server.headersTimeout <= 20_000)
  assert.ok(app.server.requestTimeout <= 30_000)
  // The same in less time.
  Object.assign(app.server, { headersTimeout: 700, requestTimeout: 1_200 })
  const watch = startWatch()
  const { lines } = signed(world)
  const heads = await Promise.all(Array.from({ length: 500 }, () => rawConnection(world.instance)))
  const bodies = await Promise.all(Array.from({ length: 20 }, () => rawConnection(world.instance)))
  for (const socket of [...heads, ...bodies]) socket.on('error', () => socket.destroy()).resume()
  for (const socket of heads) socket.write(`POST /inbox HTTP/1.1\r\n${host}\r\nx-slow: `)
  for (const socket of bodies) socket.write(head('POST /inbox', ...lines, 'content-length: 5000'))
  const dripping = setInterval(() => {
    for (const socket of [...heads, ...bodies]) if (!socket.destroyed) socket.write('a')
  }, 200)
  t.after(() => clearInterval(dripping))
  const tooks: number[] = []
  for (let turn = 0; turn < 20; turn++) {
    const from = performance.now()
    assert.equal((await world.alice.get('/home')).statusCode, 200)
    tooks.push(performance.now() - from)
    await delay(20)
  }
  const ended = await Promise.all([...heads, ...bodies].map((socket) => isEnded(socket, 10_000)))
  clearInterval(dripping)
  assert.deepEqual(new Set(ended), new Set([true]))
  assert.ok((tooks.sort((one, other) => one - other)[10] ?? 0) < 250, `a page took ${tooks.join(', ')} ms`)
  await watch.hold({ cpuMsMax: 8_000, turnMsMax: 400 })
})
