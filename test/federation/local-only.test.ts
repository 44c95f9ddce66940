import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { and, eq, isNotNull } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { activities, deliveries } from '#db/schema/peers.ts'
import { notifications } from '#db/schema/notifications.ts'
import { postAudience, postMentions, posts } from '#db/schema/posts.ts'
import type { Visibility } from '#db/schema/posts.ts'
import { Refusal } from '#server/errors.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { boostPost, unboostPost } from '#server/posts/boost-post.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { favouritePost } from '#server/posts/favourite-post.ts'
import { pinPost } from '#server/posts/pin-post.ts'
import { type NewPost, preparePost } from '#server/posts/prepare-post.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { signedGet } from '#test/web/crawler/viewers.ts'
import { asPeer, wholeCollection } from '#test/web/looks.ts'

const visibilities: Visibility[] = ['public', 'unlisted', 'followers', 'direct']

/** Ben of b.test follows alice, and so does carol, who lives here. */
async function start(t: TestContext) {
  const world = await startWorld(t)
  const { instance, alice, b } = world
  const { ctx } = instance
  const carol = await instance.as('carol')
  await followAccount(ctx, await whoIs(instance, 'carol'), { accountId: alice.account.id })
  await b.send(b.activity('Follow', alice.account.uri))
  await instance.runJobs()
  const write = async (name: string, input: NewPost) => publishPost(ctx, await whoIs(instance, name), { isLocalOnly: true, ...input })
  /** What b.test and anybody else was sent from here on. */
  const sentBefore = world.servers.b.received.length
  const sent = () => world.servers.b.received.slice(sentBefore).map(({ activity }) => activity)
  return { ...world, ctx, carol, write, sent, guest: instance.guest() }
}

const pathOf = (uri: string) => new URL(uri).pathname

test('a local-only post of any visibility, its edit, its boost, its poll and its end go nowhere', async (t) => {
  const { instance, ctx, write, sent, b } = await start(t)
  const alice = await whoIs(instance, 'alice')
  for (const visibility of visibilities) {
    const post = await write('alice', {
      text: `@carol @${b.handle} stays #here`,
      visibility,
      poll: { options: ['a', 'b'], isMultiple: false, lastsS: 3_600 }
    })
    assert.equal(post.isLocalOnly, true)
    await editPost(ctx, alice, { postId: post.id, text: `@carol @${b.handle} still stays` })
    if (visibility === 'public') {
      await boostPost(ctx, await whoIs(instance, 'carol'), { postId: post.id })
      await favouritePost(ctx, await whoIs(instance, 'carol'), { postId: post.id })
      await instance.runJobs()
      await unboostPost(ctx, await whoIs(instance, 'carol'), { postId: post.id })
      await boostPost(ctx, alice, { postId: post.id })
    }
    await instance.runJobs()
    instance.clock.advance(2 * 3_600_000)
    await instance.runJobs()
    await deletePost(ctx, alice, { postId: post.id })
    await instance.runJobs()
  }
  assert.deepEqual(sent(), [])
  assert.equal(await ctx.db.$count(deliveries), 0)
  assert.equal(await ctx.db.$count(activities), 0)
})

test('people here see a local-only post as its visibility says; nobody else does, however they ask', async (t) => {
  const { instance, ctx, write, guest, carol, b, alice } = await start(t)
  for (const visibility of visibilities) {
    const post = await write('alice', { text: `@carol @${b.handle} MARK-${visibility} #island`, visibility })
    const path = pathOf(post.uri)
    assert.match((await carol.get(path)).body, new RegExp(`MARK-${visibility}`))
    assert.equal((await guest.get(path)).statusCode, 404, visibility)
    assert.equal((await guest.get(path, asPeer)).statusCode, 404, visibility)
    for (const suffix of ['', '/replies', '/likes', '/shares', '/context']) {
      const answer = await guest.get(path + suffix, signedGet(instance, path + suffix, b))
      assert.equal(answer.statusCode, 404, `${visibility}${suffix}`)
    }
    await deletePost(ctx, await whoIs(instance, 'alice'), { postId: post.id })
    // Not even that there was something is told.
    for (const headers of [{}, asPeer, signedGet(instance, path, b)]) assert.equal((await guest.get(path, headers)).statusCode, 404)
  }
  await write('alice', { text: 'MARK-open #island' })
  for (const path of ['/@alice', '/local', '/federated', '/tags/island', '/search?q=island', '/']) {
    assert.doesNotMatch((await guest.get(path)).body, /MARK-/, path)
  }
  for (const path of ['/@alice/outbox', '/@alice/featured']) assert.doesNotMatch(await wholeCollection(guest, path), /MARK/)
  assert.equal((await guest.get('/@alice/outbox', asPeer)).json().totalItems, 0)
  const [row] = await ctx.db.select({ postsCount: accounts.postsCount }).from(accounts).where(eq(accounts.id, alice.account.id))
  assert.equal(row?.postsCount, 0)
  assert.match((await carol.get('/local')).body, /MARK-open/)
  assert.match((await carol.get('/local')).body, /Only on this server/)
})

