import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { blocks, follows } from '#db/schema/follows.ts'
import { jobs } from '#db/schema/jobs.ts'
import { media } from '#db/schema/media.ts'
import { reportPosts, reports } from '#db/schema/moderation.ts'
import { notifications } from '#db/schema/notifications.ts'
import { favourites, postAudience, posts, postVersions } from '#db/schema/posts.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { everybody } from '#test/helpers/remote.ts'

const rowsOf = {
  follows: (world: World) => world.instance.ctx.db.select().from(follows),
  notifications: (world: World) => world.instance.ctx.db.select().from(notifications)
}

/** Has alice follow ben, as far as the follow is asked for. */
async function askToFollow(world: World) {
  await world.knowing(world.b)
  const ben = await world.accountAt(world.b.uri)
  const uri = `${world.alice.account.uri}#follows/1`
  await world.instance.ctx.transact(async (tx) => {
    await tx
      .insert(follows)
      .values({ id: tx.newId(), followerId: world.alice.account.id, followedId: ben?.id ?? 0, state: 'pending', uri, createdAt: tx.now })
  })
  return { type: 'Follow', id: uri, actor: world.alice.account.uri, object: world.b.uri }
}

test('somebody nobody knew follows alice, is sent an Accept, and is counted once however often they ask', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const follow = a.activity('Follow', world.alice.account.uri)
  assert.equal((await a.send(follow)).status, 202)
  await world.instance.runJobs()
  assert.equal((await rowsOf.follows(world))[0]?.state, 'accepted')
  assert.deepEqual(
    world.servers.a.received.map(({ path, activity }) => [path, activity.type, (activity.object as { id: string }).id]),
    [['/users/ana/inbox', 'Accept', follow.id]]
  )
  world.instance.clock.advance(1000)
  await a.send(a.activity('Follow', world.alice.account.uri))
  await world.instance.runJobs()
  assert.equal(world.servers.a.received.length, 2)
  assert.equal((await world.accountAt(world.alice.account.uri))?.followersCount, 1)
  assert.equal((await rowsOf.notifications(world)).length, 1)
})

test('Follow, Undo and Follow under one id leave one follow', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const follow = a.activity('Follow', world.alice.account.uri)
  await a.send(follow)
  await a.send(a.activity('Undo', { ...follow }))
  assert.equal((await rowsOf.follows(world)).length, 0)
  assert.equal((await world.accountAt(world.alice.account.uri))?.followersCount, 0)
  world.instance.clock.advance(1000)
  await a.send(follow)
  assert.equal((await rowsOf.follows(world)).length, 1)
  assert.equal((await world.accountAt(world.alice.account.uri))?.followersCount, 1)
})

test("an Accept of alice's follow counts only from the one she asked, in whatever shape", async (t) => {
  const shapes: ((follow: Record<string, unknown>) => unknown)[] = [
    (follow) => follow,
    (follow) => follow.id,
    ({ id: _, ...parts }) => parts,
    (follow) => ({ ...follow, id: 'https://b.test/unknown' })
  ]
  for (const shape of shapes) {
    const world = await startWorld(t)
    const follow = await askToFollow(world)
    await world.a.send(world.a.activity('Accept', shape(follow)))
    assert.equal((await rowsOf.follows(world))[0]?.state, 'pending')
    assert.equal((await world.b.send(world.b.activity('Accept', shape(follow), { id: undefined }))).status, 202)
    assert.equal((await rowsOf.follows(world))[0]?.state, 'accepted')
    assert.equal((await world.accountAt(world.b.uri))?.followersCount, 1)
  }
})

test('a Reject ends a follow, accepted or not', async (t) => {
  const world = await startWorld(t)
  const follow = await askToFollow(world)
  await world.b.send(world.b.activity('Accept', follow))
  await world.b.send(world.b.activity('Reject', follow))
  assert.deepEqual(await rowsOf.follows(world), [])
  assert.equal((await world.accountAt(world.b.uri))?.followersCount, 0)
})

