import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { notifications } from '#db/schema/notifications.ts'
import { pollOptions, polls, pollVotes } from '#db/schema/polls.ts'
import { posts, postVersions } from '#db/schema/posts.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import { findPoll } from '#server/polls/find-poll.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { block } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { everybody, type RemoteActor } from '#test/helpers/remote.ts'
import { whoIs } from '#test/helpers/who-is.ts'

type Json = Record<string, unknown>
const hourMs = 3_600_000

async function pollAt({ instance }: World, uri: string) {
  const post = await findPostByUri(instance.ctx.db, uri)
  return post && findPoll(instance.ctx.db, post.id)
}

function option(name: string, totalItems?: unknown): Json {
  return { type: 'Note', name, ...(totalItems === undefined ? {} : { replies: { type: 'Collection', totalItems } }) }
}

function question(world: World, actor: RemoteActor, fields: Json = {}) {
  return actor.note('which?', {
    type: 'Question',
    endTime: new Date(world.instance.clock.now() + hourMs).toISOString(),
    oneOf: [option('red', 2), option('blue', 1)],
    votersCount: 3,
    ...fields
  })
}

/** A poll of alice's, and a vote in it as other servers write them. */
async function asked(t: TestContext, more: { isMultiple?: boolean; visibility?: 'public' | 'followers' } = {}) {
  const world = await startWorld(t)
  const alice = await whoIs(world.instance, 'alice')
  const { isMultiple = false, visibility = 'public' } = more
  const poll = { options: ['yes', 'no', 'perhaps café'], isMultiple, lastsS: 3_600 }
  const post = await publishPost(world.instance.ctx, alice, { text: 'shall we?', visibility, poll })
  let count = 0
  const vote = (actor: RemoteActor, name: string, fields: Json = {}): Json => ({
    id: `${actor.uri}#votes/${++count}`,
    type: 'Note',
    name,
    attributedTo: actor.uri,
    to: [alice.account.uri],
    inReplyTo: post.uri,
    ...fields
  })
  const cast = (actor: RemoteActor, object: unknown) => actor.send(actor.activity('Create', object, { to: [alice.account.uri] }))
  const counts = async () => {
    const found = await findPoll(world.instance.ctx.db, post.id)
    return [...(found?.options.map(({ votesCount }) => votesCount) ?? []), found?.votersCount]
  }
  return { ...world, alicePerson: alice, post, vote, cast, counts }
}

test('a Question comes in as a poll, in the forms that servers give it', async (t) => {
  const world = await startWorld(t)
  const { a, instance } = world
  const soon = instance.clock.now() + hourMs
  const forms: [string, Json, Json][] = [
    [
      'Mastodon',
      { endTime: new Date(soon).toISOString() },
      { isMultiple: false, endsAt: Math.trunc(soon), closedAt: null, votersCount: 3 }
    ],
    [
      'any of, without counts of people',
      { anyOf: [option('red', 2), option('blue', 1)], oneOf: undefined, votersCount: undefined },
      { isMultiple: true, votersCount: null }
    ],
    ['Misskey, without an end', { endTime: null, votersCount: undefined }, { endsAt: null, closedAt: null }],
    [
      'Pleroma: closed is the end, and an empty anyOf stands beside',
      { endTime: undefined, closed: new Date(soon).toISOString(), anyOf: [] },
      { isMultiple: false, endsAt: Math.trunc(soon), closedAt: null }
    ],
    [
      'counts as texts, replies alone as a number',
      { oneOf: [option('red', '2'), { type: 'Note', name: 'blue', replies: 1 }], votersCount: '3' },
      { votersCount: 3 }
    ],
    ['a map of languages', { oneOf: [{ type: 'Note', nameMap: { en: 'red' }, replies: { totalItems: 2 } }, option('blue', 1)] }, {}]
  ]
  for (const [name, fields, expected] of forms) {
    const told = question(world, a, fields)
    assert.equal((await a.send(a.activity('Create', told))).status, 202)
    const poll = await pollAt(world, told.id)
    assert.ok(poll, name)
    for (const [key, value] of Object.entries(expected)) assert.equal(poll[key as keyof typeof poll], value, `${name}: ${key}`)
    assert.deepEqual(poll.options.map((each) => [each.text, each.votesCount]), [['red', 2], ['blue', 1]], name) // biome-ignore format: a table
  }
  const over = question(world, a, { endTime: undefined, closed: true })
  await a.send(a.activity('Create', over))
  assert.notEqual((await pollAt(world, over.id))?.closedAt, null)
  const page = await world.alice.page(`/@${a.handle}/${(await findPostByUri(instance.ctx.db, over.id))?.id}`)
  assert.match(page, /67%/)
  assert.match(page, /Ended/)
})

