import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { Refusal } from '#server/errors.ts'
import { bookmarkPost } from '#server/posts/bookmark-post.ts'
import { boostPost } from '#server/posts/boost-post.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { favouritePost } from '#server/posts/favourite-post.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { writeLimit } from '#server/moderation/limit-domain.ts'
import { home } from '#server/timelines/home.ts'
import { bookmarked, favourited } from '#server/timelines/kept.ts'
import { cursorOf, type Page } from '#server/timelines/pages.ts'
import { profile } from '#server/timelines/profile.ts'
import { federated, local, tagged } from '#server/timelines/public.ts'
import type { TimelinePage } from '#server/timelines/rows.ts'
import { thread } from '#server/timelines/thread.ts'
import { createWorld } from '#test/posts/world.ts'

async function start(t: TestContext) {
  const world = await createWorld(t)
  const ana = await world.person('ana')
  const ben = await world.person('ben')
  const cleo = await world.person('cleo')
  const texts = async (page: Promise<TimelinePage>, viewerId: number | undefined = ana.account.id) =>
    (await loadPosts(world.ctx.db, viewerId, (await page).rows)).map(
      ({ post, booster }) => `${booster ? `${booster.name} boosts ` : ''}${post.source ?? post.html}`
    )
  return { ...world, ana, ben, cleo, texts, homeOf: (page?: Page) => texts(home(world.ctx, ana.account.id, page)) }
}

test('home shows oneself and those one follows, newest first, and nobody else', async (t) => {
  const { ana, ben, cleo, publish, follow, homeOf } = await start(t)
  await follow(ana.account, ben.account)
  await follow(ana.account, cleo.account, { state: 'pending' })
  await publish(ana, 'mine')
  await publish(ben, 'followed')
  await publish(cleo, 'only asked')
  await publish(ben, '@cleo not for ana', { visibility: 'direct' })
  await publish(ben, 'among us', { visibility: 'followers' })
  assert.deepEqual(await homeOf(), ['among us', 'followed', 'mine'])
})

test('home follows what changes: unfollow, block, mute, delete, suspension', async (t) => {
  const { ctx, ana, ben, cleo, publish, follow, block, mute, homeOf, clock } = await start(t)
  await follow(ana.account, ben.account)
  await follow(ana.account, cleo.account)
  const post = await publish(ben, 'one')
  await publish(ben, 'two')
  await publish(cleo, 'three')
  await boostPost(ctx, cleo, { postId: post.id })
  assert.deepEqual(await homeOf(), ['cleo boosts one', 'three', 'two'])
  await mute(ana.account, ben.account, clock.now() + 60_000)
  assert.deepEqual(await homeOf(), ['three'], 'who is muted is not shown through others either')
  clock.advance(61_000)
  await deletePost(ctx, ben, { postId: post.id })
  assert.deepEqual(await homeOf(), ['three', 'two'])
  await block(cleo.account, ana.account)
  assert.deepEqual(await homeOf(), ['two'])
  await ctx.transact((tx) => tx.update(accounts).set({ suspendedAt: 1, suspendedBy: 'here' }).where(eq(accounts.id, ben.account.id)))
  assert.deepEqual(await homeOf(), [])
  await ctx.transact((tx) => tx.update(accounts).set({ suspendedAt: null }).where(eq(accounts.id, ben.account.id)))
  assert.deepEqual(await homeOf(), ['two'])
  await ctx.transact((tx) => tx.delete(follows))
  assert.deepEqual(await homeOf(), [])
})

test('replies show in home when they are to oneself, to whom one follows, or to the author', async (t) => {
  const { ana, ben, cleo, remote, receive, publish, follow, homeOf } = await start(t)
  const rita = await remote('rita')
  await follow(ana.account, ben.account)
  await follow(ana.account, rita)
  const own = await publish(ana, 'mine')
  const other = await publish(cleo, 'from a stranger')
  const bens = await publish(ben, 'from ben')
  await publish(ben, 'to ana', { replyToId: own.id })
  await publish(ben, 'to a stranger', { replyToId: other.id })
  await publish(ben, 'to himself', { replyToId: bens.id })
  await receive(rita, 'to-ben', { replyToUri: bens.uri })
  await receive(rita, 'to-nobody-known', { replyToUri: 'https://gone.test/1' })
  await publish(ana, 'ana to a stranger', { replyToId: other.id })
  assert.deepEqual(await homeOf(), ['ana to a stranger', '<p>to-ben</p>', 'to himself', 'to ana', 'from ben', 'mine'])
})

