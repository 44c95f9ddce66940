import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { media } from '#db/schema/media.ts'
import { notifications } from '#db/schema/notifications.ts'
import { bookmarks, favourites, postAudience, postMentions, posts, postTags, postVersions } from '#db/schema/posts.ts'
import type { Person } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'
import { bookmarkPost } from '#server/posts/bookmark-post.ts'
import { boostPost, unboostPost } from '#server/posts/boost-post.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { favouritePost, unfavouritePost } from '#server/posts/favourite-post.ts'
import { findPost } from '#server/posts/find-post.ts'
import { listVersions } from '#server/posts/list-versions.ts'
import { sweepSubmissions } from '#server/posts/sweep-submissions.ts'
import { createWorld, type World } from '#test/posts/world.ts'

async function start(t: TestContext) {
  const world = await createWorld(t)
  const ana = await world.person('ana')
  const ben = await world.person('ben')
  const cleo = await world.person('cleo')
  return { ...world, ana, ben, cleo }
}

const refuses = (kind: string, field?: string) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error))
  assert.equal(error.kind, kind)
  if (field) assert.equal(error.field, field)
  return true
}

async function upload(world: World, owner: Person, name: string): Promise<number> {
  const id = Number.parseInt(name, 36)
  await world.database.transact((tx) =>
    tx.insert(media).values({ id, key: `key-${name}`, accountId: owner.account.id, use: 'post', mime: 'image/png', createdAt: 1 })
  )
  return id
}

