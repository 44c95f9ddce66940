import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { favourites, posts } from '#db/schema/posts.ts'
import { interactions } from '#db/schema/quotes.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { everybody, type RemoteActor } from '#test/helpers/remote.ts'

type Json = Record<string, unknown>

/** A post of alice's with policies as she chose them in the composer. */
async function publish(world: World, text: string, policies: Record<string, string>) {
  const answer = await world.alice.submit('/posts', { text, visibility: 'public', idempotencyKey: text, ...policies })
  assert.equal(answer.statusCode, 303, answer.body.slice(0, 300))
  const [post] = await world.saying(text)
  assert.ok(post)
  return post
}

async function reload({ instance }: World, id: number) {
  const [post] = await instance.ctx.db.select().from(posts).where(eq(posts.id, id))
  return post
}

function typesTo({ servers }: World) {
  return servers.a.received.map(({ activity }) => activity.type)
}

async function approve({ alice, instance }: World, act = 'approve') {
  const page = await alice.page('/approvals')
  const path = new RegExp(`action="(/approvals/\\d+/${act})"`).exec(page)?.[1]
  assert.ok(path, 'something waits')
  await alice.submit(path)
  await instance.runJobs()
}

/** A post of ana's with a policy in the words of GoToSocial. */
async function policed(world: World, text: string, policy: Json) {
  const note = world.a.note(text, { interactionPolicy: policy })
  await world.a.send(world.a.activity('Create', note))
  await world.instance.runJobs()
  const post = await world.postAt(note.id)
  assert.ok(post)
  return { post, note }
}

function askFirst(a: RemoteActor, word: 'canReply' | 'canLike' | 'canAnnounce') {
  return { [word]: { automaticApproval: [a.uri], manualApproval: [everybody] } }
}

test('a reply that nobody may write stays out of the thread, the count and the notifications, and is refused', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a } = world
  await world.knowing(a)
  const post = await publish(world, 'my long solo thread', { canReply: 'nobody' })
  const reply = a.note('well, actually', { inReplyTo: post.uri, tag: [{ type: 'Mention', href: alice.account.uri, name: '@alice' }] })
  await a.send(a.activity('Create', reply))
  await instance.runJobs()
  const kept = await world.postAt(reply.id)
  assert.deepEqual([kept?.isHeld, kept?.replyToId], [true, null])
  assert.equal((await reload(world, post.id))?.repliesCount, 0)
  assert.doesNotMatch(await alice.page(`/@alice/${post.id}`), /well, actually/)
  assert.doesNotMatch(await alice.page('/notifications'), /well, actually/)
  const reject = world.servers.a.received.at(-1)?.activity
  assert.deepEqual([reject?.type, reject?.object, reject?.target], ['Reject', reply.id, post.uri])
})

test('a reply that waits is shown once its author is let in; the Accept of what came unasked is told to everybody', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, servers } = world
  await world.knowing(a)
  const post = await publish(world, 'answers after a look', { canReply: 'ask' })
  const reply = a.note('may I?', { inReplyTo: post.uri, tag: [{ type: 'Mention', href: alice.account.uri, name: '@alice' }] })
  const below = a.note('my own second thought', { inReplyTo: reply.id })
  await a.send(a.activity('Create', reply))
  await a.send(a.activity('Create', below))
  await instance.runJobs()
  assert.doesNotMatch(await alice.page(`/@alice/${post.id}`), /may I\?|second thought/)
  assert.match(await alice.page('/notifications'), /asks for your approval/)
  assert.match(await alice.page('/approvals'), /may I\?/)
  await approve(world)
  const page = await alice.page(`/@alice/${post.id}`)
  assert.match(page, /may I\?/)
  assert.match(page, /second thought/)
  assert.equal((await reload(world, post.id))?.repliesCount, 1)
  assert.match(await alice.page('/notifications'), /mentioned you/)
  assert.doesNotMatch(await alice.page('/notifications'), /asks for your approval/)
  const accept = servers.a.received.find(({ activity }) => activity.type === 'Accept')?.activity
  const [row] = await instance.ctx.db.select().from(interactions)
  assert.deepEqual([accept?.object, accept?.target, accept?.result], [reply.id, post.uri, `${post.uri}/authorizations/${row?.id}`])
  assert.deepEqual(accept?.cc, [everybody, `${alice.account.uri}/followers`])
})