test('a note comes in with its picture, its mention and its place in the thread, and is shown', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const parent = await write(world.instance, 'alice', 'a question')
  const note = a.note('an answer to @alice', {
    inReplyTo: parent.uri,
    tag: [
      { type: 'Mention', href: world.alice.account.uri, name: '@alice@skerry.test' },
      { type: 'Hashtag', name: '#Tag' }
    ],
    attachment: [{ type: 'Document', mediaType: 'image/png', url: 'https://a.test/1.png', name: 'A picture' }],
    summary: 'warning',
    sensitive: true
  })
  assert.equal((await a.send(a.activity('Create', note))).status, 202)
  const post = await world.postAt(note.id)
  assert.deepEqual([post?.replyToId, post?.warning, post?.visibility], [parent.id, 'warning', 'public'])
  assert.equal((await world.postAt(parent.uri))?.repliesCount, 1)
  assert.deepEqual(
    (await rowsOf.notifications(world)).map((row) => row.kind),
    ['mention']
  )
  const [picture] = await world.instance.ctx.db
    .select()
    .from(media)
    .where(eq(media.postId, post?.id ?? 0))
  assert.equal(picture?.alt, 'A picture')
  assert.match(await world.alice.page(`/@alice/${parent.id}`), /an answer to/)
})

test('whoever is addressed without a mention, and the owner of the inbox, may see a direct note silently', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  await world.instance.as('carol')
  const addressed = a.note('addressed', { to: [world.alice.account.uri], cc: [] })
  await a.send(a.activity('Create', addressed))
  const delivered = a.note('delivered', { to: ['https://b.test/users/ben'], cc: [] })
  await a.send(a.activity('Create', delivered), { to: '/@carol/inbox' })
  const audience = await world.instance.ctx.db.select().from(postAudience)
  assert.deepEqual(
    audience.map((row) => row.kind),
    ['silent', 'silent']
  )
  assert.equal((await rowsOf.notifications(world)).length, 0)
})

test('an activity for everybody makes no note public that says whom it is for; one that says nothing is what its activity is', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  await world.knowing(a)
  const narrow = a.note('for alice', { to: [world.alice.account.uri], cc: [] })
  await a.send(a.activity('Create', narrow, { to: [everybody], cc: [] }))
  const silent = a.note('says nothing', { to: [], cc: [] })
  await a.send(a.activity('Create', silent, { to: [everybody], cc: [] }))
  const rows = await world.instance.ctx.db.select({ uri: posts.uri, visibility: posts.visibility }).from(posts)
  assert.deepEqual(Object.fromEntries(rows.map((row) => [row.uri, row.visibility])), { [narrow.id]: 'direct', [silent.id]: 'public' })
})

test('the parents of a note are read from their own servers, up to the root', async (t) => {
  const world = await startWorld(t)
  const { a, b } = world
  const root = b.note('the root')
  const middle = b.note('the middle', { inReplyTo: root.id })
  const leaf = a.note('the leaf', { inReplyTo: middle.id })
  await a.send(a.activity('Create', leaf))
  await world.instance.runJobs()
  const [first, second, third] = [await world.postAt(root.id), await world.postAt(middle.id), await world.postAt(leaf.id)]
  assert.deepEqual([second?.replyToId, third?.replyToId], [first?.id, second?.id])
  assert.equal(third?.threadId, first?.id)
})

test('an edit keeps the state before, and a delete leaves a tombstone that no late Create revives', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const note = a.note('first words')
  const create = a.activity('Create', note)
  await a.send(create)
  world.instance.clock.advance(60_000)
  await a.send(
    a.activity('Update', { ...note, content: '<p>second words</p>', updated: new Date(world.instance.clock.now()).toISOString() })
  )
  assert.match((await world.postAt(note.id))?.html ?? '', /second words/)
  assert.equal((await world.instance.ctx.db.select().from(postVersions)).length, 1)
  await a.send(a.activity('Delete', { type: 'Tombstone', id: note.id }))
  await a.send({ ...create, id: 'https://a.test/late' })
  const post = await world.postAt(note.id)
  assert.notEqual(post?.deletedAt, null)
  assert.equal(post?.html, '')
})

