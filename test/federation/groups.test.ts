import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { blocks } from '#db/schema/follows.ts'
import { announcedVotes, communityBans } from '#db/schema/groups.ts'
import { notifications } from '#db/schema/notifications.ts'
import { favourites, posts } from '#db/schema/posts.ts'
import { sweepCommunityBans } from '#server/follows/community-bans.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { favouritePost, unfavouritePost } from '#server/posts/favourite-post.ts'
import { profile } from '#server/timelines/profile.ts'
import { home } from '#server/timelines/home.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { everybody, type RemoteActor } from '#test/helpers/remote.ts'
import { whoIs } from '#test/helpers/who-is.ts'

/** Alice follows a community on the server of ben; ana and eve are elsewhere. */
async function startCommunity(t: TestContext) {
  const world = await startWorld(t)
  const { instance } = world
  const group = await world.servers.b.actor('tides', { type: 'Group' })
  const mod = await world.servers.b.actor('mod')
  await world.knowing(group, mod)
  const account = (await world.accountAt(group.uri))!
  const alice = await whoIs(instance, 'alice')
  const follow = await followAccount(instance.ctx, alice, { accountId: account.id })
  await instance.runJobs()
  await group.send(group.activity('Accept', follow.uri))
  world.servers.b.received.length = 0
  const announce = async (activity: unknown) => {
    const answer = await group.send(group.activity('Announce', activity, { to: [everybody], cc: [`${group.uri}/followers`] }))
    await instance.runJobs()
    return answer
  }
  const page = (author: RemoteActor, words: string, fields = {}) =>
    author.note(words, { type: 'Page', name: words, to: [group.uri, everybody], audience: group.uri, ...fields })
  const boostsOfGroup = async () =>
    (await instance.ctx.db.select().from(posts).where(eq(posts.authorId, account.id))).filter((row) => row.boostOfId !== null)
  return { world, instance, group, mod, account, alice, announce, page, boostsOfGroup }
}

const ccOf = (said: Record<string, unknown> | undefined) => (said?.cc ?? []) as string[]

test('what a group announces as a Create is read at its own server and shown as the group’s boost, on its profile too', async (t) => {
  const { world, instance, group, account, alice, announce, page, boostsOfGroup } = await startCommunity(t)
  const note = page(world.a, 'genuine')
  assert.equal((await announce(world.a.activity('Create', { ...note, content: '<p>forged</p>' }))).status, 202)
  const post = await world.postAt(note.id)
  assert.match(post?.html ?? '', /genuine/)
  assert.equal(post?.audienceUri, group.uri)
  assert.deepEqual(
    (await boostsOfGroup()).map((row) => row.boostOfId),
    [post?.id]
  )
  const shown = await profile(instance.ctx, alice.account.id, account.id, 'posts')
  assert.equal(shown.rows.length, 1)
  // Lemmy sends the plain Announce of the same page as well.
  await announce(note.id)
  assert.equal((await boostsOfGroup()).length, 1)
})

test('a post whose own server is down is not made of what the group embedded, not even of the group’s own server', async (t) => {
  const { world, announce, page } = await startCommunity(t)
  const note = page(world.b, 'forged')
  world.servers.b.documents.set(new URL(note.id).pathname, { status: 503 })
  await announce(world.b.activity('Create', note))
  assert.deepEqual(await world.saying('forged'), [])
})

test('an answer that a group announces belongs below what it answers and is no boost', async (t) => {
  const { world, announce, page, boostsOfGroup } = await startCommunity(t)
  const note = page(world.a, 'question')
  const answer = world.e.note('answer', { inReplyTo: note.id, to: [everybody], audience: undefined })
  await announce(world.e.activity('Create', answer))
  const [parent, child] = [await world.postAt(note.id), await world.postAt(answer.id)]
  assert.equal(child?.replyToId, parent?.id)
  assert.equal(child?.threadId, parent?.threadId)
  assert.deepEqual(await boostsOfGroup(), [])
})

test('an Update that a group announces is read at the origin; of the group itself, too', async (t) => {
  const { world, group, announce, page } = await startCommunity(t)
  const note = page(world.a, 'first')
  await announce(world.a.activity('Create', note))
  const changed = { ...note, content: '<p>second</p>', updated: new Date(world.instance.clock.now() + 1_000).toISOString() }
  world.servers.a.documents.set(new URL(note.id).pathname, changed)
  world.instance.clock.advance(2_000)
  await announce(world.a.activity('Update', { ...changed, content: '<p>forged</p>' }))
  assert.match((await world.postAt(note.id))?.html ?? '', /second/)
  group.document.name = 'Tides and currents'
  await announce(group.activity('Update', { ...group.document, name: 'forged' }))
  assert.equal((await world.accountAt(group.uri))?.displayName, 'Tides and currents')
})