test('a ReplyRequest, LikeRequest and AnnounceRequest are answered by policy, whoever asks politely', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, b, servers } = world
  await world.knowing(a, b)
  await a.send(a.activity('Follow', alice.account.uri))
  await instance.runJobs()
  const post = await publish(world, 'for followers', { canReply: 'followers', canLike: 'followers', canAnnounce: 'followers' })
  const ask = (actor: RemoteActor, kind: string, instrument: Json) => actor.send(actor.activity(`${kind}Request`, post.uri, { instrument }))
  for (const actor of [a, b]) {
    const like = actor.activity('Like', post.uri)
    const announce = actor.activity('Announce', post.uri, { to: [everybody] })
    assert.equal((await ask(actor, 'Like', like)).status, 202)
    assert.equal((await ask(actor, 'Announce', announce)).status, 202)
    assert.equal((await ask(actor, 'Reply', actor.note('me too', { inReplyTo: post.uri }))).status, 202)
  }
  await instance.runJobs()
  const answers = (peer: keyof World['servers']) =>
    servers[peer].received
      .map(({ activity }) => activity)
      .filter(({ type, object }) => type !== 'Create' && (object as Json).type !== 'Follow')
  assert.deepEqual(
    answers('a')
      .map(({ type, object }) => `${String(type)} ${String((object as Json).type)}`)
      .sort(),
    ['Accept AnnounceRequest', 'Accept LikeRequest', 'Accept ReplyRequest']
  )
  assert.deepEqual(
    answers('b')
      .map(({ type, object }) => `${String(type)} ${String((object as Json).type)}`)
      .sort(),
    ['Reject AnnounceRequest', 'Reject LikeRequest', 'Reject ReplyRequest']
  )
  const row = await reload(world, post.id)
  assert.deepEqual([row?.favouritesCount, row?.boostsCount, row?.repliesCount], [1, 1, 1])
  const path = String(answers('a').find(({ object }) => (object as Json).type === 'LikeRequest')?.result).replace('https://skerry.test', '')
  assert.equal((await instance.guest().get(path, { accept: 'application/activity+json' })).json().type, 'LikeAuthorization')
})

test('likes and boosts that came unasked wait for their author, and are done once they agree', async (t) => {
  const world = await startWorld(t)
  const { instance, a } = world
  await world.knowing(a)
  const post = await publish(world, 'ask before', { canLike: 'ask', canAnnounce: 'ask' })
  await a.send(a.activity('Like', post.uri))
  await a.send(a.activity('Announce', post.uri, { to: [everybody] }))
  await instance.runJobs()
  assert.deepEqual([(await reload(world, post.id))?.favouritesCount, (await reload(world, post.id))?.boostsCount], [0, 0])
  await approve(world)
  await approve(world)
  assert.deepEqual([(await reload(world, post.id))?.favouritesCount, (await reload(world, post.id))?.boostsCount], [1, 1])
  assert.deepEqual(typesTo(world).filter((type) => type === 'Accept').length, 2)
})