test('edits of a server whose clock is ahead keep their order, and a date far ahead shuts out none after it', async (t) => {
  const world = await startWorld(t)
  const { a, instance } = world
  await world.knowing(a)
  const note = a.note('first')
  await a.send(a.activity('Create', note))
  const edit = (content: string, aheadMs: number) =>
    a.send(a.activity('Update', { ...note, content, updated: new Date(instance.clock.now() + aheadMs).toISOString() }))
  await edit('<p>third</p>', 6_000)
  await edit('<p>second</p>', 5_000)
  assert.equal((await world.postAt(note.id))?.html, '<p>third</p>')
  await edit('<p>in a hundred years</p>', 100 * 365 * 24 * 3_600_000)
  instance.clock.advance(15 * 60_000)
  await edit('<p>after all</p>', 0)
  assert.equal((await world.postAt(note.id))?.html, '<p>after all</p>')
})

test('an activity in long spellings is what it is in short ones', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  await world.knowing(a)
  const as = 'https://www.w3.org/ns/activitystreams#'
  const prefixed = a.note('with prefixes')
  const create = a.activity('Create', { ...prefixed, type: 'as:Note' })
  assert.equal((await a.send({ ...create, type: 'as:Create' })).status, 202)
  const id = `${a.uri}/notes/expanded`
  const expanded = {
    '@id': `${id}#create`,
    '@type': [`${as}Create`],
    [`${as}actor`]: [{ '@id': a.uri }],
    [`${as}object`]: [
      {
        '@id': id,
        '@type': [`${as}Note`],
        [`${as}attributedTo`]: [{ '@id': a.uri }],
        [`${as}to`]: [{ '@id': everybody }],
        [`${as}content`]: [{ '@value': '<p>expanded</p>' }]
      }
    ]
  }
  assert.equal((await a.send(expanded)).status, 202)
  assert.match((await world.postAt(prefixed.id))?.html ?? '', /with prefixes/)
  assert.equal((await world.postAt(id))?.html, '<p>expanded</p>')
  const ofTwo = await a.send({ ...a.activity('Like', prefixed.id), [`${as}actor`]: world.b.uri })
  assert.equal(ofTwo.status, 400, 'one who speaks by two names')
})

test('a Delete that overtakes its Create wins', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const note = a.note('never to be seen')
  await world.knowing(a)
  await a.send(a.activity('Delete', note.id))
  await a.send(a.activity('Create', note))
  assert.deepEqual(await world.saying('never'), [])
})

test('a like and its Undo, by embedded Like or by its id; a Like with a heart is one, with what is no emoji too', async (t) => {
  const world = await startWorld(t)
  const { a, b } = world
  const post = await write(world.instance, 'alice', 'liked')
  const count = async () => (await world.postAt(post.uri))?.favouritesCount
  const like = a.activity('Like', post.uri)
  await a.send(like)
  await a.send(a.activity('Like', post.uri, { content: '❤' }))
  await b.send(b.activity('Like', post.uri, { _misskey_reaction: 'pudding' }))
  assert.equal(await count(), 2)
  await a.send(a.activity('Undo', like.id))
  assert.equal(await count(), 1)
  await b.send(b.activity('Undo', { type: 'Like', actor: b.uri, object: post.uri }, { id: undefined }))
  assert.deepEqual(await world.instance.ctx.db.select().from(favourites), [])
})

test('a boost of ours is counted; one of a post nobody knew fetches it first', async (t) => {
  const world = await startWorld(t)
  const { a, b } = world
  const ours = await write(world.instance, 'alice', 'ours')
  const theirs = b.note('theirs')
  const announce = a.activity('Announce', ours.uri)
  await a.send(announce)
  await a.send(a.activity('Announce', theirs.id))
  await world.instance.runJobs()
  assert.equal((await world.postAt(ours.uri))?.boostsCount, 1)
  const post = await world.postAt(theirs.id)
  assert.equal(post?.boostsCount, 1)
  assert.equal(post?.authorId, (await world.accountAt(b.uri))?.id)
  await a.send(a.activity('Undo', { ...announce }))
  assert.equal((await world.postAt(ours.uri))?.boostsCount, 0)
})

