import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { and, eq } from 'drizzle-orm'
import { follows } from '#db/schema/follows.ts'
import { media, mediaFiles } from '#db/schema/media.ts'
import { auditEntries } from '#db/schema/moderation.ts'
import { pollVotes } from '#db/schema/polls.ts'
import { posts } from '#db/schema/posts.ts'
import { interactions, quotes } from '#db/schema/quotes.ts'
import { reactions } from '#db/schema/reactions.ts'
import { retentionPasses } from '#db/schema/retention.ts'
import { retentionLimits } from '#server/retention/limits.ts'
import { sweepRetention } from '#server/retention/start-pass.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import type { Account } from '#server/accounts/who.ts'
import { addRemoteAccount, write } from '#test/web/world.ts'

const dayMs = 24 * 60 * 60_000

async function harbour(t: TestContext) {
  const instance = await startInstance(t)
  const { ctx } = instance
  const ana = await instance.as('ana')
  const stranger = await addRemoteAccount(instance, 'stranger', 'far.test')
  const friend = await addRemoteAccount(instance, 'friend', 'near.test')
  let count = 0
  /** A post of a remote author that came so many days ago. */
  const post = (author: Account, daysAgo: number, fields: Partial<typeof posts.$inferInsert> = {}) =>
    ctx.transact(async (tx) => {
      const at = tx.now - daysAgo * dayMs
      const id = tx.newId(at)
      const uri = `${author.uri}/notes/${++count}`
      const row = {
        id,
        uri,
        authorId: author.id,
        threadId: id,
        visibility: 'public' as const,
        isLocal: false,
        html: `<p>words ${count}</p>`
      }
      await tx.insert(posts).values({ ...row, createdAt: at, receivedAt: at, ...fields })
      return id
    })
  const sweep = async () => {
    await sweepRetention(ctx)
    await instance.runJobs()
  }
  const isKept = async (id: number) => (await ctx.db.$count(posts, eq(posts.id, id))) === 1
  return { instance, ctx, ana, stranger, friend, post, sweep, isKept }
}

test('What strangers sent goes after its days, and nothing that somebody here touched', async (t) => {
  const { ctx, instance, ana, stranger, friend, post, sweep, isKept } = await harbour(t)
  await ana.submit(`/accounts/${friend.id}/follow`)
  await instance.runJobs()
  await ctx.transact((tx) => tx.update(follows).set({ state: 'accepted' }).where(eq(follows.followedId, friend.id)))
  const old = await post(stranger, 120)
  const boost = await post(friend, 100, { boostOfId: old })
  const fresh = await post(stranger, 20)
  const fromFriend = await post(friend, 400)
  const lateButOld = await post(stranger, 300, { receivedAt: instance.clock.now() - 2 * dayMs })
  const child = await post(stranger, 30, { replyToUri: 'https://far.test/lost', replyToId: old })
  const touched: Record<string, number> = {}
  for (const way of ['favourite', 'bookmark', 'boost']) {
    touched[way] = await post(stranger, 120)
    await ana.submit(`/posts/${touched[way]}/${way}`)
  }
  touched.answered = await post(stranger, 120)
  await write(ana, { text: 'an answer', replyTo: String(touched.answered) })
  const above = await post(stranger, 120)
  await ctx.transact((tx) => tx.update(posts).set({ threadId: above }).where(eq(posts.threadId, touched.answered!)))
  touched.reported = await post(stranger, 120)
  await ana.submit(`/posts/${touched.reported}/report`, { comment: 'spam', category: 'spam', postIds: [String(touched.reported)] })

  for (const way of ['reaction', 'vote', 'quoted', 'quoting', 'asked']) touched[way] = await post(stranger, 120)
  const quotesOld = await post(friend, 100, { isQuote: true })
  await ctx.transact(async (tx) => {
    const me = { accountId: ana.account.id, createdAt: tx.now }
    await tx.insert(reactions).values({ ...me, id: tx.newId(), postId: touched.reaction!, emoji: '🎉' })
    await tx.insert(pollVotes).values({ ...me, id: tx.newId(), postId: touched.vote!, position: 0 })
    const [own] = await tx.select().from(posts).where(eq(posts.authorId, ana.account.id)).limit(1)
    const quote = { quotedUri: 'https://far.test/quoted', state: 'accepted' as const, createdAt: tx.now }
    await tx.insert(quotes).values({ ...quote, postId: own!.id, quotedId: touched.quoted! })
    await tx.insert(quotes).values({ ...quote, postId: touched.quoting!, quotedId: own!.id })
    await tx.insert(quotes).values({ ...quote, postId: quotesOld, quotedId: old })
    const asked = { kind: 'like' as const, targetId: touched.asked!, fromId: ana.account.id, objectUri: 'https://us.test/like' }
    await tx.insert(interactions).values({ ...asked, id: tx.newId(), state: 'pending', createdAt: tx.now })
  })

  await sweep()
  assert.equal(await isKept(old), false, 'an old post of a stranger is gone')
  const [quote] = await ctx.db.select().from(quotes).where(eq(quotes.postId, quotesOld))
  assert.deepEqual([quote?.quotedId, quote?.quotedUri], [null, 'https://far.test/quoted'], 'whoever quotes it keeps its address alone')
  assert.equal(await isKept(boost), false, 'and its boosts')
  assert.equal(await isKept(fresh), true)
  assert.equal(await isKept(fromFriend), true, 'people who are followed are kept by default')
  assert.equal(await isKept(lateButOld), true, 'what came lately is not old, whenever it was written')
  for (const [way, id] of Object.entries(touched)) assert.equal(await isKept(id), true, way)
  assert.equal(await isKept(above), true, 'a thread in which somebody here wrote is kept whole')
  const [orphan] = await ctx.db.select().from(posts).where(eq(posts.id, child))
  assert.equal(orphan?.replyToId, null)
  assert.equal(orphan?.replyToUri, 'https://far.test/lost', 'a reply keeps the address of its parent')
})

