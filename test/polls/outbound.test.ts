import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { notifications } from '#db/schema/notifications.ts'
import { follows } from '#db/schema/follows.ts'
import { pollVotes } from '#db/schema/polls.ts'
import { posts } from '#db/schema/posts.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { findPoll } from '#server/polls/find-poll.ts'
import { voteInPoll } from '#server/polls/vote-in-poll.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'
import { whoIs } from '#test/helpers/who-is.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

async function settle(...instances: Instance[]) {
  for (let round = 0; round < 4; round += 1) for (const instance of instances) await instance.runJobs()
}

async function countsAt({ ctx }: Instance, uri: string) {
  const post = await findPostByUri(ctx.db, uri)
  const poll = post && (await findPoll(ctx.db, post.id))
  return poll && [...poll.options.map((option) => option.votesCount), poll.votersCount]
}

test('a poll goes out as a Question, and its counts as Updates that are no edits, at most one in three minutes', async (t) => {
  const instance = await startInstance(t)
  const alice = await whoIs(instance, 'alice')
  const voters = [await whoIs(instance, 'bo'), await whoIs(instance, 'cy'), await whoIs(instance, 'dan')]
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice.account)
  const poll = { options: ['yes', 'no'], isMultiple: false, lastsS: 3_600 }
  const post = await publishPost(instance.ctx, alice, { text: 'shall we?', poll })
  await instance.runJobs()
  const { object } = near.posts[0]!.json
  const endTime = new Date((await findPoll(instance.ctx.db, post.id))?.endsAt ?? 0).toISOString()
  assert.equal(object.type, 'Question')
  assert.equal(object.content, '<p>shall we?</p>')
  assert.equal(object.endTime, endTime)
  assert.equal(object.votersCount, 0)
  assert.equal(object.closed, undefined)
  assert.deepEqual(object.oneOf, [
    { type: 'Note', name: 'yes', replies: { type: 'Collection', totalItems: 0 } },
    { type: 'Note', name: 'no', replies: { type: 'Collection', totalItems: 0 } }
  ])
  assert.equal(object.anyOf, undefined)
  assert.match(JSON.stringify(near.posts[0]?.json['@context']), /"votersCount":"toot:votersCount"/)

  await voteInPoll(instance.ctx, voters[0]!, { postId: post.id, choices: [0] })
  await instance.runJobs()
  assert.equal(near.posts.length, 1, 'not at once')
  await voteInPoll(instance.ctx, voters[1]!, { postId: post.id, choices: [0] })
  instance.clock.advance(3 * minuteMs + 1_000)
  await settle(instance)
  assert.equal(near.posts.length, 2)
  const told = near.posts[1]!.json
  assert.equal(told.type, 'Update')
  assert.match(told.id, /#counts-\d+$/)
  assert.deepEqual([told.object.oneOf[0].replies.totalItems, told.object.votersCount, told.object.updated], [2, 2, undefined])
  instance.clock.advance(10 * minuteMs)
  await settle(instance)
  assert.equal(near.posts.length, 2, 'nothing changed, nothing is said')

  await voteInPoll(instance.ctx, voters[2]!, { postId: post.id, choices: [1] })
  instance.clock.advance(hourMs)
  await settle(instance)
  const last = near.posts.at(-1)!.json
  assert.equal(last.object.closed, endTime)
  assert.equal(last.object.votersCount, 3)
  assert.equal(near.posts.filter(({ json }) => json.object.closed !== undefined).length, 1)
  const served = await instance.app.inject({
    url: `/@alice/${post.id}`,
    headers: { host: 'skerry.test', accept: 'application/activity+json' }
  })
  assert.deepEqual([served.json().type, served.json().closed, served.json().votersCount], ['Question', endTime, 3])
})

test('of several choices it is anyOf, and an edit says so', async (t) => {
  const instance = await startInstance(t)
  const alice = await whoIs(instance, 'alice')
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice.account)
  const poll = { options: ['yes', 'no'], isMultiple: true, lastsS: 3_600 }
  const post = await publishPost(instance.ctx, alice, { text: 'shall we?', poll })
  await editPost(instance.ctx, alice, { postId: post.id, text: 'shall we?', poll: { options: ['aye', 'no'], isMultiple: true } })
  await instance.runJobs()
  const update = near.posts.find(({ json }) => json.type === 'Update')?.json
  assert.deepEqual(
    update?.object.anyOf.map((each: { name: string }) => each.name),
    ['aye', 'no']
  )
  assert.ok(update?.object.updated)
})

/** A poll on a server of another kind, known here, and ana who reads it. */
async function farPoll(t: TestContext) {
  const instance = await startInstance(t)
  const ana = await whoIs(instance, 'ana')
  const far = await remote(t, instance, 'far.test')
  const ben = await far.actor('ben')
  const option = (name: string, totalItems: number) => ({ type: 'Note', name, replies: { type: 'Collection', totalItems } })
  const note = ben.note('which?', {
    type: 'Question',
    endTime: new Date(instance.clock.now() + hourMs).toISOString(),
    anyOf: [option('  red\u200b ', 0), option('blue', 4)],
    votersCount: 4
  })
  await ben.send(ben.activity('Create', note))
  const post = await findPostByUri(instance.ctx.db, note.id)
  assert.ok(post)
  return { instance, ana, far, ben, note, post, option }
}

function idIn(activity: unknown): string {
  return (activity as { id: string }).id
}