test('a post and its boosts show once a page, and not from those whose boosts are off', async (t) => {
  const { ctx, ana, ben, cleo, publish, person, follow, homeOf } = await start(t)
  const dora = await person('dora')
  await follow(ana.account, ben.account)
  await follow(ana.account, cleo.account)
  await follow(ana.account, dora.account, { showBoosts: false })
  const post = await publish(ben, 'boosted')
  const other = await publish(cleo, 'other')
  await boostPost(ctx, cleo, { postId: post.id })
  await boostPost(ctx, ana, { postId: post.id })
  await boostPost(ctx, dora, { postId: other.id })
  assert.deepEqual(await homeOf(), ['ana boosts boosted', 'other'])
})

test('paging through home gives every post once and ends', async (t) => {
  const { ctx, ana, ben, cleo, publish, follow, mute } = await start(t)
  await follow(ana.account, ben.account)
  await follow(ana.account, cleo.account)
  const wanted: number[] = []
  for (let at = 0; at < 30; at++) {
    wanted.unshift((await publish(ben, `b${at}`)).id)
    await publish(cleo, `c${at}`)
  }
  await mute(ana.account, cleo.account)
  const seen: number[] = []
  let pages = 0
  for (let page: TimelinePage | undefined = await home(ctx, ana.account.id, { limit: 7 }); page; pages++) {
    assert.ok(page.rows.length <= 7)
    seen.push(...page.rows.map((row) => row.id))
    page = page.olderCursor === undefined ? undefined : await home(ctx, ana.account.id, { limit: 7, beforeId: page.olderCursor })
  }
  assert.deepEqual(seen, wanted)
  assert.ok(pages <= 6)
  const newer = await home(ctx, ana.account.id, { afterId: wanted[5] })
  assert.deepEqual(
    newer.rows.map((row) => row.id),
    wanted.slice(0, 5)
  )
})

test('a page that the rules emptied still leads on', async (t) => {
  const { ctx, ana, ben, cleo, publish, follow, mute } = await start(t)
  await follow(ana.account, ben.account)
  await follow(ana.account, cleo.account)
  await publish(ben, 'old')
  for (let at = 0; at < 40; at++) await publish(cleo, `c${at}`)
  await mute(ana.account, cleo.account)
  const first = await home(ctx, ana.account.id, { limit: 1 })
  assert.deepEqual(first.rows, [])
  const second = await home(ctx, ana.account.id, { limit: 1, beforeId: first.olderCursor })
  assert.equal(second.rows[0]?.source, 'old')
})

test('home is the same however many are followed and however dormant they are', async (t) => {
  const { ctx, ana, ben, cleo, publish, follow, remote, receive } = await start(t)
  const crowd = await Promise.all(Array.from({ length: 110 }, (_, at) => remote(`r${at}`)))
  const dayMs = 86_400_000
  for (const [at, account] of crowd.entries()) {
    await follow(ana.account, account)
    for (let post = 0; post < at % 3; post++)
      await receive(account, `${at}-${post}`, { publishedAt: ctx.clock.now() - (at + post * 40) * dayMs })
  }
  for (let at = 0; at < 20; at++) await publish(cleo, `noise ${at}`)
  await follow(ana.account, ben.account)
  for (let at = 0; at < 3; at++) await publish(ben, `active ${at}`)
  const everything: number[] = []
  for (let page: TimelinePage | undefined = await home(ctx, ana.account.id, {}); page; ) {
    everything.push(...page.rows.map((row) => row.id))
    page = page.olderCursor === undefined ? undefined : await home(ctx, ana.account.id, { beforeId: page.olderCursor })
  }
  assert.equal(everything.length, 3 + 109)
  assert.deepEqual(
    everything,
    [...everything].sort((a, b) => b - a)
  )
})