test('Beyond a number of posts the oldest untouched ones go, in many small steps', async (t) => {
  const { ctx, ana, instance, stranger, post, sweep, isKept } = await harbour(t)
  const first = await post(stranger, 60)
  const kept = await post(stranger, 59)
  await ana.submit(`/posts/${kept}/bookmark`)
  await ctx.transact(async (tx) => {
    for (let at = 0; at < 1_100; at++) {
      const id = tx.newId(tx.now - 50 * dayMs + at * 60_000)
      const row = {
        id,
        uri: `https://far.test/n/${at}`,
        authorId: stranger.id,
        threadId: id,
        visibility: 'public' as const,
        isLocal: false
      }
      await tx.insert(posts).values({ ...row, createdAt: tx.now })
    }
  })
  const boss = await instance.as('boss', { role: 'admin' })
  await boss.submit('/admin/retention', {
    strangerPostDays: '0',
    followedPostDays: '0',
    remotePostsMax: '1000',
    pictureDays: '0',
    strangerAccountDays: '0'
  })
  await sweep()
  assert.equal(await ctx.db.$count(posts, eq(posts.isLocal, false)), 1_000)
  assert.equal(await isKept(first), false)
  assert.equal(await isKept(kept), true)
  const [pass] = await ctx.db.select().from(retentionPasses).where(eq(retentionPasses.kind, 'sweep'))
  assert.equal(pass?.postsOut, 102)
  assert.ok(pass?.endedAt)
})

test('An admin sees what limits would remove before they are set, and nothing is gone by looking', async (t) => {
  const { ctx, instance, stranger, post, isKept } = await harbour(t)
  const boss = await instance.as('boss', { role: 'admin' })
  const old = await post(stranger, 20)
  const limits = { strangerPostDays: '10', followedPostDays: '0', remotePostsMax: '0', pictureDays: '30', strangerAccountDays: '0' }
  assert.equal((await boss.submit('/admin/retention/preview', limits)).statusCode, 303)
  assert.match(textOf(await boss.page('/admin/retention')), /Still counting/)
  await instance.runJobs()
  const page = textOf(await boss.page('/admin/retention'))
  assert.match(page, /1 post \(/)
  assert.match(page, /@stranger@far\.test/)
  assert.equal(await isKept(old), true)
  assert.equal((await retentionLimits(ctx)).strangerPostDays, 90)
  await boss.submit('/admin/retention', limits)
  assert.equal((await retentionLimits(ctx)).strangerPostDays, 10)
  assert.equal(await ctx.db.$count(auditEntries, eq(auditEntries.act, 'retention-changed')), 1)
  const wrong = await boss.submit('/admin/retention', { ...limits, pictureDays: '3' })
  assert.equal(wrong.statusCode, 422)
  assert.match(textOf(wrong.body), /0, or a whole number from 7 to 3,650/)
  const moderator = await instance.as('mo', { role: 'moderator' })
  assert.equal((await moderator.get('/admin/retention')).statusCode, 403)
})

test('A copy of a remote picture goes after its days while its post stays, and can be fetched again', async (t) => {
  const { ctx, instance, ana, stranger, post, sweep } = await harbour(t)
  const plain = await post(stranger, 40)
  const dear = await post(stranger, 40)
  await ana.submit(`/posts/${dear}/favourite`)
  await ctx.transact(async (tx) => {
    const createdAt = tx.now - 40 * dayMs
    for (const [at, postId] of [plain, dear].entries()) {
      const hash = String(at).repeat(64)
      await tx.insert(mediaFiles).values({ hash, mime: 'image/webp', sizeBytes: 900, width: 3, height: 3, createdAt })
      const row = { id: tx.newId(), key: `key-${at}`, accountId: stranger.id, use: 'post' as const, postId, mime: 'image/webp' }
      await tx.insert(media).values({ ...row, remoteUrl: `https://far.test/${at}.jpg`, fileHash: hash, createdAt })
    }
  })
  await sweep()
  const file = async (postId: number) => (await ctx.db.select().from(media).where(eq(media.postId, postId)))[0]?.fileHash
  assert.equal(await file(plain), null)
  assert.equal(await file(dear), '1'.repeat(64), 'the picture of a touched post is kept')
  instance.clock.advance(16 * 60_000)
  await instance.runJobs()
  assert.equal(await ctx.db.$count(mediaFiles, and(eq(mediaFiles.hash, '0'.repeat(64)))), 0, 'its bytes follow')
})