test('nobody elsewhere who is mentioned is told, or stands among those it is for', async (t) => {
  const { ctx, write, b, carol } = await start(t)
  const post = await write('alice', { text: `@carol and @${b.handle} hello` })
  const [ben] = await ctx.db.select().from(accounts).where(eq(accounts.uri, b.uri))
  for (const table of [postAudience, postMentions])
    assert.equal(await ctx.db.$count(table, and(eq(table.postId, post.id), eq(table.accountId, ben!.id))), 0)
  assert.equal(await ctx.db.$count(notifications, and(eq(notifications.postId, post.id), eq(notifications.accountId, carol.account.id))), 1)
  const direct = write('alice', { text: `@${b.handle} only you`, visibility: 'direct' })
  await assert.rejects(direct, (error) => error instanceof Refusal && error.key === 'errors.localOnlyToNobody')
})

test('what answers, boosts or quotes a local-only post is local-only, whatever was chosen', async (t) => {
  const { instance, ctx, write, sent } = await start(t)
  const post = await write('alice', { text: 'stays' })
  const carol = await whoIs(instance, 'carol')
  const reply = await publishPost(ctx, carol, { text: 'an answer', replyToId: post.id })
  const further = await publishPost(ctx, await whoIs(instance, 'alice'), { text: 'and back', replyToId: reply.id })
  const quote = await publishPost(ctx, carol, { text: 'a quote', quoteId: post.id })
  const boost = await boostPost(ctx, carol, { postId: post.id })
  const part = await preparePost(ctx, carol, { text: 'goes on' }, await preparePost(ctx, carol, { text: 'begins', isLocalOnly: true }))
  assert.deepEqual(
    [reply, further, quote, boost, part].map((one) => one?.isLocalOnly),
    [true, true, true, true, true]
  )
  await instance.runJobs()
  assert.deepEqual(sent(), [])
  await assert.rejects(pinPost(ctx, await whoIs(instance, 'alice'), { postId: post.id }), Refusal)
})

test('whoever guesses its address from elsewhere can neither like, boost, react to, vote in, quote nor answer it', async (t) => {
  const { instance, ctx, write, b, carol } = await start(t)
  const poll = { options: ['a', 'b'], isMultiple: false, lastsS: 3_600 }
  const post = await write('alice', { text: `@${b.handle} guess me`, poll })
  const reply = b.note('an answer from elsewhere', { inReplyTo: post.uri })
  const quote = b.note('a quote from elsewhere', { quote: post.uri, quoteUrl: post.uri })
  const vote = b.note('', { name: 'a', inReplyTo: post.uri, to: [post.uri] })
  for (const activity of [
    b.activity('Like', post.uri),
    b.activity('Announce', post.uri),
    b.activity('EmojiReact', post.uri, { content: '👍' }),
    b.activity('Create', reply),
    b.activity('Create', quote),
    b.activity('Create', vote),
    b.activity('QuoteRequest', post.uri, { instrument: quote }),
    b.activity('Flag', [post.uri])
  ])
    assert.ok((await b.send(activity)).status < 500)
  await instance.runJobs()
  const [row] = await ctx.db.select().from(posts).where(eq(posts.id, post.id))
  assert.deepEqual([row?.favouritesCount, row?.boostsCount, row?.repliesCount], [0, 0, 0])
  assert.equal(await ctx.db.$count(posts, and(eq(posts.replyToId, post.id), isNotNull(posts.replyToId))), 0)
  const page = (await carol.get(pathOf(post.uri))).body
  assert.doesNotMatch(page, /an answer from elsewhere/)
  assert.match(page, /0 votes|No votes|nobody/i)
})

test('a local-only post asks nobody elsewhere: what would have to be agreed to there is refused', async (t) => {
  const { instance, ctx, write, b } = await start(t)
  const note = b.note('ask me first', {
    interactionPolicy: {
      canReply: { manualApproval: ['https://www.w3.org/ns/activitystreams#Public'] },
      canQuote: { automaticApproval: ['https://www.w3.org/ns/activitystreams#Public'] }
    }
  })
  await b.send(b.activity('Create', note))
  await instance.runJobs()
  const [remote] = await ctx.db.select().from(posts).where(eq(posts.uri, note.id))
  const refusedAs = (key: string) => (error: unknown) => error instanceof Refusal && error.key === key
  await assert.rejects(write('alice', { text: 'psst', replyToId: remote!.id }), refusedAs('errors.localOnlyReplyAsks'))
  await assert.rejects(write('alice', { text: 'look', quoteId: remote!.id }), refusedAs('errors.localOnlyQuoteAsks'))
})
