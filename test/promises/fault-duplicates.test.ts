import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq, sql } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { notifications } from '#db/schema/notifications.ts'
import { favourites, posts } from '#db/schema/posts.ts'
import { write } from '#test/federation/acts.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { everybody, remote } from '#test/helpers/remote.ts'

const copies = 50

test(`${copies} copies at once of a post, a like, a boost and a follow have one effect each`, async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const alice = (await instance.as('alice')).account
  const server = await remote(t, instance, 'a.test')
  const ana = await server.actor('ana')
  const post = await write(instance, 'alice', 'Like this.')
  const note = ana.note('Hello <a href="https://skerry.test/@alice">@alice</a>', {
    cc: [alice.uri],
    tag: [{ type: 'Mention', href: alice.uri, name: '@alice' }]
  })
  const acts = [
    ana.activity('Follow', alice.uri),
    ana.activity('Create', note),
    ana.activity('Like', post.uri),
    ana.activity('Announce', post.uri, { to: [everybody] })
  ]
  // Half of them are the very same bytes, half signed anew, as a peer does that tries again.
  const signed = acts.map((act) => ana.sign(act))
  const sends = Array.from({ length: copies }, (_, copy) =>
    acts.map((act, place) => (copy % 2 === 0 ? server.post(signed[place]!) : ana.send(act)))
  ).flat()
  const statuses = (await Promise.all(sends)).map(({ status }) => status)
  assert.deepEqual(
    statuses.filter((status) => status !== 202),
    []
  )
  await instance.runJobs()

  assert.equal(await ctx.db.$count(accounts, eq(accounts.uri, ana.uri)), 1)
  assert.equal(await ctx.db.$count(follows), 1)
  assert.equal(await ctx.db.$count(favourites), 1)
  assert.equal(await ctx.db.$count(posts, eq(posts.isLocal, false)), 2)
  const [liked] = await ctx.db.select().from(posts).where(eq(posts.id, post.id))
  assert.deepEqual([liked?.favouritesCount, liked?.boostsCount], [1, 1])
  const [followed] = await ctx.db.select().from(accounts).where(eq(accounts.id, alice.id))
  assert.equal(followed?.followersCount, 1)
  const told = await ctx.db
    .select({ kind: notifications.kind, count: sql`count(*)`.mapWith(Number) })
    .from(notifications)
    .groupBy(notifications.kind)
    .orderBy(notifications.kind)
  assert.deepEqual(
    told,
    ['boost', 'favourite', 'follow', 'mention'].map((kind) => ({ kind, count: 1 }))
  )
  // Copies of the Follow that were signed anew may each be accepted: the follower may have lost the first answer.
  const answers = server.received.filter(({ activity }) => activity.type !== 'Create')
  assert.ok(answers.length >= 1 && answers.every(({ activity }) => activity.type === 'Accept'))
})