test('a poll without bounds, or with nonsense in it, is held within ours', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const many = question(world, a, { oneOf: Array.from({ length: 150 }, (_, at) => option(`${at} ${'x'.repeat(3_000)}`, 1e300)) })
  await a.send(a.activity('Create', many))
  const poll = await pollAt(world, many.id)
  assert.equal(poll?.options.length, 20)
  assert.equal(poll?.options[0]?.text.length, 200)
  assert.equal(poll?.options[0]?.votesCount, 1_000_000_000)
  const odd = question(world, a, {
    oneOf: [option(' \u200b ', 1), option('<b>a</b>', -4), option('b', 'many'), option('b', 9), 'c', null],
    votersCount: -1
  })
  await a.send(a.activity('Create', odd))
  const kept = await pollAt(world, odd.id)
  assert.deepEqual([kept?.options.map((each) => [each.text, each.votesCount]), kept?.votersCount], [[['<b>a</b>', 0], ['b', 0]], 0]) // biome-ignore format: a table
  const page = await world.alice.page(`/@${a.handle}/${(await findPostByUri(world.instance.ctx.db, odd.id))?.id}`)
  assert.match(page, /&lt;b&gt;a&lt;\/b&gt;/)
  const lone = question(world, a, { oneOf: option('only') })
  await a.send(a.activity('Create', lone))
  assert.equal(await pollAt(world, lone.id), undefined)
  assert.ok(await findPostByUri(world.instance.ctx.db, lone.id), 'what asks nothing is a post all the same')
})

test('an Update without a newer date brings the counts in silence; a newer one may ask something else, and then no vote stays', async (t) => {
  const world = await startWorld(t)
  const { a, instance } = world
  const { db } = instance.ctx
  const told = question(world, a)
  await a.send(a.activity('Create', told))
  const post = await findPostByUri(db, told.id)
  assert.ok(post)
  assert.equal((await world.alice.submit(`/posts/${post.id}/vote`, { choice: '1' })).statusCode, 303)
  assert.deepEqual(
    (await pollAt(world, told.id))?.options.map((each) => each.votesCount),
    [2, 2]
  )

  const update = (fields: Json) => a.send(a.activity('Update', { ...told, ...fields }))
  await update({ oneOf: [option('red', 9), option('blue', 4)], votersCount: 13, content: '<p>which?</p>' })
  assert.deepEqual(
    (await pollAt(world, told.id))?.options.map((each) => each.votesCount),
    [9, 4]
  )
  await update({ oneOf: [option('red', 10), option('blue', 4)], votersCount: 14, updated: told.published })
  assert.equal((await pollAt(world, told.id))?.votersCount, 14)
  const before = new Date(instance.clock.now() - 3_600_000).toISOString()
  await update({ oneOf: [option('green', 1), option('blue', 4)], updated: before })
  assert.deepEqual(
    (await pollAt(world, told.id))?.options.map((each) => each.text),
    ['red', 'blue'],
    'no newer, no other question'
  )
  const silent = await findPostByUri(db, told.id)
  assert.deepEqual([silent?.version, silent?.editedAt, await db.$count(postVersions)], [1, null, 0])
  assert.equal(await db.$count(pollVotes), 1)

  instance.clock.advance(60_000)
  const newer = new Date(instance.clock.now()).toISOString()
  await update({ oneOf: [option('green', 0), option('blue', 0)], votersCount: 0, updated: newer })
  assert.deepEqual(
    (await pollAt(world, told.id))?.options.map((each) => each.text),
    ['green', 'blue']
  )
  assert.equal(await db.$count(pollVotes), 0)
  assert.deepEqual(
    (await db.select().from(postVersions)).map((each) => each.options),
    [['red', 'blue']]
  )
  await update({ oneOf: [option('red', 50), option('blue', 50)], updated: told.published })
  assert.deepEqual(
    (await pollAt(world, told.id))?.options.map((each) => each.text),
    ['green', 'blue'],
    'what is older changes nothing'
  )
  await update({ oneOf: [option('green', 7), option('blue', 0)], updated: newer, votersCount: 7 })
  assert.equal((await pollAt(world, told.id))?.votersCount, 7)

  // Nobody but the author tells the counts.
  const { e } = world
  assert.equal((await e.send(e.activity('Update', { ...told, oneOf: [option('green', 99), option('blue', 0)] }))).status, 403)
  assert.equal((await pollAt(world, told.id))?.votersCount, 7)
  assert.equal(await db.$count(notifications), 0)
})