for (const [what, answer, isGone] of [
  ['404', { status: 404 }, true],
  ['410', { status: 410 }, true],
  ['a Tombstone', 'tombstone', true],
  ['the post', undefined, false],
  ['503', { status: 503 }, false]
] as const) {
  test(`a Delete by a moderator, when the post’s own server answers ${what}: it is ${isGone ? 'gone' : 'left alone'}`, async (t) => {
    const { world, mod, announce, page } = await startCommunity(t)
    const note = page(world.a, 'disputed')
    await announce(world.a.activity('Create', note))
    const tombstone = { '@context': note['@context'], id: note.id, type: 'Tombstone' }
    if (answer !== undefined) world.servers.a.documents.set(new URL(note.id).pathname, answer === 'tombstone' ? tombstone : answer)
    await announce(mod.activity('Delete', note.id, { cc: [], summary: 'off topic' }))
    assert.equal((await world.postAt(note.id))?.deletedAt !== null, isGone)
  })
}

test('a Delete that a group announces touches neither our own posts nor what nobody here knows', async (t) => {
  const { world, instance, mod, announce } = await startCommunity(t)
  const post = await write(instance, 'alice', 'ours')
  await announce(mod.activity('Delete', post.uri))
  const before = world.fetches().length
  await announce(mod.activity('Delete', 'https://a.test/notes/unknown'))
  assert.equal((await world.postAt(post.uri))?.deletedAt, null)
  assert.equal(world.fetches().length, before)
})

test('votes that a group announces are counted once a voter, name nobody, fetch nothing and are taken back', async (t) => {
  const { world, instance, announce, page } = await startCommunity(t)
  const { a, e } = world
  const note = page(a, 'liked')
  await announce(a.activity('Create', note))
  const before = world.fetches().length
  const count = async () => (await world.postAt(note.id))?.favouritesCount
  const like = e.activity('Like', note.id)
  await announce(like)
  await announce(e.activity('Like', note.id))
  await announce({ ...like, actor: 'https://nobody.test/u/x', id: 'https://nobody.test/1' })
  await announce(e.activity('Dislike', note.id))
  assert.equal(await count(), 2)
  assert.equal(world.fetches().length, before)
  assert.deepEqual(await instance.ctx.db.select().from(favourites), [])
  assert.deepEqual(await instance.ctx.db.select().from(notifications).where(eq(notifications.kind, 'favourite')), [])
  assert.equal(await world.accountAt('https://nobody.test/u/x'), undefined)
  await announce(e.activity('Undo', like))
  await announce(e.activity('Undo', like))
  assert.equal(await count(), 1)
})

test('a vote told by the group and by the voter counts once, as the voter’s', async (t) => {
  const { world, instance, announce, page } = await startCommunity(t)
  const { a, e } = world
  const note = page(a, 'liked')
  await announce(a.activity('Create', note))
  await announce(e.activity('Like', note.id))
  await e.send(e.activity('Like', note.id))
  await announce(e.activity('Like', note.id))
  assert.equal((await world.postAt(note.id))?.favouritesCount, 1)
  assert.equal((await instance.ctx.db.select().from(favourites)).length, 1)
  assert.deepEqual(await instance.ctx.db.select().from(announcedVotes), [])
})

test('nobody counts votes on posts that are not in their community, nor as one of ours, nor as no group', async (t) => {
  const { world, instance, announce } = await startCommunity(t)
  const { a, e } = world
  const stranger = a.note('elsewhere')
  await a.send(a.activity('Create', stranger))
  const ours = await write(instance, 'alice', 'mine')
  await announce(e.activity('Like', stranger.id))
  await announce(e.activity('Like', ours.uri))
  const inGroup = await write(instance, 'alice', 'for @tides@b.test')
  await announce({ ...e.activity('Like', inGroup.uri), actor: world.alice.account.uri })
  await e.send(e.activity('Announce', a.activity('Like', inGroup.uri)))
  for (const uri of [stranger.id, ours.uri, inGroup.uri]) assert.equal((await world.postAt(uri))?.favouritesCount, 0, uri)
  await announce(a.activity('Like', inGroup.uri))
  assert.equal((await world.postAt(inGroup.uri))?.favouritesCount, 1)
})