test('local and federated show public posts of those a moderator did not silence', async (t) => {
  const { ctx, ana, ben, cleo, remote, receive, publish, mute, texts } = await start(t)
  const rita = await remote('rita')
  const sam = await remote('sam', 'quiet.test')
  await publish(ben, 'public')
  await publish(ben, 'unlisted', { visibility: 'unlisted' })
  const root = await publish(cleo, 'from cleo')
  await publish(ben, 'a reply', { replyToId: root.id })
  await publish(cleo, 'to herself', { replyToId: root.id })
  await receive(rita, 'remote')
  await receive(sam, 'quiet')
  await ctx.transact((tx) => writeLimit(tx, { domain: 'quiet.test', severity: 'silence', reason: '' }))
  assert.deepEqual(await texts(local(ctx, undefined), undefined), ['to herself', 'from cleo', 'public'])
  assert.deepEqual(await texts(federated(ctx, undefined), undefined), ['<p>remote</p>', 'to herself', 'from cleo', 'public'])
  await mute(ana.account, cleo.account)
  assert.deepEqual(await texts(local(ctx, ana.account.id)), ['public'])
  await ctx.transact((tx) => tx.update(accounts).set({ silencedAt: 1 }).where(eq(accounts.id, ben.account.id)))
  assert.deepEqual(await texts(federated(ctx, ana.account.id)), ['<p>remote</p>'])
})

test('a hashtag gathers public posts', async (t) => {
  const { ctx, ana, ben, publish, texts } = await start(t)
  await publish(ben, 'one #Boats')
  await publish(ben, 'hidden #boats', { visibility: 'unlisted' })
  await publish(ben, 'other #cats')
  await publish(ana, 'two #boats')
  assert.deepEqual(await texts(tagged(ctx, undefined, 'boats'), undefined), ['two #boats', 'one #Boats'])
  const first = await tagged(ctx, ana.account.id, 'boats', { limit: 1 })
  assert.deepEqual(await texts(tagged(ctx, ana.account.id, 'boats', { limit: 1, beforeId: first.olderCursor })), ['one #Boats'])
})

test('a profile shows each viewer what is for them, by tab', async (t) => {
  const { ctx, ana, ben, cleo, remote, receive, publish, follow, texts } = await start(t)
  const post = await publish(cleo, 'from cleo')
  await publish(ben, 'plain')
  await publish(ben, 'circle', { visibility: 'followers' })
  await publish(ben, 'reply', { replyToId: post.id })
  await boostPost(ctx, ben, { postId: post.id })
  const of = (viewerId: number | undefined, tab: 'posts' | 'replies') => texts(profile(ctx, viewerId, ben.account.id, tab), viewerId)
  assert.deepEqual(await of(undefined, 'posts'), ['ben boosts from cleo', 'plain'])
  await follow(ana.account, ben.account)
  assert.deepEqual(await of(ana.account.id, 'posts'), ['ben boosts from cleo', 'circle', 'plain'])
  assert.deepEqual(await of(ana.account.id, 'replies'), ['reply', 'circle', 'plain'])
  const rita = await remote('rita')
  await receive(rita, 'with-picture', {
    media: [
      { url: 'https://far.test/1.png', mime: 'image/png' },
      { url: 'https://far.test/2.png', mime: 'image/png' }
    ]
  })
  await receive(rita, 'without')
  await receive(rita, 'secret-picture', { publicIn: undefined, media: [{ url: 'https://far.test/3.png', mime: 'image/png' }] })
  assert.deepEqual(await texts(profile(ctx, undefined, rita.id, 'media'), undefined), ['<p>with-picture</p>'])
})

test('bookmarks and favourites come back in the order they were kept', async (t) => {
  const { ctx, ana, ben, publish, block, texts } = await start(t)
  const first = await publish(ben, 'first')
  const second = await publish(ben, 'second')
  for (const { id } of [second, first]) {
    await bookmarkPost(ctx, ana, { postId: id })
    await favouritePost(ctx, ana, { postId: id })
  }
  assert.deepEqual(await texts(bookmarked(ctx, ana.account.id)), ['first', 'second'])
  const page = await favourited(ctx, ana.account.id, { limit: 1 })
  assert.deepEqual(await texts(favourited(ctx, ana.account.id, { beforeId: page.olderCursor })), ['second'])
  await block(ben.account, ana.account)
  assert.deepEqual(await texts(bookmarked(ctx, ana.account.id)), [])
})

