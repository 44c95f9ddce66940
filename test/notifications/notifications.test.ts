import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { notifications } from '#db/schema/notifications.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Person } from '#server/accounts/who.ts'
import { record } from '#server/facts.ts'
import { countUnread } from '#server/notifications/count-unread.ts'
import { listNotifications } from '#server/notifications/list.ts'
import { markNotificationsRead } from '#server/notifications/mark-read.ts'
import { boostPost } from '#server/posts/boost-post.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { favouritePost } from '#server/posts/favourite-post.ts'
import { createWorld } from '#test/posts/world.ts'

async function start(t: TestContext) {
  const world = await createWorld(t)
  const ana = await world.person('ana')
  const ben = await world.person('ben')
  const rita = await world.remote('rita')
  const told = async (who: Person = ana) =>
    (await listNotifications(world.ctx, who)).groups
      .flat()
      .map(({ row, from, post }) => `${from.name} ${row.kind} ${post?.post.source ?? post?.post.html ?? ''}`.trim())
  return { ...world, ana, ben, rita, told }
}

test('mentions, favourites, boosts and follows are told, newest first', async (t) => {
  const { ctx, ana, ben, rita, told, publish, receive, follow } = await start(t)
  const post = await publish(ana, 'hello')
  await publish(ben, '@ana hi')
  await receive(rita, 'remote', { mentionIds: [ana.account.id] })
  await favouritePost(ctx, ben, { postId: post.id })
  await boostPost(ctx, ben, { postId: post.id })
  const followId = await follow(rita, ana.account)
  await ctx.transact((tx) => record(tx, 'follow-received', { followId, isRepeated: false }))
  assert.deepEqual(await told(), [
    'rita follow',
    'ben boost hello',
    'ben favourite hello',
    'rita mention <p>remote</p>',
    'ben mention @ana hi'
  ])
  assert.deepEqual(await told(ben), [])
})

test('a request gives way to the follow, and both to the end of it', async (t) => {
  const { ctx, ana, rita, told, follow } = await start(t)
  const followId = await follow(rita, ana.account, { state: 'pending' })
  await ctx.transact((tx) => record(tx, 'follow-received', { followId, isRepeated: false }))
  assert.deepEqual(await told(), ['rita follow-request'])
  await ctx.transact(async (tx) => {
    await tx.update(follows).set({ state: 'accepted' }).where(eq(follows.id, followId))
    await record(tx, 'follow-accepted', { followId })
  })
  assert.deepEqual(await told(), ['rita follow'])
  await ctx.transact((tx) => record(tx, 'follow-undone', { followerId: rita.id, followedId: ana.account.id, followUri: '' }))
  assert.deepEqual(await told(), [])
})

test('nobody is told of the blocked, the muted, or the silenced they do not follow', async (t) => {
  const { ctx, ana, ben, rita, told, publish, receive, remote, follow, block, mute } = await start(t)
  const sam = await remote('sam')
  const quiet = await remote('quiet')
  await block(ana.account, ben.account)
  await mute(ana.account, rita)
  await ctx.transact((tx) => tx.update(accounts).set({ silencedAt: 1 }).where(eq(accounts.name, 'quiet')))
  await publish(ben, '@ana hi')
  for (const author of [rita, sam, quiet]) await receive(author, `from-${author.name}`, { mentionIds: [ana.account.id] })
  assert.deepEqual(await told(), ['sam mention <p>from-sam</p>'])
  assert.equal(
    await ctx.db.$count(notifications),
    2,
    'what blocks and mutes keep away does not come up once they are lifted; who is silenced waits apart'
  )
  await follow(ana.account, quiet)
  await receive(quiet, 'again', { mentionIds: [ana.account.id] })
  assert.deepEqual(await told(), ['quiet mention <p>again</p>', 'quiet mention <p>from-quiet</p>', 'sam mention <p>from-sam</p>'])
})

test('what may not be seen any more is not shown, and comes back when it may', async (t) => {
  const { ctx, ana, ben, rita, told, publish, receive, follow } = await start(t)
  const followId = await follow(rita, ana.account)
  await ctx.transact((tx) => record(tx, 'follow-received', { followId, isRepeated: false }))
  await receive(rita, 'hi', { mentionIds: [ana.account.id] })
  const post = await publish(ben, '@ana hi')
  await ctx.transact((tx) => tx.update(accounts).set({ suspendedAt: 1 }).where(eq(accounts.id, rita.id)))
  assert.deepEqual(await told(), ['ben mention @ana hi'])
  await deletePost(ctx, ben, { postId: post.id })
  assert.deepEqual(await told(), [])
  await ctx.transact((tx) => tx.update(accounts).set({ suspendedAt: null }).where(eq(accounts.id, rita.id)))
  assert.deepEqual(await told(), ['rita mention <p>hi</p>', 'rita follow'])
})

test('what is new is counted until it is read, and pages go back in time', async (t) => {
  const { ctx, ana, ben, publish } = await start(t)
  for (let at = 0; at < 5; at++) await publish(ben, `@ana ${at}`)
  const fresh = async (): Promise<Person> => {
    const [user] = await ctx.db.select().from(users).where(eq(users.accountId, ana.account.id))
    return { ...ana, user: user as Person['user'] }
  }
  assert.equal(await countUnread(ctx, await fresh()), 5)
  const first = await listNotifications(ctx, ana, { limit: 2 })
  const second = await listNotifications(ctx, ana, { limit: 3, beforeId: first.olderCursor })
  assert.deepEqual(
    [...first.groups, ...second.groups].flat().map(({ post }) => post?.post.source),
    ['@ana 4', '@ana 3', '@ana 2', '@ana 1', '@ana 0']
  )
  assert.equal(second.olderCursor, undefined)
  await markNotificationsRead(ctx, ana, { upToId: second.groups[0]?.[0]?.row.id ?? 0 })
  assert.equal(await countUnread(ctx, await fresh()), 2)
  await markNotificationsRead(ctx, ana, { upToId: 1 })
  assert.equal(await countUnread(ctx, await fresh()), 2, 'what was read stays read')
})
