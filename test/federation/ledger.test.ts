import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { reach, reachMisses } from '#db/schema/reach.ts'
import { follows } from '#db/schema/follows.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { write } from '#test/federation/acts.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

async function withFollowers(t: TestContext, hosts: string[]) {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const who = await whoIs(instance, 'ana')
  const peers = await Promise.all(hosts.map((host) => startPeer(t, instance, host)))
  for (const peer of peers) await peer.follows(await peer.account('fan'), who.account)
  const page = async (id: number) => textOf(await ana.page(`/@ana/${id}`))
  return { instance, ctx: instance.ctx, ana, who, peers, page }
}

test('A person sees how many servers have a post, which wait for it and which did not take it', async (t) => {
  const { instance, ctx, who, peers, page } = await withFollowers(t, ['a.test', 'b.test', 'c.test'])
  const [, slow, gone] = peers
  slow!.answer = () => ({ status: 503 })
  gone!.answer = () => ({ status: 410 })
  // Long enough after its people were read that their being there is doubted.
  instance.clock.advance(60_000)
  const post = await write(instance, 'ana', 'to whom it may concern')
  await instance.runJobs()
  const read = await page(post.id)
  assert.match(read, /1 other server has this, on its way to 1/)
  slow!.answer = () => ({ status: 202 })
  instance.clock.advance(10 * 60_000)
  await instance.runJobs()
  assert.match(await page(post.id), /2 other servers have this/)
  await editPost(ctx, who, { postId: post.id, text: 'to everybody', warning: '', isSensitive: false })
  await instance.runJobs()
  assert.match(await page(post.id), /2 other servers have this/, 'an edit adds nobody')
  const bob = await instance.as('bob')
  assert.doesNotMatch(textOf(await bob.page(`/@ana/${post.id}`)), /servers have this/, 'others are not told')
})

test('A Delete follows the ledger to servers whose followers have left since', async (t) => {
  const { instance, ctx, who, peers } = await withFollowers(t, ['a.test', 'b.test'])
  const post = await write(instance, 'ana', 'said and regretted')
  await instance.runJobs()
  await ctx.transact((tx) => tx.delete(follows).where(eq(follows.followedId, who.account.id)))
  await deletePost(ctx, who, { postId: post.id })
  await instance.runJobs()
  for (const peer of peers) assert.equal(peer.posts.at(-1)?.json.type, 'Delete', peer.host)
  assert.equal(await ctx.db.$count(reach), 0)
  assert.equal(await ctx.db.$count(reachMisses), 0)
})