test('a thread shows what is above and below, and leaves out what is not for the viewer', async (t) => {
  const { ctx, ana, ben, cleo, publish } = await start(t)
  const root = await publish(ana, 'root')
  const answer = await publish(ben, 'answer', { replyToId: root.id })
  const whisper = await publish(cleo, '@ben whisper', { replyToId: answer.id, visibility: 'direct' })
  await publish(ben, 'psst', { replyToId: whisper.id })
  await publish(cleo, 'aloud', { replyToId: answer.id })
  const second = await publish(cleo, 'second answer', { replyToId: root.id })
  const gone = await publish(ana, 'to be deleted', { replyToId: second.id })
  await publish(ben, 'below the deleted', { replyToId: gone.id })
  await deletePost(ctx, ana, { postId: gone.id })
  const outline = async (viewerId: number | undefined, id: number) => {
    const { ancestors, post, descendants } = await thread(ctx.db, viewerId, id)
    return [...ancestors.map((row) => row.source), `> ${post.source}`, ...descendants.map(({ row, depth }) => `${depth} ${row.source}`)]
  }
  assert.deepEqual(await outline(undefined, root.id), ['> root', '1 answer', '2 aloud', '1 second answer', '2 below the deleted'])
  assert.deepEqual(await outline(ben.account.id, answer.id), ['root', '> answer', '1 @ben whisper', '2 psst', '1 aloud'])
  await assert.rejects(thread(ctx.db, ana.account.id, whisper.id), Refusal)
})

test('posts come with people, pictures, parents and what the viewer did', async (t) => {
  const { ctx, ana, ben, cleo, publish, remote, receive } = await start(t)
  const rita = await remote('rita')
  const secret = await publish(ben, '@cleo secret', { visibility: 'direct' })
  const reply = await publish(cleo, 'answer', { replyToId: secret.id })
  const post = await receive(rita, 'full', {
    mentionIds: [ana.account.id],
    tags: ['b', 'a'],
    media: [{ url: 'https://far.test/1.png', mime: 'image/png', alt: 'one' }],
    replyToUri: 'https://gone.test/1'
  })
  await favouritePost(ctx, ana, { postId: post?.id ?? 0 })
  const boost = (await boostPost(ctx, ben, { postId: post?.id ?? 0 }))!
  const [full] = await loadPosts(ctx.db, ana.account.id, [boost])
  assert.equal(full?.booster?.name, 'ben')
  assert.equal(full?.author.name, 'rita')
  assert.deepEqual(full?.tags, ['a', 'b'])
  assert.deepEqual(
    full?.media.map((row) => row.alt),
    ['one']
  )
  assert.deepEqual(
    full?.mentions.map((account) => account.name),
    ['ana']
  )
  assert.deepEqual(full?.replyTo, { author: undefined, postId: undefined })
  const { limits: _, ...state } = full?.viewer ?? {}
  assert.deepEqual(state, { isOwn: false, isBoosted: false, isFavourited: true, isBookmarked: false, isThreadMuted: false, mayBoost: true })
  const [seenByBen] = await loadPosts(ctx.db, ben.account.id, [reply])
  assert.equal(seenByBen?.replyTo?.postId, secret.id)
  const [seenByAll] = await loadPosts(ctx.db, undefined, [reply])
  assert.equal(seenByAll?.replyTo?.postId, undefined)
  assert.equal(seenByAll?.viewer, undefined)
})

test('limits are clamped and a cursor that is no id is refused', async (t) => {
  const { ctx, ana, publish } = await start(t)
  for (let at = 0; at < 45; at++) await publish(ana, `p${at}`)
  for (const [limit, expected] of [
    [undefined, 40],
    [1_000_000, 40],
    [-5, 1],
    [Number.NaN, 40]
  ] as const) {
    assert.equal((await local(ctx, undefined, { limit })).rows.length, expected)
  }
  assert.equal(cursorOf(undefined), undefined)
  assert.equal(cursorOf('123'), 123)
  for (const text of ['abc', '-1', '1e5', '99999999999999999999', '12;--']) assert.throws(() => cursorOf(text), Refusal)
})
