import assert from 'node:assert/strict'
import { test } from 'node:test'
import { and, eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { favourites, posts } from '#db/schema/posts.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { unfollowAccount } from '#server/follows/unfollow-account.ts'
import { boostPost } from '#server/posts/boost-post.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { favouritePost } from '#server/posts/favourite-post.ts'
import { write } from '#test/federation/acts.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

async function settle(...instances: Instance[]) {
  for (let round = 0; round < 3; round += 1) for (const instance of instances) await instance.runJobs()
}

async function postAt(instance: Instance, uri: string) {
  const [row] = await instance.ctx.db.select().from(posts).where(eq(posts.uri, uri))
  return row
}

test('two instances follow, write, answer, boost, favourite, edit and delete across each other', async (t) => {
  const red = await startInstance(t, { origin: 'https://red.test' })
  const blue = await startInstance(t, { origin: 'https://blue.test', handleDomain: 'island.test', network: red.network })
  // The handle domain is served by the same process, as a proxy would have it.
  red.network.add('island.test', red.network.portOf('blue.test') ?? 0)
  const ana = await whoIs(red, 'ana')
  const ben = await whoIs(blue, 'ben')

  const found = await red.ctx.fediverse.resolve('@ben@island.test')
  assert.equal(found.kind, 'account')
  const benAtRed = found.kind === 'account' ? found.accountId : 0
  const follow = await followAccount(red.ctx, ana, { accountId: benAtRed })
  assert.equal(follow.state, 'pending')
  await settle(red, blue)
  const [row] = await red.ctx.db.select().from(accounts).where(eq(accounts.id, benAtRed))
  assert.deepEqual([row?.name, row?.domain, row?.followersCount], ['ben', 'island.test', 1])
  const [benHere] = await blue.ctx.db.select().from(accounts).where(eq(accounts.id, ben.account.id))
  assert.equal(benHere?.followersCount, 1)

  const post = await write(blue, 'ben', 'hello @ana@red.test #Island', 'followers')
  await settle(blue, red)
  const received = await postAt(red, post.uri)
  assert.equal(received?.visibility, 'followers')
  assert.match(received?.html ?? '', /hello/)

  const open = await write(blue, 'ben', 'pass me on')
  await settle(blue, red)
  const openAtRed = await postAt(red, open.uri)
  assert.ok(openAtRed)
  const reply = await write(red, 'ana', 'gladly', 'public', { replyToId: openAtRed.id })
  const boost = (await boostPost(red.ctx, ana, { postId: openAtRed.id }))!
  await favouritePost(red.ctx, ana, { postId: openAtRed.id })
  await settle(red, blue)
  assert.equal((await postAt(blue, reply.uri))?.replyToId, open.id)
  assert.equal((await postAt(blue, boost.uri))?.boostOfId, open.id)
  const fans = await blue.ctx.db.select().from(favourites).where(eq(favourites.postId, open.id))
  assert.equal(fans.length, 1)

  await editPost(blue.ctx, ben, { postId: open.id, text: 'pass me on, please', language: 'en' })
  await settle(blue, red)
  assert.match((await postAt(red, open.uri))?.html ?? '', /please/)
  await deletePost(blue.ctx, ben, { postId: open.id })
  await settle(blue, red)
  assert.notEqual((await postAt(red, open.uri))?.deletedAt, null)

  await unfollowAccount(red.ctx, ana, { accountId: benAtRed })
  await settle(red, blue)
  const [after] = await blue.ctx.db
    .select()
    .from(accounts)
    .where(and(eq(accounts.id, ben.account.id)))
  assert.equal(after?.followersCount, 0)
  assert.deepEqual(
    [...red.logged, ...blue.logged].filter((line) => Number(line.level) >= 50),
    []
  )
})
