import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { follows } from '#db/schema/follows.ts'
import { pins } from '#db/schema/posts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import type { RemoteActor } from '#test/helpers/remote.ts'

const dayMs = 24 * 60 * 60_000

/** Alice follows ben, who never moved; eve would like to have his followers. */
async function startFollowed(t: TestContext): Promise<World> {
  const world = await startWorld(t)
  await world.knowing(world.a, world.b, world.e)
  const ben = (await world.accountAt(world.b.uri))!
  await world.instance.ctx.transact(async (tx) => {
    const uri = `${world.alice.account.uri}#follow-1`
    await tx
      .insert(follows)
      .values({ id: tx.newId(), followerId: world.alice.account.id, followedId: ben.id, state: 'accepted', uri, createdAt: tx.now })
  })
  return world
}

async function staysWithBen(world: World) {
  await world.instance.runJobs()
  const ben = (await world.accountAt(world.b.uri))!
  const rows = await world.instance.ctx.db.select().from(follows).where(eq(follows.followerId, world.alice.account.id))
  assert.deepEqual(
    rows.map((row) => row.followedId),
    [ben.id]
  )
}

const claim = (actor: RemoteActor, as: RemoteActor) => (actor.document.alsoKnownAs = [as.uri])

const spoofs: [string, (world: World) => Promise<{ status: number }>][] = [
  ['whose actor and object are somebody else', ({ e, b }) => e.send({ ...e.activity('Move', b.uri, { target: e.uri }), actor: b.uri })],
  ['whose object is somebody else', ({ e, b }) => e.send(e.activity('Move', b.uri, { target: e.uri }))],
  ['whose object is an embedded somebody else', ({ e, b }) => e.send(e.activity('Move', { ...b.document }, { target: e.uri }))],
  ['without a target', ({ b }) => b.send(b.activity('Move', b.uri))],
  ['to itself', ({ b }) => b.send(b.activity('Move', b.uri, { target: b.uri }))]
]

for (const [which, send] of spoofs) {
  test(`MOV-02: a Move ${which} moves nobody`, async (t) => {
    const world = await startFollowed(t)
    claim(world.e, world.b)
    assert.ok((await send(world)).status >= 400)
    await staysWithBen(world)
    assert.equal((await world.accountAt(world.b.uri))?.movedToUri, null)
  })
}

const targets: [string, (world: World) => void][] = [
  ['does not list the old account', () => {}],
  ['lists somebody else', ({ e, a }) => claim(e, a)],
  [
    'moved on itself',
    ({ e, a, b }) => {
      claim(e, b)
      e.document.movedTo = a.uri
    }
  ],
  [
    'is suspended by its server',
    ({ e, b }) => {
      claim(e, b)
      e.document.suspended = true
    }
  ],
  [
    'is gone',
    ({ servers, e, b }) => {
      claim(e, b)
      servers.e.documents.set('/users/eve', { status: 410 })
    }
  ],
  [
    'only embeds the alias in the activity',
    ({ e }) => {
      e.document.alsoKnownAs = []
    }
  ]
]

for (const [which, prepare] of targets) {
  test(`MOV-03: a Move to an account that ${which} moves nobody`, async (t) => {
    const world = await startFollowed(t)
    prepare(world)
    const { b, e } = world
    const target = which.startsWith('only embeds') ? { ...e.document, alsoKnownAs: [b.uri] } : e.uri
    await b.send(b.activity('Move', b.uri, { target }))
    await staysWithBen(world)
  })
}

test('MOV-03: what we remember of the target is not enough: it is read again', async (t) => {
  const world = await startFollowed(t)
  const { b, e } = world
  claim(e, b)
  await world.instance.ctx.fediverse.refreshAccount((await world.accountAt(e.uri))!.id)
  e.document.alsoKnownAs = []
  await b.send(b.activity('Move', b.uri, { target: e.uri }))
  await staysWithBen(world)
})

test('MOV-03: a target of a suspended server takes nobody over', async (t) => {
  const world = await startFollowed(t)
  const { b, e, instance } = world
  claim(e, b)
  const ada = await instance.as('ada', { role: 'admin' })
  await ada.submit('/admin/domains', { domain: 'e.test', severity: 'suspend', reason: 'spam' })
  await instance.runJobs()
  await b.send(b.activity('Move', b.uri, { target: e.uri }))
  await staysWithBen(world)
})

test('a second Move counts only after the cooldown, and a replay of the first never', async (t) => {
  const world = await startFollowed(t)
  const { a, b, e, instance } = world
  claim(a, b)
  claim(e, b)
  const first = b.sign(b.activity('Move', b.uri, { target: a.uri }))
  await world.servers.b.post(first)
  await instance.runJobs()
  const anas = (await world.accountAt(a.uri))!.id
  const followed = async () => (await instance.ctx.db.select().from(follows)).map((row) => row.followedId)
  assert.deepEqual(await followed(), [anas])
  // Alice goes back to ben by herself.
  const bens = (await world.accountAt(b.uri))!.id
  await instance.ctx.transact((tx) => tx.update(follows).set({ followedId: bens, state: 'accepted' }))
  await b.send(b.activity('Move', b.uri, { target: e.uri }))
  await instance.runJobs()
  assert.deepEqual(await followed(), [bens])
  assert.equal((await world.accountAt(b.uri))?.movedToUri, a.uri)

  instance.clock.advance(8 * dayMs)
  assert.equal((await world.servers.b.post(first)).status, 401)
  await instance.runJobs()
  assert.deepEqual(await followed(), [bens])
  await b.send(b.activity('Move', b.uri, { target: e.uri }))
  await instance.runJobs()
  assert.deepEqual(await followed(), [(await world.accountAt(e.uri))!.id])
})

test('Add pins only posts of the actor’s own, only to its own collection, and no more than twenty', async (t) => {
  const world = await startWorld(t)
  const { b, e, instance } = world
  b.document.featured = `${b.uri}/featured`
  e.document.featured = `${e.uri}/featured`
  await world.knowing(b, e)
  const [bens, eves] = [b.note('mine'), e.note('hers')]
  await b.send(b.activity('Create', bens))
  await e.send(e.activity('Create', eves))
  const add = (actor: RemoteActor, object: unknown, target: string) => actor.send(actor.activity('Add', object, { target }))
  const pinned = async () => (await instance.ctx.db.select().from(pins)).length
  await add(e, bens.id, `${b.uri}/featured`)
  await add(e, bens.id, `${e.uri}/featured`)
  await add(e, eves.id, `${b.uri}/featured`)
  await add(e, eves.id, `${e.uri}/other`)
  await add(e, { type: 'Hashtag', name: '#sea', id: eves.id }, `${e.uri}/featured`)
  await instance.runJobs()
  assert.equal(await pinned(), 0)
  for (let count = 0; count < 22; count += 1) {
    const note = b.note(`note ${count}`)
    await b.send(b.activity('Create', note))
    await add(b, note.id, `${b.uri}/featured`)
  }
  await instance.runJobs()
  assert.equal(await pinned(), 20)
})