test('our reply to a post that wants to be asked goes to its author alone, and to the rest once there is an authorization', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, b, servers } = world
  await world.knowing(a, b)
  await b.send(b.activity('Follow', alice.account.uri))
  const { post } = await policed(world, 'look before you leap', askFirst(a, 'canReply'))
  await alice.submit('/posts', { text: 'a considered answer', visibility: 'public', replyTo: String(post.id), idempotencyKey: '1' })
  await instance.runJobs()
  const [reply] = await world.saying('a considered answer')
  assert.ok(reply?.isHeld)
  assert.match(await alice.page(`/@alice/${reply.id}`), /Waits for approval by ana/)
  assert.doesNotMatch(await alice.page(`/@ana@a.test/${post.id}`), /a considered answer/)
  assert.equal(
    servers.b.received.some(({ activity }) => activity.type === 'Create'),
    false
  )
  const request = servers.a.received.find(({ activity }) => activity.type === 'ReplyRequest')?.activity as Json
  assert.deepEqual([request.actor, request.object, request.to], [alice.account.uri, post.uri, [a.uri]])
  assert.equal((request.instrument as Json).inReplyTo, post.uri)

  const uri = 'https://a.test/authorizations/1'
  const object = { id: request.id, type: 'ReplyRequest', actor: request.actor, object: request.object, instrument: reply.uri }
  await a.send(a.activity('Accept', object, { to: [alice.account.uri], result: uri }))
  await instance.runJobs()
  const create = servers.b.received.find(({ activity }) => activity.type === 'Create')?.activity
  assert.deepEqual([(create?.object as Json | undefined)?.replyAuthorization, (create?.object as Json | undefined)?.approvedBy], [uri, uri])
  assert.match(await alice.page(`/@ana@a.test/${post.id}`), /a considered answer/)
  assert.equal((await reload(world, post.id))?.repliesCount, 1)
})

test('a refused reply says so to its author, and was sent to nobody else', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, b, servers } = world
  await world.knowing(a, b)
  await b.send(b.activity('Follow', alice.account.uri))
  const { post } = await policed(world, 'no chatter please', askFirst(a, 'canReply'))
  await alice.submit('/posts', { text: 'chatter', visibility: 'public', replyTo: String(post.id), idempotencyKey: '1' })
  await instance.runJobs()
  const request = servers.a.received.find(({ activity }) => activity.type === 'ReplyRequest')?.activity
  await a.send(a.activity('Reject', request?.id))
  await instance.runJobs()
  const [reply] = (await world.saying('chatter')).filter(({ isLocal }) => isLocal)
  assert.match(await alice.page(`/@alice/${reply?.id}`), /did not let this reply/)
  assert.match(await alice.page('/notifications'), /did not agree to what you asked/)
  assert.equal(
    servers.b.received.some(({ activity }) => activity.type === 'Create'),
    false
  )
})

test('our likes and boosts are asked for first, show that they wait, and are sent with their authorization', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, servers } = world
  await world.knowing(a)
  const { post } = await policed(world, 'handle with care', { ...askFirst(a, 'canLike'), ...askFirst(a, 'canAnnounce') })
  await alice.submit(`/posts/${post.id}/favourite`)
  await alice.submit(`/posts/${post.id}/boost`)
  await instance.runJobs()
  assert.equal((await instance.ctx.db.select().from(favourites)).length, 0)
  assert.match(await alice.page(`/@ana@a.test/${post.id}`), /waits for approval by ana/)
  const [like, announce] = ['LikeRequest', 'AnnounceRequest'].map(
    (type) => servers.a.received.find(({ activity }) => activity.type === type)?.activity as Json
  )
  assert.equal((like?.instrument as Json | undefined)?.type, 'Like')
  assert.equal((announce?.instrument as Json | undefined)?.object, post.uri)
  await a.send(a.activity('Accept', like?.id, { result: 'https://a.test/auth/1' }))
  await a.send(a.activity('Accept', announce?.id, { result: 'https://a.test/auth/2' }))
  await instance.runJobs()
  const done = (type: string) => servers.a.received.find(({ activity }) => activity.type === type)?.activity
  assert.deepEqual(
    [done('Like')?.id, done('Like')?.likeAuthorization],
    [(like?.instrument as Json | undefined)?.id, 'https://a.test/auth/1']
  )
  assert.deepEqual(
    [done('Announce')?.id, done('Announce')?.announceAuthorization],
    [(announce?.instrument as Json | undefined)?.id, 'https://a.test/auth/2']
  )
  assert.equal((await instance.ctx.db.select().from(favourites)).length, 1)
  await alice.submit(`/posts/${post.id}/unfavourite`)
  await instance.runJobs()
  assert.equal((done('Undo')?.object as Json | undefined)?.id, done('Like')?.id)
})