test('an Announce in an Announce, a Flag, a Lock, an Add and a Follow in one do nothing', async (t) => {
  const { world, instance, group, announce, page } = await startCommunity(t)
  const { a } = world
  const note = page(a, 'nested')
  const before = world.fetches().length
  for (const inner of [
    group.activity('Announce', a.activity('Create', note)),
    a.activity('Announce', note.id),
    a.activity('Flag', [world.alice.account.uri]),
    a.activity('Lock', note.id),
    a.activity('Add', note.id, { target: `${group.uri}/featured` }),
    a.activity('Follow', world.alice.account.uri),
    { type: 'Create', object: note }
  ]) {
    assert.equal((await announce(inner)).status, 202)
  }
  assert.deepEqual(await world.saying('nested'), [])
  assert.equal(world.fetches().length, before)
  assert.equal((await instance.ctx.db.select().from(posts)).length, 0)
})

test('a community that keeps alice out parts no people: she is told until when, and nothing of hers goes there', async (t) => {
  const { world, instance, group, mod, account, announce, alice, page } = await startCommunity(t)
  const note = page(world.a, 'question')
  await announce(world.a.activity('Create', note))
  const question = (await world.postAt(note.id))!
  const until = new Date(instance.clock.now() + 3_600_000).toISOString()
  const block = mod.activity('Block', world.alice.account.uri, { target: group.uri, endTime: until, summary: 'spam', removeData: true })
  await announce(block)
  assert.deepEqual(await instance.ctx.db.select().from(blocks), [])
  const profilePage = await world.alice.page('/@tides@b.test')
  assert.match(profilePage, /keeps you out until/)
  assert.match(profilePage, /spam/)
  assert.match(await world.alice.page('/notifications'), /keeps you out/)

  world.servers.b.received.length = 0
  await write(instance, 'alice', 'kept from them', 'public', { replyToId: question.id })
  await favouritePost(instance.ctx, alice, { postId: question.id })
  await instance.runJobs()
  assert.deepEqual(world.servers.b.received, [])
  assert.ok(world.servers.a.received.length > 0)

  await announce(mod.activity('Undo', block))
  await write(instance, 'alice', 'let in again', 'public', { replyToId: question.id })
  await instance.runJobs()
  assert.equal(world.servers.b.received.length, 1)
  assert.doesNotMatch(await world.alice.page('/@tides@b.test'), /keeps you out/)
  assert.equal((await instance.ctx.db.select().from(communityBans).where(eq(communityBans.groupId, account.id))).length, 0)
})

test('whoever has nothing to do with a group hears nothing of it, though its profile tells', async (t) => {
  const { world, instance, group, mod, announce } = await startCommunity(t)
  const bob = await instance.as('bob')
  await announce(mod.activity('Block', bob.account.uri, { target: group.uri, summary: 'buy our soap' }))
  assert.deepEqual(await instance.ctx.db.select().from(notifications).where(eq(notifications.kind, 'community-ban')), [])
  assert.match(await bob.page('/@tides@b.test'), /keeps you out/)
  assert.doesNotMatch(await world.alice.page('/@tides@b.test'), /keeps you out/)
})

test('a ban ends by itself', async (t) => {
  const { world, instance, group, mod, announce } = await startCommunity(t)
  const until = new Date(instance.clock.now() + 3_600_000).toISOString()
  await announce(mod.activity('Block', world.alice.account.uri, { target: group.uri, endTime: until }))
  assert.equal((await instance.ctx.db.select().from(communityBans)).length, 1)
  instance.clock.advance(3_700_000)
  await sweepCommunityBans(instance.ctx)
  assert.deepEqual(await instance.ctx.db.select().from(communityBans), [])
  assert.deepEqual(await instance.ctx.db.select().from(notifications).where(eq(notifications.kind, 'community-ban')), [])
})

