import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { auditEntries } from '#db/schema/moderation.ts'
import { relays } from '#db/schema/relays.ts'
import { jobs } from '#db/schema/jobs.ts'
import { fetchesPerHourMax } from '#server/peers/relays.ts'
import { federated } from '#server/timelines/public.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { everybody, remote, type RemoteActor } from '#test/helpers/remote.ts'

const kinds = ['mastodon', 'litepub'] as const

/** An admin has subscribed to the relay at relay.test, which has not answered yet. */
async function startRelay(t: TestContext, kind: (typeof kinds)[number]) {
  const world = await startWorld(t)
  const { instance } = world
  const ada = await instance.as('ada', { role: 'admin' })
  const server = await remote(t, instance, 'relay.test')
  const relay = await server.actor('relay', { type: 'Application', inbox: 'https://relay.test/inbox' })
  const subscribe = (url: string) => ada.submit('/admin/relays', { url })
  assert.equal((await subscribe(kind === 'mastodon' ? 'https://relay.test/inbox' : relay.uri)).statusCode, 303)
  await instance.runJobs()
  const [first] = server.received
  assert.ok(first)
  const rows = () => instance.ctx.db.select().from(relays)
  const accept = async () => {
    assert.equal((await relay.send(relay.activity('Accept', first.activity))).status, 202)
    server.received.length = 0
  }
  return { world, instance, ada, server, relay, follow: first.activity, subscribe, rows, accept }
}

/** Ben's Create, as a relay of the Mastodon kind passes it on: signed by the relay alone. */
function passOn(relay: RemoteActor, activity: Record<string, unknown>) {
  return relay.send(activity)
}

async function isInFederated(world: World, uri: string): Promise<boolean> {
  const { rows } = await federated(world.instance.ctx, undefined)
  return rows.some((row) => row.uri === uri)
}

for (const kind of kinds) {
  test(`a ${kind} relay is asked by the instance actor, and counts once it has accepted`, async (t) => {
    const { world, ada, relay, follow, rows, accept } = await startRelay(t, kind)
    assert.deepEqual(
      { type: follow.type, actor: follow.actor, object: follow.object, to: follow.to },
      { type: 'Follow', actor: 'https://skerry.test/@instance', object: kind === 'mastodon' ? everybody : relay.uri, to: undefined }
    )
    assert.match(await ada.page('/admin/relays'), /Waits for an answer/)
    await world.e.send(world.e.activity('Accept', follow))
    await world.e.send(world.e.activity('Accept', follow.id))
    assert.equal((await rows())[0]?.state, 'pending')
    await accept()
    assert.deepEqual(
      (await rows()).map(({ state, actorUri }) => ({ state, actorUri })),
      [{ state: 'accepted', actorUri: relay.uri }]
    )
    assert.match(await ada.page('/admin/relays'), /Accepted/)
    await relay.send(relay.activity('Reject', follow.id))
    assert.equal((await rows())[0]?.state, 'rejected')
  })

  test(`public posts go to a ${kind} relay, and nothing else does; their changes and ends as they are`, async (t) => {
    const { instance, server, accept } = await startRelay(t, kind)
    await write(instance, 'alice', 'too early')
    await instance.runJobs()
    server.received.length = 0
    await accept()
    const post = await write(instance, 'alice', 'to all')
    for (const visibility of ['unlisted', 'followers'] as const) await write(instance, 'alice', 'not to all', visibility)
    await instance.runJobs()
    const [told, ...more] = server.received.map((one) => one.activity)
    assert.equal(more.length, 0)
    if (kind === 'mastodon') {
      assert.equal(told?.type, 'Create')
      assert.equal(told?.actor, 'https://skerry.test/@alice')
    } else {
      assert.deepEqual(told, {
        '@context': 'https://www.w3.org/ns/activitystreams',
        id: `https://skerry.test/@instance#relay-announce-${post.id}`,
        type: 'Announce',
        actor: 'https://skerry.test/@instance',
        published: new Date(post.createdAt).toISOString(),
        to: ['https://skerry.test/@instance/followers'],
        cc: [everybody],
        object: post.uri
      })
    }
    const alice = await instance.as('alice')
    await alice.submit(`/posts/${post.id}/delete`)
    await instance.runJobs()
    assert.deepEqual(
      server.received.slice(1).map((one) => one.activity.type),
      ['Delete']
    )
  })
}

