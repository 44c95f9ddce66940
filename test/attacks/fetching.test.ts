// database: none but the one that is there
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { media } from '#db/schema/media.ts'
import { drips, isSilent, pours, type RawPeer, rawPeer, redirects, type Script, says, serves } from '#test/attacks/raw-peer.ts'
import { type Bounds, startWatch } from '#test/attacks/watch.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { textOf } from '#test/helpers/html.ts'
import { activityStreams, everybody } from '#test/helpers/remote.ts'
import { reason } from '#test/platform/outbound-peers.ts'

const deadlineMs = 500
const json = 'content-type: application/activity+json'
const MB = 1_000_000

async function startRaw(t: TestContext): Promise<{ world: World; peer: RawPeer }> {
  const world = await startWorld(t, { overrides: { httpDeadlineMs: deadlineMs } })
  return { world, peer: await rawPeer(t, world.instance, 'raw.test') }
}

const look = (world: World, typed: string) => world.alice.get(`/search?q=${encodeURIComponent(typed)}`)
const note = (path: string, more: Record<string, unknown> = {}) => ({
  '@context': activityStreams,
  id: `https://raw.test${path}`,
  type: 'Note',
  attributedTo: 'https://raw.test/actor',
  content: '<p>marker</p>',
  to: [everybody],
  ...more
})
const text = JSON.stringify(note('/x'))
const head = (...lines: string[]) => `HTTP/1.1 200 OK\r\n${[json, ...lines].join('\r\n')}\r\n\r\n`

