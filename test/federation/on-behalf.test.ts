import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test, type TestContext } from 'node:test'
import { blocks, follows } from '#db/schema/follows.ts'
import { postAudience } from '#db/schema/posts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { textOf } from '#test/helpers/html.ts'
import type { TestPerson } from '#test/helpers/people.ts'
import { everybody, type Remote } from '#test/helpers/remote.ts'

const instanceKey = 'https://skerry.test/@instance#main-key'
const aliceKey = 'https://skerry.test/@alice#main-key'
const bobKey = 'https://skerry.test/@bob#main-key'

/** Serves a document to some keys alone, as a server does that keeps private posts; tells with whose key it was asked, in order. */
function serveTo(peer: Remote, document: Record<string, unknown> & { id: string }, keyIds: readonly string[]): string[] {
  const asked: string[] = []
  peer.documents.set(new URL(document.id).pathname, (response: ServerResponse) => {
    const keyId = keyOf(response)
    asked.push(keyId)
    if (keyIds.includes(keyId)) response.writeHead(200, { 'content-type': 'application/activity+json' }).end(JSON.stringify(document))
    else response.writeHead(404).end()
  })
  return asked
}

function keyOf({ req }: ServerResponse): string {
  return /keyId="([^"]+)"/.exec(String(req.headers.signature))?.[1] ?? 'nobody'
}

async function worldOfTwo(t: TestContext): Promise<World & { bob: TestPerson }> {
  const world = await startWorld(t)
  const bob = await world.instance.as('bob')
  await world.knowing(world.a, world.b)
  return { ...world, bob }
}

async function follow(world: World, who: TestPerson, uri: string): Promise<void> {
  const followed = await world.accountAt(uri)
  await world.instance.ctx.transact(async (tx) => {
    const row = {
      followerId: who.account.id,
      followedId: followed?.id ?? 0,
      state: 'accepted' as const,
      createdAt: tx.now,
      acceptedAt: tx.now
    }
    await tx.insert(follows).values({ id: tx.newId(), uri: `${who.account.uri}#follows/${row.followedId}`, ...row })
  })
}

test('A direct post that its server sends by id alone is read with the key of whom it is for, and nobody else sees it', async (t) => {
  const world = await worldOfTwo(t)
  const note = world.a.note('for alice alone', { to: [world.alice.account.uri], cc: [] })
  const asked = serveTo(world.servers.a, note, [aliceKey])
  assert.equal((await world.a.send(world.a.activity('Create', note.id, { to: note.to }))).status, 202)
  await world.instance.runJobs()
  assert.deepEqual(asked, [aliceKey])
  const post = await world.postAt(note.id)
  assert.equal(post?.visibility, 'direct')
  assert.match(textOf(await world.alice.page('/conversations')), /for alice alone/)
  assert.equal((await world.bob.get(`/@ana@a.test/${post?.id}`)).statusCode, 404)
})

test('One that names nobody is for the owners of the inboxes it comes to, each of whom sees it', async (t) => {
  const world = await worldOfTwo(t)
  const carol = await world.instance.as('carol')
  const note = world.a.note('for two of you', { to: [], cc: [] })
  const asked = serveTo(world.servers.a, note, [aliceKey, bobKey])
  const create = world.a.activity('Create', note.id, { to: [], cc: [] })
  await world.a.send(create, { to: '/@alice/inbox' })
  await world.a.send(create, { to: '/@bob/inbox' })
  await world.instance.runJobs()
  assert.equal(asked.includes(instanceKey), false)
  const path = `/@ana@a.test/${(await world.postAt(note.id))?.id}`
  assert.match(await world.alice.page(path), /for two of you/)
  assert.match(await world.bob.page(path), /for two of you/)
  assert.equal((await carol.get(path)).statusCode, 404)
})

test('Whom the Create addresses may see the post, as if it had come whole', async (t) => {
  const world = await worldOfTwo(t)
  const note = world.a.note('said to both', { to: [], cc: [] })
  serveTo(world.servers.a, note, [bobKey])
  await world.a.send(world.a.activity('Create', note.id, { to: [world.bob.account.uri, world.alice.account.uri], cc: [] }))
  await world.instance.runJobs()
  const path = `/@ana@a.test/${(await world.postAt(note.id))?.id}`
  assert.match(await world.alice.page(path), /said to both/)
})