test('votes of Mastodon, Misskey and GoToSocial are counted, and are neither posts nor notifications', async (t) => {
  const { a, b, e, instance, vote, cast, counts } = await asked(t, { isMultiple: true })
  await cast(a, vote(a, 'yes'))
  await cast(a, vote(a, 'no', { content: null, published: new Date().toISOString() }))
  await cast(b, [vote(b, 'yes'), vote(b, 'perhaps cafe\u0301')])
  await cast(e, { ...vote(e, 'no'), id: undefined })
  assert.deepEqual(await counts(), [2, 2, 1, 3])
  assert.equal(await instance.ctx.db.$count(posts), 1)
  assert.equal(await instance.ctx.db.$count(notifications), 0)
})

test('a vote that shows nothing but an empty line, and mentions whom it answers, is a vote all the same, as snac writes it', async (t) => {
  const { a, alicePerson, instance, vote, cast, counts } = await asked(t)
  const tag = [{ type: 'Mention', href: alicePerson.account.uri, name: '@alice@skerry.test' }]
  await cast(a, vote(a, 'no', { content: '<br>', summary: '', tag }))
  assert.deepEqual(await counts(), [0, 1, 0, 1])
  assert.equal(await instance.ctx.db.$count(posts), 1)
  assert.equal(await instance.ctx.db.$count(notifications), 0)
})

test('a vote counts once, however often and in whatever order it comes', async (t) => {
  const { a, b, vote, cast, counts } = await asked(t)
  const first = vote(a, 'yes')
  await Promise.all([
    a.send(a.activity('Create', first)),
    a.send(a.activity('Create', vote(a, 'yes'))),
    a.send(a.activity('Create', first))
  ])
  await cast(a, vote(a, 'no'))
  await cast(a, first)
  assert.deepEqual(await counts(), [1, 0, 0, 1], 'one choice keeps the first')
  await cast(b, vote(b, 'Yes'))
  await cast(b, vote(b, 'yes '))
  await cast(b, vote(b, ''))
  assert.deepEqual(await counts(), [1, 0, 0, 1], 'to the byte')
  await cast(b, [vote(b, 'no'), vote(b, 'yes')])
  assert.deepEqual(await counts(), [1, 1, 0, 2])
})

test('nobody votes for somebody else, unseen, blocked, or too late', async (t) => {
  const { a, b, e, instance, vote, cast, counts, alicePerson, knowing } = await asked(t)
  assert.equal((await cast(e, vote(a, 'yes'))).status, 403)
  assert.equal((await cast(e, { ...vote(e, 'yes'), attributedTo: a.uri })).status, 403)
  assert.equal((await cast(e, [vote(e, 'yes'), { ...vote(e, 'no'), attributedTo: a.uri }])).status, 403)
  await knowing(b)
  assert.deepEqual(await counts(), [0, 0, 0, 0])
  const blocked = await findAccountByUri(instance.ctx.db, b.uri)
  assert.ok(blocked)
  await block(instance, alicePerson.account, blocked)
  assert.equal((await cast(b, vote(b, 'yes'))).status, 202)
  instance.clock.advance(2 * hourMs)
  assert.equal((await cast(a, vote(a, 'yes'))).status, 202)
  assert.deepEqual(await counts(), [0, 0, 0, 0])
})

test('a poll for followers takes no vote of others, and a vote in what is no poll of ours is passed over', async (t) => {
  const { a, instance, vote, cast, counts, alicePerson } = await asked(t, { visibility: 'followers' })
  assert.equal((await cast(a, vote(a, 'yes'))).status, 202)
  assert.deepEqual(await counts(), [0, 0, 0, 0])
  const plain = await publishPost(instance.ctx, alicePerson, { text: 'no question' })
  for (const inReplyTo of [plain.uri, 'https://b.test/notes/7', alicePerson.account.uri])
    assert.equal((await cast(a, vote(a, 'yes', { inReplyTo }))).status, 202)
  await instance.runJobs()
  assert.equal(await instance.ctx.db.$count(posts), 2)
  assert.equal(await instance.ctx.db.$count(pollVotes), 0)
  assert.equal((await instance.ctx.db.select().from(pollOptions)).length, 3)
  assert.equal(await instance.ctx.db.$count(polls, eq(polls.votersCount, 0)), 1)
  // A note that says something is an answer, whatever it is called.
  await cast(a, vote(a, 'a title', { content: '<p>a word</p>', to: [everybody], inReplyTo: plain.uri }))
  assert.equal(await instance.ctx.db.$count(posts), 3)
})
