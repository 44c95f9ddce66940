import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { followAccount } from '#server/follows/follow-account.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { createNetwork } from '#test/helpers/network.ts'
import { whoIs } from '#test/helpers/who-is.ts'

async function startTwo(t: TestContext) {
  const network = createNetwork()
  const red = await startInstance(t, { origin: 'https://red.test', network })
  const blue = await startInstance(t, { origin: 'https://blue.test', network })
  /** Lets both work until neither has anything left that is due. */
  const settle = async () => {
    for (let round = 0; round < 4; round++) for (const each of [red, blue]) await each.runJobs()
  }
  return { red, blue, settle }
}

/** Bob of blue follows ana of red, accepted. */
async function startFollowing(t: TestContext) {
  const two = await startTwo(t)
  const ana = await two.red.as('ana')
  const bob = await two.blue.as('bob')
  const found = await two.blue.ctx.fediverse.resolve('@ana@red.test')
  assert.equal(found.kind, 'account')
  const anaAtBlue = found.kind === 'account' ? found.accountId : 0
  await followAccount(two.blue.ctx, await whoIs(two.blue, 'bob'), { accountId: anaAtBlue })
  await two.settle()
  return { ...two, ana, bob, anaAtBlue }
}

test('a follow across two instances is asked for, accepted, and brings posts home', async (t) => {
  const { ana, bob, settle } = await startFollowing(t)
  await ana.submit('/posts', { text: 'The tide is in.', visibility: 'public' })
  await ana.submit('/posts', { text: 'For my followers: low water at six.', visibility: 'followers', warning: 'tides' })
  await settle()
  const home = textOf(await bob.page('/home'))
  assert.match(home, /The tide is in\./)
  assert.match(home, /low water at six/)
  assert.match(home, /@ana@red\.test/)
})

test('replies, favourites, boosts, edits and deletes travel both ways', async (t) => {
  const { ana, bob, settle, red } = await startFollowing(t)
  await ana.submit('/posts', { text: 'Who comes rowing?', visibility: 'public' })
  await settle()
  const atBlue = /id="post-(\d+)"/.exec(await bob.page('/home'))![1]!
  await bob.submit(`/posts/${atBlue}/favourite`)
  await bob.submit(`/posts/${atBlue}/boost`)
  await bob.submit('/posts', { text: '@ana@red.test I do!', visibility: 'public', replyTo: atBlue })
  await settle()
  const { posts } = await import('#db/schema/posts.ts')
  const { eq } = await import('drizzle-orm')
  const [original] = await red.ctx.db.select().from(posts).where(eq(posts.source, 'Who comes rowing?'))
  assert.deepEqual([original!.favouritesCount, original!.boostsCount, original!.repliesCount], [1, 1, 1])
  assert.match(textOf(await ana.page(`/@ana/${original!.id}`)), /I do!/)

  await ana.submit(`/posts/${original!.id}/edit`, { text: 'Who comes rowing at eight?' })
  await settle()
  assert.match(textOf(await bob.page('/home')), /rowing at eight/)

  await ana.submit(`/posts/${original!.id}/delete`)
  await settle()
  assert.doesNotMatch(textOf(await bob.page('/home')), /rowing/)
  const [gone] = await red.ctx.db.select().from(posts).where(eq(posts.id, original!.id))
  assert.ok(gone!.deletedAt)
})

test('a direct post reaches the person it mentions and nobody else', async (t) => {
  const { ana, bob, settle, blue } = await startFollowing(t)
  const carl = await blue.as('carl')
  await ana.submit('/posts', { text: '@bob@blue.test between us', visibility: 'direct' })
  await settle()
  assert.match(textOf(await bob.page('/home')) + textOf(await bob.page('/notifications')), /between us/)
  for (const path of ['/home', '/local', '/federated']) assert.doesNotMatch(textOf(await carl.page(path)), /between us/)
})