test('a LitePub relay that follows back is accepted; nobody else follows the instance', async (t) => {
  const { world, instance, server, relay, accept } = await startRelay(t, 'litepub')
  await accept()
  const follow = relay.activity('Follow', 'https://skerry.test/@instance')
  await relay.send(follow)
  await world.e.send(world.e.activity('Follow', 'https://skerry.test/@instance'))
  await instance.runJobs()
  assert.deepEqual(
    server.received.map(({ activity }) => [activity.type, (activity.object as { id: string }).id]),
    [['Accept', follow.id]]
  )
  assert.deepEqual(world.servers.e.received, [])
})

test('what a relay announces is read at its own server, stands in the federated timeline and is nobody’s boost', async (t) => {
  const { world, instance, relay, accept } = await startRelay(t, 'litepub')
  await accept()
  const note = world.b.note('from afar')
  await relay.send(relay.activity('Announce', note.id))
  await relay.send(relay.activity('Announce', world.a.activity('Create', { ...world.a.note('real'), content: 'forged' })))
  await instance.runJobs()
  assert.ok(await isInFederated(world, note.id))
  assert.equal((await world.saying('real')).length, 1)
  assert.deepEqual(await world.saying('forged'), [])
  const all = await world.saying('')
  assert.ok(all.every((row) => row.boostOfId === null))
  assert.equal((await world.postAt(note.id))?.boostsCount, 0)
})

test('OWN-26: what a relay passes on as it was is asked of its own server: posts, changes and ends', async (t) => {
  const { world, instance, relay, accept } = await startRelay(t, 'mastodon')
  const { b } = world
  await accept()
  const note = b.note('genuine')
  assert.equal((await passOn(relay, b.activity('Create', { ...note, content: '<p>forged</p>' }))).status, 202)
  await instance.runJobs()
  assert.match((await world.postAt(note.id))?.html ?? '', /genuine/)
  assert.ok(await isInFederated(world, note.id))

  instance.clock.advance(60_000)
  const changed = { ...note, content: '<p>changed</p>', updated: new Date(instance.clock.now()).toISOString() }
  world.servers.b.documents.set(new URL(note.id).pathname, changed)
  await passOn(relay, b.activity('Update', { ...changed, content: '<p>forged</p>' }))
  await passOn(relay, b.activity('Delete', note.id))
  await instance.runJobs()
  assert.match((await world.postAt(note.id))?.html ?? '', /changed/)
  assert.equal((await world.postAt(note.id))?.deletedAt, null)

  world.servers.b.documents.set(new URL(note.id).pathname, { status: 410 })
  await passOn(relay, b.activity('Delete', { type: 'Tombstone', id: note.id }))
  await instance.runJobs()
  assert.notEqual((await world.postAt(note.id))?.deletedAt, null)
  assert.deepEqual(await world.saying('forged'), [])
})

