import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notifications } from '#db/schema/notifications.ts'
import { favourites, posts } from '#db/schema/posts.ts'
import { timeOfId } from '#server/platform/ids.ts'
import { createRandom, type Random } from '#server/platform/random.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { everybody } from '#test/helpers/remote.ts'

/** Always the highest: whatever is dated to the same millisecond draws the same id, until it steps aside. */
function luckless(): Random {
  return { ...createRandom(), below: (max) => Math.max(max - 1, 0) }
}

test('posts and boosts of one moment, as servers date them that know seconds only, are all kept though their ids meet', async (t) => {
  const world = await startWorld(t, { overrides: { random: luckless() } })
  const { instance, alice, a, b, e } = world
  await world.knowing(a, b, e)
  await alice.submit('/posts', { text: 'Pass it on', visibility: 'public' })
  const [own] = await world.saying('Pass it on')
  instance.clock.advance(60_000)
  const published = new Date(instance.clock.now() - 30_000).toISOString()
  const note = a.note('Said at that moment', { published })
  const boosts = [a, b, e].map((actor) => actor.activity('Announce', own?.uri, { to: [everybody], published }))
  const sent = [
    [a, a.activity('Create', note, { published })],
    [a, boosts[0]!],
    [b, boosts[1]!],
    [e, boosts[2]!]
  ] as const
  for (const [actor, activity] of sent) assert.equal((await actor.send(activity)).status, 202)
  const rows = await Promise.all([note, ...boosts].map(({ id }) => world.postAt(id)))
  for (const [at, row] of rows.entries()) assert.ok(row, `what was answered 202 as number ${at} is there`)
  assert.equal(new Set(rows.map((row) => row?.id)).size, 4)
  assert.ok(rows.every((row) => row?.createdAt === Date.parse(published)))
  assert.ok(rows.every((row) => timeOfId(row!.id) >= row!.createdAt && timeOfId(row!.id) <= instance.clock.now()))
  assert.equal((await world.postAt(own?.uri ?? ''))?.boostsCount, 3)
  const told = await instance.ctx.db.select({ kind: notifications.kind }).from(notifications)
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ['boost', 'boost', 'boost']
  )
})

test('what comes again, with the same id or another, is still passed over', async (t) => {
  const world = await startWorld(t, { overrides: { random: luckless() } })
  const { instance, alice, a } = world
  await world.knowing(a)
  await alice.submit('/posts', { text: 'Once is enough', visibility: 'public' })
  const [own] = await world.saying('Once is enough')
  const published = new Date(instance.clock.now() - 30_000).toISOString()
  const boost = () => a.activity('Announce', own?.uri, { to: [everybody], published })
  const first = boost()
  for (const activity of [first, first, boost()]) {
    instance.clock.advance(1_000)
    assert.equal((await a.send(activity)).status, 202)
  }
  assert.equal((await world.postAt(own?.uri ?? ''))?.boostsCount, 1)
})

test('a boost of ours that its author agreed to is done though a post of elsewhere has taken its id meanwhile, and a like', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, b, servers } = world
  const { ctx } = instance
  await world.knowing(a, b)
  const manual = { automaticApproval: [], manualApproval: [everybody] }
  const note = a.note('Ask me first', { interactionPolicy: { canAnnounce: manual, canLike: manual } })
  await a.send(a.activity('Create', note))
  const post = await world.postAt(note.id)
  for (const act of ['boost', 'favourite']) await alice.submit(`/posts/${post?.id}/${act}`)
  await instance.runJobs()
  const asked = servers.a.received.filter(({ activity }) => /Request$/.test(String(activity.type))).map(({ activity }) => activity)
  const idAskedWith = (type: string) => String((asked.find((each) => each.type === type)?.instrument as { id?: string } | undefined)?.id)
  const boostUri = idAskedWith('AnnounceRequest')
  const ben = await world.accountAt(b.uri)
  await ctx.transact(async (tx) => {
    const id = numberOf(boostUri)
    await tx.insert(posts).values({
      id,
      uri: 'https://b.test/notes/taken',
      authorId: ben!.id,
      threadId: id,
      visibility: 'public',
      isLocal: false,
      createdAt: tx.now
    })
    await tx.insert(favourites).values({
      id: numberOf(idAskedWith('LikeRequest')),
      accountId: ben!.id,
      postId: post!.id,
      createdAt: tx.now
    })
  })
  for (const request of asked)
    assert.equal((await a.send(a.activity('Accept', request.id, { result: `https://a.test/auth/${String(request.type)}` }))).status, 202)
  await instance.runJobs()
  assert.ok((await world.postAt(boostUri))?.isLocal)
  assert.equal((await world.postAt(note.id))?.boostsCount, 1)
  assert.equal((await ctx.db.select().from(favourites)).filter(({ accountId }) => accountId === alice.account.id).length, 1)
  assert.deepEqual(
    servers.a.received
      .map(({ activity }) => activity)
      .filter(({ type }) => type === 'Announce')
      .map(({ id }) => id),
    [boostUri]
  )
})

/** The number at the end of an id, which is that of the row. */
function numberOf(uri: string): number {
  return Number(/\d+$/.exec(uri)?.[0])
}