test('a server that knows only the old words is sent the act itself; what nobody may do has no button', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, servers } = world
  await world.knowing(a)
  const { post } = await policed(world, 'of old', {
    canLike: { always: [a.uri], approvalRequired: [everybody] },
    canReply: { always: [a.uri] },
    canAnnounce: { always: [a.uri] }
  })
  const page = await alice.page(`/@ana@a.test/${post.id}`)
  assert.doesNotMatch(page, /name="replyTo"/)
  assert.doesNotMatch(page, new RegExp(`/posts/${post.id}/boost`))
  await alice.submit(`/posts/${post.id}/favourite`)
  await instance.runJobs()
  assert.deepEqual(typesTo(world), ['Like'])
  assert.equal((await alice.submit(`/posts/${post.id}/boost`)).statusCode, 403)
  const like = servers.a.received[0]?.activity
  await a.send(a.activity('Accept', like?.id))
  await instance.runJobs()
  assert.equal((await reload(world, post.id))?.favouritesCount, 1)
})

test('a reply between others stands in the thread only with a valid authorization, or where none is needed', async (t) => {
  const world = await startWorld(t)
  const { instance, a, b, e, servers } = world
  await world.knowing(a, b, e)
  const { post, note } = await policed(world, 'strict', {
    canReply: { automaticApproval: [a.uri], manualApproval: [everybody] }
  })
  const stamp = (path: string, fields: Json) => {
    servers.a.documents.set(path, {
      id: servers.a.origin + path,
      type: 'ReplyAuthorization',
      attributedTo: a.uri,
      interactionTarget: note.id,
      ...fields
    })
    return servers.a.origin + path
  }
  const plain = b.note('no stamp', { inReplyTo: note.id })
  const proven = b.note('with a stamp', { inReplyTo: note.id })
  Object.assign(proven, { replyAuthorization: stamp('/auth/1', { interactingObject: proven.id }) })
  const forged = e.note('with the stamp of another', { inReplyTo: note.id, replyAuthorization: `${servers.a.origin}/auth/1` })
  for (const [actor, reply] of [
    [b, plain],
    [b, proven],
    [e, forged]
  ] as const)
    await actor.send(actor.activity('Create', reply))
  await a.send(a.activity('Create', a.note('her own', { inReplyTo: note.id })))
  await instance.runJobs()
  assert.equal((await world.postAt(plain.id))?.isHeld, true)
  assert.equal((await world.postAt(forged.id))?.isHeld, true)
  assert.deepEqual([(await world.postAt(proven.id))?.isHeld, (await world.postAt(proven.id))?.replyToId], [false, post.id])
  assert.equal((await reload(world, post.id))?.repliesCount, 2)
})

test('settings say what new posts begin with, and the composer shows them', async (t) => {
  const world = await startWorld(t)
  const { alice } = world
  const saved = await alice.submit('/settings/posting', { visibility: 'unlisted', canQuote: 'nobody', canReply: 'followers' })
  assert.equal(saved.statusCode, 303)
  const home = await alice.page('/home')
  assert.match(home, /<details class="fold composer-policies" open>/)
  assert.match(home, /value="nobody" selected/)
  await alice.submit('/posts', { text: 'as usual', idempotencyKey: '1' })
  const [post] = await world.saying('as usual')
  assert.deepEqual([post?.canQuote, post?.canReply], ['', 'followers'])
  assert.equal((await alice.submit('/settings/posting', { visibility: 'public', canQuote: 'sometimes' })).statusCode, 422)
})