test('a followers-only post is boosted by nobody else', async (t) => {
  const world = await startWorld(t)
  const post = await write(world.instance, 'alice', 'for a circle', 'followers')
  await world.a.send(world.a.activity('Announce', post.uri))
  assert.equal((await world.postAt(post.uri))?.boostsCount, 0)
})

test('an actor changes its profile, and new keys in it are read from its server', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  await a.send(a.activity('Create', a.note('hello')))
  const old = a.keys
  a.document.name = 'Ana Anew'
  a.document.summary = '<p>hi<script>alert(1)</script></p>'
  await a.send(a.activity('Update', a.document))
  const ana = await world.accountAt(a.uri)
  assert.equal(ana?.displayName, 'Ana Anew')
  assert.doesNotMatch(ana?.bioHtml ?? '', /script/)
  await a.rotateKeys()
  assert.equal((await a.send(a.activity('Update', a.document), { privatePem: old.privatePem })).status, 202)
  await world.instance.runJobs()
  const before = world.fetches().length
  assert.equal((await a.send(a.activity('Create', a.note('new keys')))).status, 202)
  assert.equal(world.fetches().length, before)
})

test('an actor that deletes itself is gone with all it wrote, and its name is not used again', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  await a.send(a.activity('Follow', world.alice.account.uri))
  await a.send(a.activity('Create', a.note('to be gone')))
  assert.equal((await a.send(a.activity('Delete', a.uri))).status, 202)
  assert.equal((await world.instance.guest().get('/@ana@a.test')).statusCode >= 400, true)
  await world.instance.runJobs()
  assert.deepEqual(await rowsOf.follows(world), [])
  assert.deepEqual(
    (await world.instance.ctx.db.select().from(posts)).map((row) => row.html),
    ['']
  )
  assert.equal((await world.accountAt(world.alice.account.uri))?.followersCount, 0)
  assert.equal((await a.send(a.activity('Create', a.note('back again')))).status, 401)
})

test('a Block ends follows both ways, and its Undo lifts it', async (t) => {
  const world = await startWorld(t)
  const { b } = world
  const follow = await askToFollow(world)
  await b.send(b.activity('Accept', follow))
  await b.send(b.activity('Follow', world.alice.account.uri))
  const block = b.activity('Block', world.alice.account.uri)
  await b.send(block)
  assert.deepEqual(await rowsOf.follows(world), [])
  assert.equal((await world.instance.ctx.db.select().from(blocks)).length, 1)
  await b.send(b.activity('Undo', { ...block }))
  assert.deepEqual(await world.instance.ctx.db.select().from(blocks), [])
})

test('a Flag files a report with copies of our posts, and keeps the address of what nobody here knows', async (t) => {
  const world = await startWorld(t)
  const { b } = world
  const post = await write(world.instance, 'alice', 'reported')
  await b.send(b.activity('Flag', [world.alice.account.uri, post.uri, 'https://a.test/notes/1'], { content: 'rude' }))
  const [report] = await world.instance.ctx.db.select().from(reports)
  assert.deepEqual([report?.targetId, report?.comment], [world.alice.account.id, 'rude\n\nhttps://a.test/notes/1'])
  assert.match((await world.instance.ctx.db.select().from(reportPosts))[0]?.copy.html ?? '', /reported/)
})