test('a relay that has not accepted, or was taken away, brings nothing and gets nothing', async (t) => {
  const { world, instance, ada, server, relay, follow, rows, accept } = await startRelay(t, 'mastodon')
  const note = world.b.note('unasked')
  assert.equal((await passOn(relay, world.b.activity('Create', note))).status, 401)
  await accept()
  const [row] = await rows()
  assert.equal((await ada.submit(`/admin/relays/${row!.id}/removal`)).statusCode, 303)
  await instance.runJobs()
  const [undo] = server.received.map((one) => one.activity)
  assert.equal(undo?.type, 'Undo')
  assert.deepEqual(undo?.object, { id: follow.id, type: 'Follow', actor: follow.actor, object: everybody })
  assert.equal((await passOn(relay, world.b.activity('Create', note))).status, 401)
  await write(instance, 'alice', 'after it')
  await instance.runJobs()
  assert.equal(server.received.length, 1)
  assert.deepEqual(await world.saying('unasked'), [])
  const acts = await instance.ctx.db.select().from(auditEntries).where(eq(auditEntries.targetKind, 'relay'))
  assert.deepEqual(acts.map((entry) => [entry.act, entry.targetLabel]).sort(), [
    ['relay-added', 'https://relay.test/inbox'],
    ['relay-removed', relay.uri]
  ])
  assert.match(await ada.page('/admin/audit'), /unsubscribed from the relay/)
})

test('a relay may have us fetch so much an hour and no more', async (t) => {
  const { world, instance, relay, rows, accept } = await startRelay(t, 'litepub')
  await accept()
  const [row] = await rows()
  const now = instance.clock.now()
  await instance.ctx.transact((tx) =>
    tx
      .update(relays)
      .set({ hourStartedAt: now, fetchesCount: fetchesPerHourMax - 1 })
      .where(eq(relays.id, row!.id))
  )
  for (const word of ['last', 'over']) await relay.send(relay.activity('Announce', world.b.note(word).id))
  assert.equal((await instance.ctx.db.select().from(jobs).where(eq(jobs.kind, 'fetch-relayed'))).length, 1)
  await instance.runJobs()
  instance.clock.advance(3_601_000)
  await relay.send(relay.activity('Announce', world.b.note('next hour').id))
  await instance.runJobs()
  assert.deepEqual(
    (await Promise.all(['last', 'over', 'next hour'].map((word) => world.saying(word)))).map((found) => found.length),
    [1, 0, 1]
  )
})

test('BLK-04: a suspended server comes in by no relay, and no relay on one is subscribed to', async (t) => {
  const { world, ada, instance, relay, subscribe, accept } = await startRelay(t, 'mastodon')
  await accept()
  await ada.submit('/admin/domains', { domain: 'e.test', severity: 'suspend', reason: 'spam' })
  const note = world.e.note('blocked')
  await passOn(relay, world.e.activity('Create', note))
  await relay.send(relay.activity('Announce', note.id))
  await instance.runJobs()
  assert.deepEqual(await world.saying('blocked'), [])
  assert.ok(!world.fetches().includes(note.id))
  assert.equal((await subscribe('https://e.test/inbox')).statusCode, 422)
})

test('an address that is none, ours, unknown or taken is refused with what was typed', async (t) => {
  const { ada, subscribe, rows } = await startRelay(t, 'mastodon')
  for (const [url, status] of [
    ['', 422],
    ['relay.test', 422],
    ['ftp://relay.test/inbox', 422],
    ['https://skerry.test/inbox', 422],
    ['https://relay.test/nothing', 422],
    ['https://relay.test/inbox', 409]
  ] as const) {
    const answer = await subscribe(url)
    assert.equal(answer.statusCode, status, `${url}: ${answer.statusCode}`)
    if (url !== '') assert.ok(answer.body.includes(`value="${url}"`), url)
  }
  assert.equal((await rows()).length, 1)
  assert.equal((await ada.submit('/admin/relays/1/removal')).statusCode, 404)
})

test('relays are for admins', async (t) => {
  const { instance, rows } = await startRelay(t, 'mastodon')
  const mo = await instance.as('mo', { role: 'moderator' })
  assert.equal((await mo.get('/admin/relays')).statusCode, 403)
  assert.equal((await mo.submit('/admin/relays', { url: 'https://other.test/inbox' })).statusCode, 403)
  assert.equal((await mo.submit(`/admin/relays/${(await rows())[0]!.id}/removal`)).statusCode, 403)
  assert.equal((await rows()).length, 1)
})