/** Answers that no honest server gives. Each is searched for; nothing may come of it, within the deadline and a bounded number of bytes and requests. */
const answers: [id: string, what: string, script: Script, bounds?: Partial<Bounds> & { bytesMax?: number; isTooLarge?: boolean }][] = [
  ['FET-15', 'a head of one byte at a time', drips('HTTP/1.1 200 OK\r\nx: ', 10)],
  ['FET-15', 'a body of one byte at a time', drips(head(), 10)],
  ['FET-15', 'chunks without end', drips(`${head('transfer-encoding: chunked')}5\r\nhello\r\n`, 10)],
  ['FET-15', 'silence', isSilent],
  [
    'FET-15',
    'nothing but interim answers',
    (socket) => pours('', Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n'))(socket, ''),
    // Most of it lies in the buffers between the two.
    { bytesMax: 12 * MB }
  ],
  ['FET-15', 'the end of the connection in the middle', says('200 OK', [json, `content-length: ${text.length + 10}`], text)],
  ['FET-15', 'an end on one side only, and nothing on the other', (socket) => socket.write('HTTP/1.1 200 OK\r\n')],
  [
    'FET-16',
    'an endless body',
    pours(head(), Buffer.alloc(65_536, ' ')),
    { isTooLarge: true, bytesMax: 12 * MB, residentBytesMax: 120 * MB }
  ],
  [
    'FET-16',
    'an endless body in chunks',
    pours(head('transfer-encoding: chunked'), Buffer.from(`10000\r\n${' '.repeat(65_536)}\r\n`)),
    { isTooLarge: true, bytesMax: 12 * MB, residentBytesMax: 120 * MB }
  ],
  [
    'FET-16',
    'a gigabyte announced',
    pours(head('content-length: 1000000000'), Buffer.alloc(65_536, ' ')),
    { isTooLarge: true, bytesMax: 12 * MB }
  ],
  [
    'FET-16',
    'headers without end',
    pours('HTTP/1.1 200 OK\r\n', Buffer.from(`x-${'y'.repeat(50)}: ${'z'.repeat(1_000)}\r\n`)),
    { bytesMax: 12 * MB }
  ],
  [
    'FET-16',
    'a chunk extension without end',
    pours(`${head('transfer-encoding: chunked')}5;x=`, Buffer.alloc(65_536, 'y')),
    { isTooLarge: true, bytesMax: 12 * MB }
  ],
  [
    'FET-17',
    'gzip of zeros without end',
    pours(head('content-encoding: gzip'), gzipSync(Buffer.alloc(10 * MB))),
    { isTooLarge: true, bytesMax: 12 * MB, residentBytesMax: 150 * MB }
  ],
  ['FET-17', 'gzip in gzip', says('200 OK', [json, 'content-encoding: gzip, gzip'], gzipSync(gzipSync(text)))],
  [
    'FET-14',
    '200 kB of one HTML tag that never ends',
    says('200 OK', ['content-type: text/html'], `<a ${'a=b '.repeat(50_000)}`),
    { turnMsMax: 100 }
  ],
  ['FET-14', '900 kB of spaces in JSON', says('200 OK', [json], `{"id":${' '.repeat(900_000)}`), { turnMsMax: 100 }],
  ['FET-14', 'JSON nested 100,000 deep', says('200 OK', [json], '['.repeat(100_000)), { turnMsMax: 100 }],
  ['FET-14', '200,000 values', says('200 OK', [json], `{"id":"https://raw.test/x","to":[${'1,'.repeat(200_000)}1]}`), { turnMsMax: 150 }],
  ['FET-14', 'no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
  ['FET-14', 'HTTP/0.9', (socket) => socket.end(text)],
  ['FET-16', 'two lengths', says('200 OK', [json, `content-length: ${text.length}`, 'content-length: 5'], text)],
  [
    'FET-16',
    'a length and chunks',
    says('200 OK', [json, 'content-length: 5', 'transfer-encoding: chunked'], `5\r\nhello\r\n0\r\n\r\n${text}`)
  ],
  ['FET-16', 'a length below zero', says('200 OK', [json, 'content-length: -1'], text)]
]

test('answers that no honest server gives', { timeout: 60_000 }, async (t) => {
  const { world, peer } = await startRaw(t)
  for (const [at, [id, what, script, { bytesMax = 2 * MB, isTooLarge = false, ...bounds } = {}]] of answers.entries()) {
    await t.test(`${id}: ${what}`, async () => {
      peer.scripts.set(`/x/${at}`, script)
      const [sent, asked] = [peer.sent(), peer.requests.length]
      const watch = startWatch()
      const startedAt = performance.now()
      const answer = await look(world, `https://raw.test/x/${at}`)
      const tookMs = performance.now() - startedAt
      await watch.hold(bounds)
      assert.equal(answer.statusCode, 200)
      // Ended because it was enough, not because time was up.
      if (isTooLarge) await assert.rejects(world.instance.ctx.http.get(`https://raw.test/x/${at}`), reason('too-large'))
      assert.ok(tookMs < deadlineMs + 2_000, `it took ${tookMs} ms`)
      assert.ok(peer.sent() - sent <= bytesMax, `${peer.sent() - sent} bytes were taken`)
      assert.ok(peer.requests.length - asked <= 3, peer.requests.join())
      for (let waits = 0; peer.connections.now > 0 && waits < 100; waits++) await new Promise((resolve) => setTimeout(resolve, 10))
      assert.equal(peer.connections.now, 0, 'no connection is left')
    })
  }
  assert.deepEqual(await world.saying('marker'), [])
})

test('an answer in HTTP/1.0, ended by the end of the connection, is an answer', async (t) => {
  const { world, peer } = await startRaw(t)
  const { e } = world
  peer.scripts.set('/x', (socket) => socket.end(`HTTP/1.0 200 OK\r\n${json}\r\n\r\n${JSON.stringify(note('/x', { attributedTo: e.uri }))}`))
  await look(world, 'https://raw.test/x')
  // Read, and refused for what it says: the author is of another server.
  assert.deepEqual(await world.saying('marker'), [])
  assert.deepEqual(peer.requests, ['GET /x'])
})

test('FET-15: fifty slow answers at once hold up nobody, pictures and keys among them', { timeout: 30_000 }, async (t) => {
  const { world, peer } = await startRaw(t)
  const { e, alice, instance } = world
  peer.scripts.set('*', drips(head(), 20))
  e.document.icon = { type: 'Image', mediaType: 'image/png', url: 'https://raw.test/face.png' }
  await world.knowing(e)
  const [face] = await instance.ctx.db.select().from(media)
  const watch = startWatch()
  const startedAt = performance.now()
  const slow = [
    alice.get(`/media/${face?.key}`),
    ...Array.from({ length: 25 }, (_, at) => look(world, `https://raw.test/slow/${at}`)),
    ...Array.from({ length: 24 }, (_, at) => {
      const actor = `https://raw.test/users/${at}`
      return e.send({ ...e.activity('Like', 'https://skerry.test/x'), actor }, { keyId: `${actor}#main-key` })
    })
  ]
  const tooks: number[] = []
  for (let turn = 0; turn < 20; turn++) {
    const from = performance.now()
    assert.equal((await alice.get('/home')).statusCode, 200)
    tooks.push(performance.now() - from)
  }
  const ended = await Promise.all(slow)
  assert.equal(ended.length, 50)
  // Two at a time ask one server; the rest waits its turn until its own deadline.
  assert.ok(performance.now() - startedAt < 10_000)
  assert.ok((tooks.sort((one, other) => one - other)[10] ?? 0) < 250, `a page took ${tooks.join(', ')} ms`)
  // The connections of those who sent are kept by the test itself.
  await watch.hold({ cpuMsMax: 6_000, turnMsMax: 400, descriptorsMax: 80 })
})

test('FET-11: redirects in a ring and in a chain of a hundred end early', async (t) => {
  const { world, peer } = await startRaw(t)
  peer.scripts.set('/ring', redirects('https://raw.test/ring'))
  for (let at = 0; at < 100; at++) peer.scripts.set(`/chain/${at}`, redirects(`/chain/${at + 1}`))
  for (const [start, most] of [
    ['/ring', 6],
    ['/chain/0', 6]
  ] as const) {
    const before = peer.requests.length
    await look(world, `https://raw.test${start}`)
    assert.ok(peer.requests.length - before <= most, peer.requests.join())
  }
})

test('FET-12: links to alternates in a ring are not walked round', async (t) => {
  const { world, peer } = await startRaw(t)
  const link = (to: string) => `link: <https://raw.test${to}>; rel="alternate"; type="application/activity+json"`
  const page = '<link rel="alternate" type="application/activity+json" href="https://raw.test/a">'
  peer.scripts.set('/a', says('200 OK', ['content-type: text/html', link('/b')], page))
  peer.scripts.set('/b', says('200 OK', ['content-type: text/html', link('/a')], page))
  await look(world, 'https://raw.test/a')
  const actor = 'https://raw.test/a'
  await world.e.send({ ...world.e.activity('Like', 'https://skerry.test/x'), actor }, { keyId: `${actor}#main-key` })
  assert.ok(peer.requests.length <= 5, peer.requests.join())
})

test('FET-19: a thread ten thousand deep, made up as it is read, costs a bounded number of requests', { timeout: 30_000 }, async (t) => {
  const { world, peer } = await startRaw(t)
  const { e, instance } = world
  const actor = {
    ...e.document,
    id: 'https://raw.test/actor',
    preferredUsername: 'deep',
    inbox: 'https://raw.test/inbox',
    publicKey: undefined
  }
  peer.scripts.set('*', (socket, request) => {
    const at = Number(/^GET \/deep\/(\d+)/.exec(request)?.[1])
    const answer = Number.isNaN(at)
      ? serves(actor)
      : serves(note(`/deep/${at}`, { content: `<p>deep ${at}</p>`, inReplyTo: `https://raw.test/deep/${at + 1}` }))
    answer(socket, request)
  })
  const watch = startWatch()
  await e.send(e.activity('Create', e.note('the first', { inReplyTo: 'https://raw.test/deep/0' })))
  await instance.runJobs()
  await watch.hold({ cpuMsMax: 8_000 })
  assert.ok(peer.requests.length <= 130, `${peer.requests.length} requests`)
  assert.equal((await e.send(e.activity('Create', e.note('another')))).status, 202)
})

test('FET-25: what is ours is looked up here, however its address is spelled', async (t) => {
  const { world } = await startRaw(t)
  const { instance, e } = world
  const post = await write(instance, 'alice', 'genuine')
  const path = new URL(post.uri).pathname
  const asked: string[] = []
  instance.app.server.on('request', ({ url, method }) => void (method === 'GET' && asked.push(url ?? '')))
  for (const origin of [
    'https://skerry.test:443',
    'https://SKERRY.TEST',
    'https://skerry.test.',
    'http://skerry.test',
    'https://skerry.test:8443'
  ]) {
    await look(world, origin + path)
    const eve = await world.servers.e.actor(`eve${origin.length}`, { inbox: `${origin}/inbox`, endpoints: undefined })
    await eve.send(eve.activity('Create', eve.note('an answer', { inReplyTo: origin + path, url: origin + path })))
    await eve.send(eve.activity('Announce', origin + path))
    await eve.send(eve.activity('Follow', 'https://skerry.test/@alice'))
  }
  await e.send(e.activity('Create', e.note('an answer', { inReplyTo: post.uri })))
  await write(instance, 'alice', 'to all who follow')
  await instance.runJobs()
  assert.deepEqual(asked, [])
  assert.ok((await world.postAt(post.uri))?.html.includes('genuine'))
})

test('FET-26 and FET-27: a link in many posts has its server asked once at most, and nothing that it says is run', async (t) => {
  const { world, peer } = await startRaw(t)
  const { e, instance } = world
  const embed = { type: 'rich', version: '1.0', html: '<iframe srcdoc="<script>alert(1)</script>"></iframe>', url: 'javascript:alert(1)' }
  const discovery = '<link rel="alternate" type="application/json+oembed" href="https://raw.test/oembed">'
  peer.scripts.set('/page', says('200 OK', ['content-type: text/html'], `<title>page</title>${discovery}`))
  peer.scripts.set('/oembed', says('200 OK', ['content-type: application/json'], JSON.stringify(embed)))
  await write(instance, 'alice', 'look at https://raw.test/page')
  for (let at = 0; at < 50; at++) await e.send(e.activity('Create', e.note(`look ${at} <a href="https://raw.test/page">here</a>`)))
  await instance.runJobs()
  assert.ok(peer.requests.filter((line) => line === 'GET /page').length <= 1, peer.requests.join())
  const shown = await (await instance.as('bob')).get('/@alice')
  assert.match(textOf(shown.body), /look at/)
  assert.doesNotMatch(shown.body, /<iframe|srcdoc|javascript:/)
  assert.doesNotMatch(String(shown.headers['content-security-policy']), /unsafe-inline/)
})