test('a post is rendered, tagged, addressed and counted in one go', async (t) => {
  const { ctx, ana, ben, publish } = await start(t)
  const post = await publish(ana, 'Hello @ben and @nobody #Boats')
  assert.equal(post.uri, `https://skerry.test/@ana/${post.id}`)
  assert.match(post.html, /^<p>Hello <span class="h-card">.*#<span>Boats<\/span><\/a><\/p>$/)
  assert.equal(post.source, 'Hello @ben and @nobody #Boats')
  assert.deepEqual(await ctx.db.select().from(postTags), [{ postId: post.id, tag: 'boats' }])
  assert.deepEqual(await ctx.db.select().from(postMentions), [{ postId: post.id, accountId: ben.account.id }])
  assert.deepEqual(await ctx.db.select().from(postAudience), [{ postId: post.id, kind: 'person', accountId: ben.account.id }])
})

test('what cannot be posted is refused with its field', async (t) => {
  const { ana, publish } = await start(t)
  await assert.rejects(publish(ana, ' \n '), refuses('invalid', 'text'))
  await assert.rejects(publish(ana, 'a'.repeat(5_001)), refuses('invalid', 'text'))
  await assert.rejects(publish(ana, 'a', { warning: 'w'.repeat(501) }), refuses('invalid', 'warning'))
  await assert.rejects(publish(ana, 'a', { visibility: 'all' as 'public' }), refuses('invalid', 'visibility'))
  await assert.rejects(publish(ana, 'a', { language: '<b>' }), refuses('invalid', 'language'))
  await assert.rejects(publish(ana, 'to nobody', { visibility: 'direct' }), refuses('invalid', 'text'))
  await assert.rejects(publish(ana, 'a', { replyToId: 42 }), refuses('missing'))
  assert.equal((await publish(ana, '\u{1f600}'.repeat(5_000))).html.length, 10_007)
})

test('a form sent twice, even at once, makes one post', async (t) => {
  const { ctx, ana, ben, publish } = await start(t)
  const [first, second] = await Promise.all([publish(ana, 'once', { submissionKey: 'k' }), publish(ana, 'once', { submissionKey: 'k' })])
  const third = await publish(ana, 'once', { submissionKey: 'k' })
  assert.equal(first.id, second.id)
  assert.equal(first.id, third.id)
  await publish(ben, 'mine', { submissionKey: 'k' })
  assert.equal(await ctx.db.$count(posts), 2)
})

test('the key of a form is forgotten after a day', async (t) => {
  const { ctx, ana, publish, clock } = await start(t)
  const first = await publish(ana, 'once', { submissionKey: 'k' })
  await sweepSubmissions(ctx)
  assert.equal((await publish(ana, 'once', { submissionKey: 'k' })).id, first.id)
  clock.advance(25 * 3_600_000)
  await sweepSubmissions(ctx)
  assert.notEqual((await publish(ana, 'once', { submissionKey: 'k' })).id, first.id)
})

test('unknown handles are asked of the fediverse, known ones and our own are not', async (t) => {
  const { ctx, ana, publish, remote, answers, asked } = await start(t)
  const known = await remote('kim')
  const found = await remote('finn', 'new.test')
  answers.set('@gil@other.test', { kind: 'account', accountId: found.id })
  const post = await publish(ana, '@kim@far.test @ana@skerry.test @gil@other.test @ghost@far.test')
  assert.deepEqual(asked.sort(), ['@ghost@far.test', '@gil@other.test'])
  const mentioned = await ctx.db.select({ id: postMentions.accountId }).from(postMentions).where(eq(postMentions.postId, post.id))
  assert.deepEqual(new Set(mentioned.map((row) => row.id)), new Set([known.id, found.id, ana.account.id]))
})

test('a direct post is for those it mentions, and its answer without mentions for whoever wrote it', async (t) => {
  const { ctx, ana, ben, cleo, publish } = await start(t)
  const post = await publish(ana, '@ben secret', { visibility: 'direct' })
  assert.ok(await findPost(ctx.db, ben.account.id, post.id))
  assert.equal(await findPost(ctx.db, cleo.account.id, post.id), undefined)
  assert.equal(await findPost(ctx.db, undefined, post.id), undefined)
  const answer = await publish(ben, 'thanks', { replyToId: post.id })
  assert.equal(answer.visibility, 'direct')
  assert.ok(await findPost(ctx.db, ana.account.id, answer.id))
  const more = await publish(ana, 'one more thing', { replyToId: post.id })
  assert.ok(await findPost(ctx.db, ben.account.id, more.id))
  await assert.rejects(publish(cleo, 'what?', { replyToId: post.id }), refuses('missing'))
})

test('a reply to followers-only words is not for everybody', async (t) => {
  const { ana, ben, publish, follow } = await start(t)
  await follow(ben.account, ana.account)
  const post = await publish(ana, 'among us', { visibility: 'followers' })
  const reply = await publish(ben, 'indeed', { replyToId: post.id, visibility: 'public' })
  assert.equal(reply.visibility, 'followers')
  assert.equal(reply.threadId, post.id)
})

test('only one’s own waiting pictures go with a post, and each with one', async (t) => {
  const world = await start(t)
  const { ctx, ana, ben, publish } = world
  const [first, second, bens] = [await upload(world, ana, 'a1'), await upload(world, ana, 'a2'), await upload(world, ben, 'b1')]
  const post = await publish(ana, '', { media: [{ id: second, alt: 'two' }, { id: first }] })
  const shown = await ctx.db.select().from(media).where(eq(media.postId, post.id)).orderBy(media.position)
  assert.deepEqual(
    shown.map((row) => [row.id, row.alt]),
    [
      [second, 'two'],
      [first, '']
    ]
  )
  await assert.rejects(publish(ana, 'theirs', { media: [{ id: bens }] }), refuses('missing'))
  await assert.rejects(publish(ana, 'again', { media: [{ id: first }] }), refuses('missing'))
  await assert.rejects(publish(ana, 'many', { media: [1, 2, 3, 4, 5].map((id) => ({ id })) }), refuses('invalid'))
  assert.equal(await ctx.db.$count(posts), 1)
})

test('an edit keeps the state before, and changes nothing when nothing changed', async (t) => {
  const world = await start(t)
  const { ctx, ana, ben, publish, clock } = world
  const picture = await upload(world, ana, 'p1')
  const post = await publish(ana, 'first #one', { media: [{ id: picture, alt: 'a boat' }] })
  clock.advance(1_000)
  const same = await editPost(ctx, ana, { postId: post.id, text: 'first #one', media: [{ id: picture }] })
  assert.equal(same.version, 1)
  const edited = await editPost(ctx, ana, { postId: post.id, text: 'second #two @ben', warning: 'cw', media: [] })
  assert.equal(edited.version, 2)
  assert.ok((edited.editedAt ?? 0) >= post.createdAt + 1_000)
  assert.deepEqual(
    (await listVersions(ctx.db, post.id)).map(({ version, source, warning, media }) => ({ version, source, warning, media })),
    [{ version: 1, source: 'first #one', warning: '', media: [{ key: 'key-p1', alt: 'a boat' }] }]
  )
  assert.deepEqual(await ctx.db.select({ tag: postTags.tag }).from(postTags), [{ tag: 'two' }])
  assert.equal(await ctx.db.$count(media), 0)
  assert.equal(await ctx.db.$count(notifications, eq(notifications.accountId, ben.account.id)), 1)
  await assert.rejects(editPost(ctx, ben, { postId: post.id, text: 'mine now' }), refuses('forbidden'))
})

test('a deleted post leaves a tombstone and nothing else', async (t) => {
  const world = await start(t)
  const { ctx, ana, ben, cleo, publish } = world
  const post = await publish(ana, 'gone @ben #soon', { media: [{ id: await upload(world, ana, 'p1') }] })
  await editPost(ctx, ana, { postId: post.id, text: 'gone soon @ben #soon' })
  await favouritePost(ctx, ben, { postId: post.id })
  await bookmarkPost(ctx, ben, { postId: post.id })
  await boostPost(ctx, cleo, { postId: post.id })
  await publish(ben, 'why?', { replyToId: post.id })
  await assert.rejects(deletePost(ctx, ben, { postId: post.id }), refuses('forbidden'))
  await deletePost(ctx, ana, { postId: post.id })
  await assert.rejects(deletePost(ctx, ana, { postId: post.id }), refuses('missing'))

  const [stone] = await ctx.db.select().from(posts).where(eq(posts.id, post.id))
  assert.equal(stone?.html, '')
  assert.equal(stone?.source, null)
  assert.ok(stone?.deletedAt)
  for (const table of [favourites, bookmarks, postVersions, postMentions, postTags, media, notifications])
    assert.equal(await ctx.db.$count(table), 0)
  assert.equal(await ctx.db.$count(posts), 2, 'the boost is gone, the reply stays')
  for (const who of [ana, ben, undefined]) assert.equal(await findPost(ctx.db, who?.account.id, post.id), undefined)
})

test('favourites and boosts count once and tell the author once', async (t) => {
  const { ctx, ana, ben, publish } = await start(t)
  const post = await publish(ana, 'like me')
  const countsOf = async () => {
    const row = await findPost(ctx.db, undefined, post.id)
    return [row?.favouritesCount, row?.boostsCount, await ctx.db.$count(notifications)]
  }
  for (let times = 0; times < 2; times++) {
    await favouritePost(ctx, ben, { postId: post.id })
    await boostPost(ctx, ben, { postId: post.id })
  }
  assert.deepEqual(await countsOf(), [1, 1, 2])
  for (let times = 0; times < 2; times++) {
    await unfavouritePost(ctx, ben, { postId: post.id })
    await unboostPost(ctx, ben, { postId: post.id })
  }
  assert.deepEqual(await countsOf(), [0, 0, 0])
  await favouritePost(ctx, ana, { postId: post.id })
  assert.deepEqual(await countsOf(), [1, 0, 0], 'nobody is told of their own deeds')
})

test('what was kept to a circle is not passed on', async (t) => {
  const { ctx, ana, ben, publish, follow } = await start(t)
  await follow(ben.account, ana.account)
  const circle = await publish(ana, 'among us', { visibility: 'followers' })
  const direct = await publish(ana, '@ben only', { visibility: 'direct' })
  await assert.rejects(boostPost(ctx, ben, { postId: circle.id }), refuses('forbidden'))
  await assert.rejects(boostPost(ctx, ben, { postId: direct.id }), refuses('forbidden'))
  await assert.rejects(boostPost(ctx, ana, { postId: direct.id }), refuses('forbidden'))
  assert.equal((await boostPost(ctx, ana, { postId: circle.id }))?.visibility, 'followers')
})

test('a boost of a boost is a boost of the post', async (t) => {
  const { ctx, ana, ben, cleo, publish } = await start(t)
  const post = await publish(ana, 'again')
  const boost = (await boostPost(ctx, ben, { postId: post.id }))!
  const second = (await boostPost(ctx, cleo, { postId: boost.id }))!
  assert.equal(second.boostOfId, post.id)
})

test('whoever is blocked can neither answer, like nor boost', async (t) => {
  const { ctx, ana, ben, publish, block } = await start(t)
  const post = await publish(ana, 'hello')
  await block(ana.account, ben.account)
  await assert.rejects(publish(ben, 'hi', { replyToId: post.id }), refuses('missing'))
  await assert.rejects(favouritePost(ctx, ben, { postId: post.id }), refuses('missing'))
  await assert.rejects(boostPost(ctx, ben, { postId: post.id }), refuses('missing'))
})