test('a vote in a poll elsewhere goes to its author alone, a Note for each choice that repeats the option to the byte', async (t) => {
  const { instance, ana, far, ben, note, post } = await farPoll(t)
  await voteInPoll(instance.ctx, ana, { postId: post.id, choices: [0, 1] })
  assert.deepEqual(await countsAt(instance, note.id), [1, 5, 5], 'counted here at once')
  await settle(instance)
  const votes = await instance.ctx.db.select().from(pollVotes).orderBy(pollVotes.id)
  assert.deepEqual(
    // They go side by side.
    far.received.map(({ path, activity }) => [path, activity]).sort(([, one], [, other]) => (idIn(one) < idIn(other) ? -1 : 1)),
    votes.map((vote, index) => {
      const published = new Date(vote.createdAt).toISOString()
      const id = `https://skerry.test/@ana#vote-${vote.id}`
      return [
        '/users/ben/inbox',
        {
          '@context': 'https://www.w3.org/ns/activitystreams',
          id: `${id}-create`,
          type: 'Create',
          actor: 'https://skerry.test/@ana',
          published,
          to: [ben.uri],
          object: {
            id,
            type: 'Note',
            attributedTo: 'https://skerry.test/@ana',
            to: [ben.uri],
            inReplyTo: note.id,
            name: index === 0 ? '  red\u200b ' : 'blue',
            published
          }
        }
      ]
    })
  )
})

test('a poll elsewhere that ended in silence is read once more, and whoever voted is told', async (t) => {
  const { instance, ana, far, note, post, option } = await farPoll(t)
  await voteInPoll(instance.ctx, ana, { postId: post.id, choices: [1] })
  await settle(instance)
  Object.assign(note, { anyOf: [option('  red\u200b ', 10), option('blue', 20)], votersCount: 25, closed: note.endTime })
  instance.clock.advance(hourMs + 10 * minuteMs)
  await settle(instance)
  assert.deepEqual(await countsAt(instance, note.id), [10, 20, 25])
  const asked = () => far.requests.filter((line) => line === `GET ${new URL(note.id).pathname}`).length
  assert.equal(asked(), 1)
  const told = await instance.ctx.db.select().from(notifications).where(eq(notifications.kind, 'poll'))
  assert.deepEqual(
    told.map((each) => each.accountId),
    [ana.account.id]
  )
  instance.clock.advance(24 * hourMs)
  await settle(instance)
  assert.equal(asked(), 1)
})

test('a poll elsewhere whose server tells its end is not asked for', async (t) => {
  const { instance, ana, far, ben, note, post, option } = await farPoll(t)
  await voteInPoll(instance.ctx, ana, { postId: post.id, choices: [1] })
  instance.clock.advance(hourMs + minuteMs)
  const end = { ...note, anyOf: [option('  red\u200b ', 1), option('blue', 2)], votersCount: 3, closed: note.endTime }
  await ben.send(ben.activity('Update', end))
  instance.clock.advance(hourMs)
  await settle(instance)
  assert.deepEqual(await countsAt(instance, note.id), [1, 2, 3])
  assert.equal(far.requests.includes(`GET ${new URL(note.id).pathname}`), false)
  assert.equal(await instance.ctx.db.$count(notifications, eq(notifications.kind, 'poll')), 1)
})

test('two instances ask, vote, count, close and delete across each other', async (t) => {
  const red = await startInstance(t, { origin: 'https://red.test' })
  const blue = await startInstance(t, { origin: 'https://blue.test', network: red.network })
  const ana = await whoIs(red, 'ana')
  const [ben, cleo] = [await whoIs(blue, 'ben'), await whoIs(blue, 'cleo')]
  const poll = { options: ['in the café', 'at home'], isMultiple: true, lastsS: 3_600 }
  const post = await publishPost(red.ctx, ana, { text: 'where?', visibility: 'public', poll })
  const found = await blue.ctx.fediverse.resolve(post.uri)
  assert.equal(found.kind, 'post')
  const here = await findPostByUri(blue.ctx.db, post.uri)
  assert.ok(here)
  assert.equal(here.html, '<p>where?</p>')
  await voteInPoll(blue.ctx, ben, { postId: here.id, choices: [0, 1] })
  await voteInPoll(blue.ctx, cleo, { postId: here.id, choices: [0] })
  await settle(blue, red)
  assert.deepEqual(await countsAt(red, post.uri), [2, 1, 2])
  assert.equal(await red.ctx.db.$count(posts), 1)
  assert.equal(await red.ctx.db.$count(notifications), 0)
  assert.equal(await red.ctx.db.$count(follows), 0)

  await voteInPoll(red.ctx, await whoIs(red, 'dan'), { postId: post.id, choices: [1] })
  for (const instance of [red, blue]) instance.clock.advance(4 * minuteMs)
  await settle(red, blue)
  assert.deepEqual(await countsAt(blue, post.uri), [2, 2, 3], 'whoever voted hears the counts, followers or not')

  for (const instance of [red, blue]) instance.clock.advance(hourMs)
  await settle(red, blue)
  assert.notEqual((await findPoll(blue.ctx.db, here.id))?.closedAt, null)
  assert.equal(await blue.ctx.db.$count(notifications, eq(notifications.kind, 'poll')), 2)
  assert.equal(await red.ctx.db.$count(notifications, eq(notifications.kind, 'poll')), 2)

  await deletePost(red.ctx, ana, { postId: post.id })
  await settle(red, blue)
  assert.notEqual((await findPostByUri(blue.ctx.db, post.uri))?.deletedAt, null, 'a Delete reaches who voted')
  assert.equal(await blue.ctx.db.$count(pollVotes), 0)
  assert.deepEqual(
    [...red.logged, ...blue.logged].filter((line) => Number(line.level) >= 50),
    []
  )
})