test('what nothing here follows from is answered 202, and nobody is asked anything because of it', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const post = await write(world.instance, 'alice', 'a post')
  const ignored = ['Dislike', 'View', 'Read', 'Listen', 'Join', 'Leave', 'Invite', 'CacheFile', 'Lock', 'Warn']
  for (const type of ignored) assert.equal((await a.send(a.activity(type, post.uri))).status, 202, type)
  assert.deepEqual(world.fetches(), [])
  const left: [string, unknown][] = [
    ['Arrive', post.uri],
    ['EmojiReact', post.uri],
    ['Create', { type: 'Note', id: 'https://a.test/votes/1', attributedTo: a.uri, name: 'yes', inReplyTo: post.uri }]
  ]
  for (const [type, object] of left) assert.equal((await a.send(a.activity(type, object))).status, 202, type)
  assert.equal((await world.instance.ctx.db.select().from(posts)).length, 1)
})

test('articles, questions, videos and events come in with what they are called', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const told: Record<string, unknown>[] = [
    { type: 'Article', name: 'A title' },
    { type: 'Page', name: 'A title' },
    { type: 'Event', name: 'A title' },
    { type: 'Video', name: 'A title', mediaType: 'text/markdown', content: 'plain **text**' },
    {
      type: 'Question',
      oneOf: [
        { type: 'Note', name: 'this' },
        { type: 'Note', name: 'that' }
      ]
    }
  ]
  for (const fields of told) {
    const note = a.note('words', fields)
    assert.equal((await a.send(a.activity('Create', note))).status, 202)
    const post = await world.postAt(note.id)
    assert.equal(post?.type, fields.type)
    assert.equal(post?.title ?? undefined, fields.name)
  }
})

test('twenty at once of the same request, and of the same thing in other requests, have their effect once', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const note = a.note('once only', { tag: [{ type: 'Mention', href: world.alice.account.uri, name: '@alice' }] })
  const create = a.activity('Create', note)
  const follow = a.activity('Follow', world.alice.account.uri)
  const same = Array.from({ length: 20 }, () => a.sign(create))
  const other = Array.from({ length: 20 }, (_, at) =>
    a.sign({ ...create, id: `${create.id}-${at}` }, { to: at % 2 ? '/inbox' : '/@alice/inbox' })
  )
  const follows = Array.from({ length: 10 }, (_, at) => a.sign({ ...follow, id: `${follow.id}-${at}` }))
  const answers = await Promise.all([...same, ...other, ...follows].map((signed) => world.servers.a.post(signed)))
  assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [202])
  assert.equal((await world.saying('once only')).length, 1)
  assert.equal((await rowsOf.follows(world)).length, 1)
  assert.deepEqual((await rowsOf.notifications(world)).map((row) => row.kind).sort(), ['follow', 'mention'])
  assert.equal((await world.accountAt(world.alice.account.uri))?.followersCount, 1)
  assert.equal(world.fetches().filter((url) => url === a.uri).length, 1)
})

test('a boosted post whose server is down is asked for again later, and let go in the end', async (t) => {
  const world = await startWorld(t)
  const { a, b } = world
  const theirs = b.note('theirs')
  world.servers.b.documents.set(new URL(theirs.id).pathname, { status: 503 })
  await a.send(a.activity('Announce', theirs.id))
  const waiting = () => world.instance.ctx.db.select().from(jobs)
  for (let turn = 0; turn < 8; turn += 1) {
    await world.instance.runJobs()
    world.instance.clock.advance(2 * 60 * 60_000)
  }
  assert.deepEqual(
    (await waiting()).filter((job) => job.kind === 'fetch-boosted'),
    []
  )
  world.servers.b.documents.set(new URL(theirs.id).pathname, theirs)
  await a.send(a.activity('Announce', theirs.id))
  await world.instance.runJobs()
  assert.equal((await world.postAt(theirs.id))?.boostsCount, 1)
})

test('an actor we hear from is read again once its profile is a week old', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  await a.send(a.activity('Create', a.note('hello')))
  a.document.name = 'Ana Anew'
  world.instance.clock.advance(8 * 24 * 60 * 60_000)
  await a.send(a.activity('Create', a.note('hello again')))
  await world.instance.runJobs()
  assert.equal((await world.accountAt(a.uri))?.displayName, 'Ana Anew')
})