test('only a community, or its own server, keeps anybody out of it; a Block with a target is never one between people', async (t) => {
  const { world, instance, group, mod } = await startCommunity(t)
  const { e } = world
  await e.send(e.activity('Block', world.alice.account.uri, { target: group.uri }))
  await e.send(e.activity('Announce', mod.activity('Block', world.alice.account.uri, { target: group.uri })))
  const other = await world.servers.e.actor('other', { type: 'Group' })
  await other.send(other.activity('Announce', mod.activity('Block', world.alice.account.uri, { target: group.uri })))
  await e.send(e.activity('Block', world.alice.account.uri, { target: 'https://e.test/' }))
  assert.deepEqual(await instance.ctx.db.select().from(communityBans), [])
  const block = mod.activity('Block', world.alice.account.uri, { target: group.uri })
  await mod.send(block)
  assert.equal((await instance.ctx.db.select().from(communityBans)).length, 1)
  await e.send(e.activity('Undo', block.id))
  assert.equal((await instance.ctx.db.select().from(communityBans)).length, 1)
  await mod.send(mod.activity('Undo', block))
  assert.deepEqual(await instance.ctx.db.select().from(communityBans), [])
  await group.send(group.activity('Block', world.alice.account.uri))
  assert.equal((await instance.ctx.db.select().from(communityBans)).length, 1)
  assert.deepEqual(await instance.ctx.db.select().from(blocks), [])
  await e.send(e.activity('Block', world.alice.account.uri))
  assert.equal((await instance.ctx.db.select().from(blocks)).length, 1)
})

test('our answers to posts in a community carry it in cc and audience and go there, as do votes and deletes', async (t) => {
  const { world, instance, group, alice, announce, page } = await startCommunity(t)
  const note = page(world.a, 'question')
  await announce(world.a.activity('Create', note))
  // An answer from elsewhere, which says nothing of the community.
  const between = world.e.note('between', { inReplyTo: note.id })
  await world.e.send(world.e.activity('Create', between))
  const { id } = (await world.postAt(between.id))!
  const reply = await write(instance, 'alice', 'well', 'public', { replyToId: id })
  await favouritePost(instance.ctx, alice, { postId: id })
  await instance.runJobs()
  await unfavouritePost(instance.ctx, alice, { postId: id })
  await world.alice.submit(`/posts/${reply.id}/delete`)
  await instance.runJobs()
  const received = world.servers.b.received.map((one) => one.activity)
  assert.deepEqual(received.map((each) => each.type).sort(), ['Create', 'Delete', 'Like', 'Undo'])
  const [create, like, undo, gone] = ['Create', 'Like', 'Undo', 'Delete'].map((type) => received.find((each) => each.type === type)!)
  const object = create?.object as Record<string, unknown>
  assert.ok(ccOf(object).includes(group.uri))
  assert.ok(ccOf(create).includes(group.uri))
  assert.equal(object.audience, group.uri)
  assert.equal(create?.audience, group.uri)
  assert.deepEqual(like?.to, [world.e.uri, group.uri])
  assert.equal(like?.audience, group.uri)
  assert.equal((undo!.object as Record<string, unknown>).audience, group.uri)
  assert.equal(gone?.audience, group.uri)
  assert.ok(ccOf(gone).includes(group.uri))
})

test('a post that mentions a group goes to it and is in it; one for followers is not', async (t) => {
  const { world, instance, group } = await startCommunity(t)
  await write(instance, 'alice', 'Look, @tides@b.test')
  await write(instance, 'alice', 'Only us, @tides@b.test', 'followers')
  await instance.runJobs()
  const objects = world.servers.b.received.map((one) => one.activity.object as Record<string, unknown>)
  const [open, closed] = ['Look', 'Only'].map((word) => objects.find((object) => String(object.content).includes(word)))
  assert.equal(open?.audience, group.uri)
  assert.ok(ccOf(open).includes(group.uri))
  assert.equal(closed?.audience, undefined)
})

test('a post of somebody alice follows, announced by the group as well, stands once in her home', async (t) => {
  const { world, instance, alice, announce, page } = await startCommunity(t)
  await world.knowing(world.a)
  const ana = (await world.accountAt(world.a.uri))!
  const follow = await followAccount(instance.ctx, alice, { accountId: ana.id })
  await instance.runJobs()
  await world.a.send(world.a.activity('Accept', follow.uri))
  const note = page(world.a, 'twice')
  await world.a.send(world.a.activity('Create', note))
  await announce(world.a.activity('Create', note))
  const whole = await home(instance.ctx, alice.account.id)
  assert.equal(whole.rows.length, 1)
  const first = await home(instance.ctx, alice.account.id, { limit: 1 })
  const second = await home(instance.ctx, alice.account.id, { limit: 1, beforeId: first.olderCursor ?? 0 })
  assert.equal(first.rows.length + second.rows.length, 1)
  assert.equal((await instance.ctx.db.select().from(accounts).where(eq(accounts.id, ana.id))).length, 1)
})