test('A Create that names a post of somebody else addresses nobody with it', async (t) => {
  const world = await worldOfTwo(t)
  const other = await world.servers.a.actor('otto')
  const note = other.note('between otto and nobody', { to: [], cc: [] })
  serveTo(world.servers.a, note, [aliceKey])
  await world.a.send(world.a.activity('Create', note.id, { to: [world.alice.account.uri], cc: [] }), { to: '/@alice/inbox' })
  await world.instance.runJobs()
  assert.ok(await world.postAt(note.id))
  assert.equal(await world.instance.ctx.db.$count(postAudience), 0)
})

test('For followers it is read with the key of who has followed for longest, for everybody with that of the instance', async (t) => {
  const world = await worldOfTwo(t)
  await follow(world, world.bob, world.a.uri)
  await follow(world, world.alice, world.a.uri)
  const among = world.a.note('among us', { to: [`${world.a.uri}/followers`], cc: [] })
  const open = world.a.note('to all the world')
  const [askedAmong, askedOpen] = [serveTo(world.servers.a, among, [bobKey]), serveTo(world.servers.a, open, [instanceKey])]
  await world.a.send(world.a.activity('Create', among.id, { to: among.to }))
  await world.a.send(world.a.activity('Create', open.id, { to: [everybody] }), { to: '/@alice/inbox' })
  await world.instance.runJobs()
  assert.deepEqual([askedAmong, askedOpen], [[bobKey], [instanceKey]])
  assert.match(await world.alice.page('/home'), /among us/)
})

test("Nobody's key follows a redirect to another server, nor is it lent to whom they block", async (t) => {
  const world = await worldOfTwo(t)
  const kept = world.b.note('a private word of ben', { to: [world.alice.account.uri], cc: [] })
  const asked = serveTo(world.servers.b, kept, [aliceKey])
  world.servers.e.documents.set('/lure', { status: 302, headers: { location: kept.id } })
  await world.e.send(world.e.activity('Create', 'https://e.test/lure', { to: [world.alice.account.uri] }), { to: '/@alice/inbox' })
  await world.instance.runJobs()
  assert.deepEqual(asked, [instanceKey])
  assert.equal(await world.postAt(kept.id), undefined)

  const eve = await world.accountAt(world.e.uri)
  await world.instance.ctx.transact(async (tx) => {
    const row = { accountId: world.alice.account.id, targetId: eve?.id ?? 0, uri: 'https://skerry.test/@alice#blocks/1', createdAt: tx.now }
    await tx.insert(blocks).values({ id: tx.newId(), ...row })
  })
  const note = world.e.note('for somebody who blocks', { to: [world.alice.account.uri], cc: [] })
  const askedAgain = serveTo(world.servers.e, note, [aliceKey])
  await world.e.send(world.e.activity('Create', note.id, { to: note.to }), { to: '/@alice/inbox' })
  await world.instance.runJobs()
  assert.ok(askedAgain.every((keyId) => keyId === instanceKey))
})

test('What a post for followers answers is read for a follower at the servers of those in it, and nowhere else', async (t) => {
  const world = await worldOfTwo(t)
  await follow(world, world.bob, world.a.uri)
  const to = { to: [`${world.a.uri}/followers`], cc: [] }
  const root = world.a.note('the root among us', to)
  const asked = serveTo(world.servers.a, root, [bobKey])
  const reply = world.a.note('the branch among us', { ...to, inReplyTo: root.id })
  await world.a.send(world.a.activity('Create', reply))
  await world.instance.runJobs()
  assert.deepEqual(asked, [bobKey])
  assert.equal((await world.postAt(reply.id))?.replyToId, (await world.postAt(root.id))?.id)

  const apart = world.b.note('of somebody not in it', { to: [`${world.b.uri}/followers`], cc: [] })
  const askedApart = serveTo(world.servers.b, apart, [bobKey])
  await world.a.send(world.a.activity('Create', world.a.note('an answer to ben', { ...to, inReplyTo: apart.id })))
  await world.instance.runJobs()
  assert.ok(askedApart.length > 0 && askedApart.every((keyId) => keyId === instanceKey))
})

