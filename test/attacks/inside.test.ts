// database: none but the one that is there
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { deliveries } from '#db/schema/peers.ts'
import { media } from '#db/schema/media.ts'
import { accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import { rawPeer, redirects, serves } from '#test/attacks/raw-peer.ts'
import { look, sources } from '#test/attacks/told-addresses.ts'
import { startWatch } from '#test/attacks/watch.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { startNameServer } from '#test/helpers/name-server.ts'
import { reason } from '#test/platform/outbound-peers.ts'

/** A world whose names are told by a name server, with http allowed so that nothing but the address stands in the way. */
async function startInside(t: TestContext) {
  const names: Record<string, string[][]> = {
    'inside.test': [['127.0.0.3']],
    // Harmless when it is looked at, and inside when it is asked.
    'rebind.test': [['192.0.2.1'], ['127.0.0.3']]
  }
  const outbound = { dnsServers: [await startNameServer(t, names)], allowHttp: true }
  const world = await startWorld(t, { config: { outbound }, overrides: { httpDeadlineMs: 1_500 } })
  await world.knowing(world.e)
  world.e.document.featured = `${world.e.uri}/featured`
  const canaries = [await rawPeer(t, world.instance, 'canary', '127.0.0.3'), await rawPeer(t, world.instance, 'canary6', '::1')]
  const [port, port6] = canaries.map((canary) => canary.port)
  const inside = [
    `http://127.0.0.3:${port}/a`,
    `https://127.0.0.3:${port}/b`,
    `http://[::1]:${port6}/c`,
    `http://inside.test:${port}/d`,
    `http://[::ffff:127.0.0.3]:${port}/e`,
    `http://rebind.test:${port}/f`
  ]
  const nobodyCame = () =>
    assert.deepEqual(
      canaries.map(({ connections, requests }) => [connections.ever, requests]),
      [
        [0, []],
        [0, []]
      ]
    )
  return { world, inside, port, nobodyCame }
}

/** Everybody looks at every picture that is told of, as browsers do. */
async function lookAtPictures({ instance, alice }: World) {
  for (const { key } of await instance.ctx.db.select({ key: media.key }).from(media)) await alice.get(`/media/${key}`)
}

test('FET-01: nothing that others can say has us ask an address inside', { timeout: 60_000 }, async (t) => {
  const { world, inside, nobodyCame } = await startInside(t)
  let count = 0
  for (const [name, source] of Object.entries(sources)) {
    await t.test(name, async () => {
      const watch = startWatch()
      for (const url of inside) {
        await source(world, url, ++count)
        // What one server may have us fetch would else be used up by the first few.
        world.instance.clock.advance(60 * 60_000)
      }
      await world.instance.runJobs()
      await lookAtPictures(world)
      await watch.hold({ cpuMsMax: 8_000 })
      nobodyCame()
    })
  }
})

test('FET-02: no special range is asked, whatever name leads there', async (t) => {
  const ranges = [
    '0.0.0.0',
    '255.255.255.255',
    '100.64.1.1',
    '192.0.0.8',
    '198.18.0.1',
    '192.0.2.1',
    '224.0.0.1',
    '240.0.0.1',
    '169.254.169.254'
  ]
  const private4 = ['10.0.0.1', '172.16.0.1', '192.168.0.1', '127.0.0.3']
  const v6 = [
    'fc00::1',
    'fe80::1',
    'ff02::1',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:0:a00:1::',
    '100::1',
    'fec0::1'
  ]
  const names = Object.fromEntries([...ranges, ...private4].map((address, at) => [`n${at}.test`, [[address]]]))
  const world = await startWorld(t, { config: { outbound: { dnsServers: [await startNameServer(t, names)], allowHttp: true } } })
  const hosts = [...Object.keys(names), ...v6.map((address) => `[${address}]`), ...ranges]
  for (const host of hosts) {
    await assert.rejects(world.instance.ctx.http.get(`http://${host}:8080/`), reason('blocked-address'), host)
    assert.doesNotMatch((await look(world, `http://${host}:8080/x`)).body, /<article/, host)
  }
})

test('FET-04: no spelling of an address inside is asked', async (t) => {
  const { world, port, nobodyCame } = await startInside(t)
  const spellings = [
    '127.3',
    '0x7f000003',
    '2130706435',
    '0177.0.0.3',
    '127.0.0.3.',
    'localhost.',
    'LOCALHOST',
    'user:pass@127.0.0.3',
    'inside.test.',
    'INSIDE.test',
    '１２７.0.0.3',
    '127。0。0。3',
    '[::ffff:7f00:3]',
    '%31%32%37.0.0.3',
    'e.test@127.0.0.3',
    '127.0.0.3#@e.test',
    '127.0.0.3\\@e.test'
  ]
  for (const host of spellings) {
    const url = `http://${host}:${port}/x`
    await look(world, url)
    await world.e.send(world.e.activity('Announce', url))
    await world.e.send(world.e.activity('Create', world.e.note('x', { inReplyTo: url })))
  }
  await world.instance.runJobs()
  nobodyCame()
})

test('FET-05 and FET-07: no redirect leads inside, for a document, an actor, a picture or a delivery', async (t) => {
  const { world, inside, nobodyCame } = await startInside(t)
  const { e, instance } = world
  const middle = await rawPeer(t, instance, 'middle.test')
  for (const [at, url] of inside.entries()) {
    for (const status of [302, 303, 308]) middle.scripts.set(`/${at}/${status}`, redirects(url, status))
    const leads = [302, 303, 308].map((status) => `https://middle.test/${at}/${status}`)
    for (const lead of leads) {
      await look(world, lead)
      await e.send({ ...e.activity('Like', 'https://skerry.test/x'), actor: lead }, { keyId: `${lead}#main-key` })
      await e.send(e.activity('Create', e.note('x', { attachment: [{ type: 'Image', mediaType: 'image/png', url: lead }] })))
      instance.clock.advance(60 * 60_000)
    }
    const eve = await world.servers.e.actor(`redirecting${at}`, { inbox: leads[2], endpoints: undefined })
    await eve.send(eve.activity('Follow', 'https://skerry.test/@alice'))
  }
  await instance.runJobs()
  await write(instance, 'alice', 'to all who follow')
  await instance.runJobs()
  await lookAtPictures(world)
  assert.ok(
    middle.requests.some((line) => line.startsWith('POST ')),
    'the inbox that redirects was tried'
  )
  nobodyCame()
  // Given up for good: they stand among the dead letters and are not tried again.
  const waiting = (await instance.ctx.db.select().from(deliveries)).filter(({ deadAt }) => deadAt === null)
  assert.deepEqual(waiting, [])
})

test('FET-10: https is never left for http, and nothing but http and https is kept of what is told', async (t) => {
  const world = await startWorld(t)
  const { e, instance } = world
  const middle = await rawPeer(t, instance, 'middle.test')
  const plain = await rawPeer(t, instance, 'plain.test')
  instance.network.add('plain.test:80', plain.port)
  plain.scripts.set('*', serves({ id: 'http://plain.test/x', type: 'Note' }))
  middle.scripts.set('/down', redirects('http://plain.test/x'))
  await look(world, 'https://middle.test/down')
  assert.deepEqual(plain.requests, [])
  for (const scheme of [
    'ftp://e.test/',
    'file:///etc/passwd',
    'data:text/html,<script>1</script>',
    'javascript:alert(1)',
    'ws://e.test/'
  ]) {
    const fields = {
      url: scheme,
      icon: { type: 'Image', url: scheme },
      attachment: [{ type: 'PropertyValue', name: 'x', value: `<a href="${scheme}">x</a>` }]
    }
    const eve = await world.servers.e.actor(`scheme${scheme.length}`, fields)
    await eve.send(
      eve.activity('Create', eve.note('x', { url: scheme, attachment: [{ type: 'Image', mediaType: 'image/png', url: scheme }] }))
    )
    const nowhere = await world.servers.e.actor(`nowhere${scheme.length}`, { inbox: scheme })
    await nowhere.send(nowhere.activity('Follow', 'https://skerry.test/@alice'))
    await look(world, scheme)
  }
  await instance.runJobs()
  const kept = JSON.stringify([
    await instance.ctx.db.select().from(accounts),
    await instance.ctx.db.select().from(posts),
    await instance.ctx.db.select().from(media)
  ])
  assert.doesNotMatch(kept, /"(?:ftp|file|data|javascript|ws):|href=\\"(?:ftp|file|data|javascript|ws):/)
  assert.equal((await world.accountAt(e.uri))?.followersCount ?? 0, 0)
})
