import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { favourites, posts } from '#db/schema/posts.ts'
import { startGoToSocialWorld, type GoToSocialWorld } from '#test/federation/gotosocial-world.ts'
import { plainContext } from '#test/federation/gotosocial-account.ts'
import type { Json } from '#test/federation/gotosocial-rules.ts'
import { everybody } from '#test/helpers/remote.ts'

/** Asks first, as GoToSocial 0.21 does: the act comes along whole. */
function ask({ zork, alice }: GoToSocialWorld, verb: string, object: string, instrument: Json): Json {
  return zork.activity(verb, object, { '@context': plainContext, id: zork.at('interaction_requests'), instrument, to: [alice.account.uri] })
}

async function answerAll({ alice, instance }: GoToSocialWorld, act: 'approve' | 'refuse') {
  for (;;) {
    const path = new RegExp(`action="(/approvals/\\d+/${act})"`).exec(await alice.page('/approvals'))?.[1]
    if (path === undefined) return
    await alice.submit(path)
    await instance.runJobs()
  }
}

const policed = { canReply: 'ask', canLike: 'ask', canAnnounce: 'ask' }

function actsOn(world: GoToSocialWorld, post: { uri: string }) {
  const { zork, alice } = world
  const like = zork.activity('Like', post.uri, { id: zork.at('liked'), to: [alice.account.uri] })
  const boost = zork.activity('Announce', post.uri, {
    id: zork.at('statuses'),
    published: '2026-11-24T04:00:00Z',
    to: [`${zork.uri}/followers`],
    cc: [alice.account.uri, everybody]
  })
  const reply = zork.note('may I answer?', { inReplyTo: post.uri })
  return { like, boost, reply }
}

test('GoToSocial asks politely to like, boost and answer, and takes the answer with its authorization', async (t) => {
  const world = await startGoToSocialWorld(t)
  const { instance, alice, gts, zork, say, tell, postAt, befriend, isContent } = world
  await befriend()
  const post = await say('ask me first', policed)
  const { like, boost, reply } = actsOn(world, post)
  for (const [verb, { '@context': _, ...act }] of [
    ['LikeRequest', like],
    ['AnnounceRequest', boost],
    ['ReplyRequest', reply]
  ] as const)
    await tell(ask(world, verb, post.uri, act))
  assert.equal((await postAt(reply.id))?.isHeld, true)
  await answerAll(world, 'approve')
  const accepts = gts.of('Accept').slice(1)
  assert.deepEqual(accepts.map(({ object }) => (object as Json).type).sort(), ['AnnounceRequest', 'LikeRequest', 'ReplyRequest'])
  for (const accept of accepts) {
    const { type, instrument } = accept.object as { type: string; instrument: string }
    const authorization = await gts.read(String(accept.result), zork)
    assert.deepEqual(
      [authorization?.type, authorization?.attributedTo, authorization?.interactingObject, authorization?.interactionTarget],
      [type.replace('Request', 'Authorization'), alice.account.uri, instrument, post.uri]
    )
  }
  const [row] = await instance.ctx.db.select().from(posts).where(eq(posts.id, post.id))
  assert.deepEqual([row?.favouritesCount, row?.boostsCount, row?.repliesCount], [1, 1, 1])
  isContent()
})

test('GoToSocial before 0.21 does it without asking, and is answered about the act itself', async (t) => {
  const world = await startGoToSocialWorld(t)
  const { gts, zork, say, tell, befriend, isContent } = world
  await befriend()
  for (const [answer, verb] of [
    ['approve', 'Accept'],
    ['refuse', 'Reject']
  ] as const) {
    const post = await say(`ask me first, to ${answer}`, policed)
    const { like, boost, reply } = actsOn(world, post)
    for (const activity of [like, boost, zork.wrap('Create', reply)]) await tell(activity)
    const before = gts.of(verb).length
    await answerAll(world, answer)
    const answers = gts.of(verb).slice(before)
    // It finds what was refused by its address alone, and reads no type inside.
    assert.deepEqual(answers.map(({ object }) => object).sort(), [like.id, boost.id, reply.id].sort())
    for (const one of answers) assert.equal(one.target, post.uri)
  }
  isContent()
})

test('a policy of GoToSocial is kept: our people ask, and what they do goes out once it is accepted', async (t) => {
  const world = await startGoToSocialWorld(t)
  const { instance, alice, gts, zork, hear, tell, befriend, isContent } = world
  await befriend()
  const me = String(alice.account.uri)
  const asking = { automaticApproval: [zork.uri], manualApproval: [everybody] }
  const { post } = await hear('ask me', { interactionPolicy: { canLike: asking, canReply: asking, canAnnounce: asking, canQuote: asking } })
  await alice.submit(`/posts/${post.id}/favourite`)
  await alice.submit(`/posts/${post.id}/boost`)
  await alice.submit('/posts', { text: '@zork@gts.test may I?', visibility: 'public', replyTo: String(post.id), idempotencyKey: 'r' })
  await instance.runJobs()
  const asked = ['LikeRequest', 'AnnounceRequest', 'ReplyRequest'].map((type) => gts.of(type)[0])
  assert.ok(asked.every(Boolean), 'each was asked for')
  for (const type of ['Like', 'Announce', 'Create']) assert.equal(gts.of(type).length, 0, type)
  for (const request of asked) {
    const { id, type, actor, object, instrument } = request as { id: string; type: string; actor: string; object: string; instrument: Json }
    const result = zork.at('authorizations')
    gts.documents.set(new URL(result).pathname, {
      '@context': plainContext,
      attributedTo: zork.uri,
      id: result,
      interactingObject: instrument.id,
      interactionTarget: object,
      type: type.replace('Request', 'Authorization')
    })
    await tell({
      '@context': plainContext,
      actor: zork.uri,
      id: zork.at('accepts'),
      object: { actor, id, instrument: instrument.id, object, type },
      result,
      to: me,
      type: 'Accept'
    })
  }
  await instance.runJobs()
  assert.ok((gts.of('Announce')[0] as Json | undefined)?.announceAuthorization)
  assert.ok((gts.of('Create')[0]?.object as Json | undefined)?.replyAuthorization)
  assert.equal((await instance.ctx.db.select().from(favourites)).length, 1)
  isContent()
})

test('a request that GoToSocial rejects is done by nobody', async (t) => {
  const world = await startGoToSocialWorld(t)
  const { instance, alice, gts, zork, hear, tell, befriend, isContent } = world
  await befriend()
  const asking = { automaticApproval: [zork.uri], manualApproval: [everybody] }
  const { post } = await hear('ask me', { interactionPolicy: { canLike: asking } })
  await alice.submit(`/posts/${post.id}/favourite`)
  await instance.runJobs()
  const { id, type, actor, object, instrument } = gts.of('LikeRequest')[0] as {
    id: string
    type: string
    actor: string
    object: string
    instrument: Json
  }
  await tell({
    '@context': plainContext,
    actor: zork.uri,
    id: zork.at('rejects'),
    object: { actor, id, instrument: instrument.id, object, type },
    to: actor,
    type: 'Reject'
  })
  assert.equal((await instance.ctx.db.select().from(favourites)).length, 0)
  isContent()
})