test('That a post came to somebody unsaid is told to nobody but its author', async (t) => {
  const world = await worldOfTwo(t)
  const { alice, servers } = world
  const answerTo = async (name: string, to: string[]) => {
    const parent = world.b.note(name, { to: [world.a.uri, alice.account.uri], cc: [] })
    const asked = serveTo(servers.b, parent, [aliceKey])
    const answer = world.a.note(`an answer to ${name}`, {
      to,
      cc: [],
      tag: to.map((href) => ({ type: 'Mention', href })),
      inReplyTo: parent.id
    })
    await world.a.send(world.a.activity('Create', answer, { to }), { to: '/@alice/inbox' })
    await world.instance.runJobs()
    return asked
  }
  const unsaid = await answerTo('what alice is told aside', [world.b.uri])
  assert.ok(unsaid.length > 0 && unsaid.every((keyId) => keyId === instanceKey), unsaid.join())
  assert.deepEqual(await answerTo('what alice is told openly', [world.b.uri, String(alice.account.uri)]), [aliceKey])
})

test('An opened thread is read for a follower, whoever of ours opened it', async (t) => {
  const world = await worldOfTwo(t)
  await follow(world, world.bob, world.a.uri)
  await follow(world, world.alice, world.a.uri)
  const to = { to: [`${world.a.uri}/followers`], cc: [] }
  const answer = world.a.note('an answer among us', to)
  const listed = {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: 'https://a.test/replies/1',
    type: 'Collection',
    items: [answer.id]
  }
  const askedList = serveTo(world.servers.a, listed, [bobKey])
  const root = world.a.note('what was said among us', { ...to, replies: listed.id })
  answer.inReplyTo = root.id
  const askedAnswer = serveTo(world.servers.a, answer, [bobKey])
  await world.a.send(world.a.activity('Create', root))
  await world.instance.runJobs()
  await world.alice.page(`/@ana@a.test/${(await world.postAt(root.id))?.id}`)
  await world.instance.runJobs()
  assert.deepEqual([askedList, askedAnswer], [[bobKey], [bobKey]])
  assert.ok(await world.postAt(answer.id))
})

test('What somebody boosts or quotes of their own for followers is read for a follower', async (t) => {
  const world = await worldOfTwo(t)
  await follow(world, world.bob, world.a.uri)
  const to = { to: [`${world.a.uri}/followers`], cc: [] }
  const [first, second] = [world.a.note('boosted among us', to), world.a.note('quoted among us', to)]
  const asked = [serveTo(world.servers.a, first, [bobKey]), serveTo(world.servers.a, second, [bobKey])]
  await world.a.send(world.a.activity('Announce', first.id, to))
  await world.a.send(world.a.activity('Create', world.a.note('as I said', { ...to, quote: second.id })))
  await world.instance.runJobs()
  assert.deepEqual(asked, [[bobKey], [bobKey]])
  assert.match(await world.bob.page('/home'), /boosted among us/)
})

test('A change of a post for followers that is told of by id alone is read with the key of who may see it', async (t) => {
  const world = await worldOfTwo(t)
  await follow(world, world.bob, world.a.uri)
  const note = world.a.note('before', { to: [`${world.a.uri}/followers`], cc: [] })
  await world.a.send(world.a.activity('Create', note))
  world.instance.clock.advance(60_000)
  const asked = serveTo(
    world.servers.a,
    { ...note, content: '<p>after</p>', updated: new Date(world.instance.clock.now()).toISOString() },
    [bobKey]
  )
  await world.a.send(world.a.activity('Update', note.id, { to: note.to }))
  await world.instance.runJobs()
  assert.deepEqual(asked, [bobKey])
  assert.match((await world.postAt(note.id))?.html ?? '', /after/)
})
