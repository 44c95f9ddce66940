import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { media } from '#db/schema/media.ts'
import { notifications } from '#db/schema/notifications.ts'
import { postAudience, posts } from '#db/schema/posts.ts'
import type { Account } from '#server/accounts/who.ts'
import { timeOfId } from '#server/platform/ids.ts'
import { findPost, findPostByUri } from '#server/posts/find-post.ts'
import { listVersions } from '#server/posts/list-versions.ts'
import { receiveBoost, receiveUnboost } from '#server/posts/receive-boost.ts'
import { receiveFavourite, receiveUnfavourite } from '#server/posts/receive-favourite.ts'
import { addSilentRecipient, receivePost } from '#server/posts/receive-post.ts'
import { receivePostDelete } from '#server/posts/receive-post-delete.ts'
import { receivePostEdit } from '#server/posts/receive-post-edit.ts'
import { cleanToldPost, type ToldPost } from '#server/posts/received-post.ts'
import { thread } from '#server/timelines/thread.ts'
import { createWorld, toldBy } from '#test/posts/world.ts'

async function start(t: TestContext) {
  const world = await createWorld(t)
  const ana = await world.person('ana')
  const ben = await world.person('ben')
  const rita = await world.remote('rita')
  const edit = (author: Account, name: string, told: Partial<ToldPost>, updatedAt?: number) =>
    world.ctx.transact((tx) => receivePostEdit(tx, world.ctx.random, cleanToldPost({ ...toldBy(author, name), ...told }), updatedAt))
  return { ...world, ana, ben, rita, edit }
}

test('a remote post is cleaned, dated, addressed, and known once', async (t) => {
  const { ctx, ana, rita, receive } = await start(t)
  const publishedAt = ctx.clock.now() - 86_400_000
  const told = {
    html: '<p>Hi <script>x</script>there</p>',
    warning: 'c\u0000w',
    publishedAt,
    mentionIds: [ana.account.id],
    tags: ['#Boats', 'no tag', 'boats'],
    url: 'https://elsewhere.test/fake',
    media: [{ url: 'https://far.test/a.png', mime: 'image/png', alt: 'a' }]
  }
  const post = await receive(rita, 'one', told)
  assert.equal(post?.html, '<p>Hi there</p>')
  assert.equal(post?.warning, 'cw')
  assert.equal(post?.url, null, 'a page on another host is not its page')
  assert.equal(post?.createdAt, publishedAt)
  assert.ok(Math.abs(timeOfId(post?.id ?? 0) - publishedAt) < 1_000)
  const again = await receive(rita, 'one', { ...told, html: 'other', publicIn: undefined, silentIds: [42] })
  assert.equal(again?.id, post?.id)
  assert.equal(again?.html, '<p>Hi there</p>')
  assert.equal(await ctx.db.$count(postAudience), 1)
  assert.equal(await ctx.db.$count(media), 1)
  assert.equal(await ctx.db.$count(notifications), 1)
})

test('what is given back of a post that came is what stands there, column by column', async (t) => {
  const { ctx, ana, rita, receive } = await start(t)
  const parent = await receive(rita, 'parent', { title: 'Boats', url: 'https://far.test/boats', language: 'nl', warning: 'cw' })
  const child = await receive(rita, 'child', { replyToUri: parent?.uri ?? '', publicIn: 'cc', mentionIds: [ana.account.id] })
  assert.deepEqual(await findPostByUri(ctx.db, child?.uri ?? ''), child)
  assert.deepEqual(await findPostByUri(ctx.db, parent?.uri ?? ''), { ...parent, repliesCount: 1 })
})

test('a date to come counts as now', async (t) => {
  const { ctx, rita, receive } = await start(t)
  const post = await receive(rita, 'future', { publishedAt: ctx.clock.now() + 1e10 })
  assert.ok((post?.createdAt ?? Infinity) <= ctx.clock.now())
})

test('visibility follows from whom a post is addressed to', async (t) => {
  const { ctx, ana, ben, rita, receive, follow } = await start(t)
  await follow(ana.account, rita)
  const cases = [
    [{ publicIn: 'to' }, 'public'],
    [{ publicIn: 'cc' }, 'unlisted'],
    [{ publicIn: undefined, isForFollowers: true }, 'followers'],
    [{ publicIn: undefined, isForFollowers: false, silentIds: [ben.account.id] }, 'direct']
  ] as const
  for (const [told, visibility] of cases) assert.equal((await receive(rita, visibility, told))?.visibility, visibility)
  const sees = async (viewerId: number | undefined) => {
    const found = await Promise.all(
      cases.map(async ([, name]) =>
        (await findPost(ctx.db, viewerId, (await findPostByUri(ctx.db, `https://far.test/notes/${name}`))?.id ?? 0)) ? name : ''
      )
    )
    return found.filter(Boolean)
  }
  assert.deepEqual(await sees(undefined), ['public', 'unlisted'])
  assert.deepEqual(await sees(ana.account.id), ['public', 'unlisted', 'followers'])
  assert.deepEqual(await sees(ben.account.id), ['public', 'unlisted', 'direct'])
})

test('the owner of a personal inbox sees what came there', async (t) => {
  const { ctx, ben, rita, receive } = await start(t)
  const post = await receive(rita, 'bcc', { publicIn: undefined, isForFollowers: false })
  assert.equal(await findPost(ctx.db, ben.account.id, post?.id ?? 0), undefined)
  await ctx.transact((tx) => addSilentRecipient(tx, { postId: post?.id ?? 0, accountId: ben.account.id }))
  assert.ok(await findPost(ctx.db, ben.account.id, post?.id ?? 0))
  assert.equal(await ctx.db.$count(notifications), 0)
})

test('replies that come before their parent find it, with all that hangs on them', async (t) => {
  const { ctx, rita, receive } = await start(t)
  const uri = (name: string) => `https://far.test/notes/${name}`
  await receive(rita, 'grandchild', { replyToUri: uri('child') })
  await receive(rita, 'child', { replyToUri: uri('parent') })
  await receive(rita, 'secret', { replyToUri: uri('parent'), publicIn: undefined })
  const parent = await receive(rita, 'parent')
  const rows = await ctx.db.select().from(posts)
  assert.deepEqual(new Set(rows.map((row) => row.threadId)), new Set([parent?.id]))
  assert.equal((await findPost(ctx.db, undefined, parent?.id ?? 0))?.repliesCount, 1, 'only what everybody may see is counted')
  const whole = await thread(ctx.db, undefined, parent?.id ?? 0)
  assert.deepEqual(
    whole.descendants.map(({ row, depth }) => [row.html, depth]),
    [
      ['<p>child</p>', 1],
      ['<p>grandchild</p>', 2]
    ]
  )
})

test('a post and an answer to it that come at one moment find each other', async (t) => {
  const { ctx, rita, receive, remote } = await start(t)
  const cleo = await remote('cleo')
  const told = cleanToldPost({ ...toldBy(cleo, 'answer'), replyToUri: toldBy(rita, 'asked').uri })
  let isWritten: () => void = () => undefined
  const written = new Promise<void>((resolve) => (isWritten = resolve))
  const answering = ctx.transact(async (tx) => {
    await receivePost(tx, ctx.random, told)
    isWritten()
    // Not committed yet, while what it answers comes in.
    await new Promise((resolve) => setTimeout(resolve, 200))
  })
  await written
  const [asked] = await Promise.all([receive(rita, 'asked'), answering])
  const answer = await findPostByUri(ctx.db, told.uri)
  assert.equal(answer?.replyToId, asked?.id)
  assert.equal(answer?.threadId, asked?.id)
  assert.equal((await findPostByUri(ctx.db, asked?.uri ?? ''))?.repliesCount, 1)
})

test('an edit by the author changes the words and shows them to nobody new', async (t) => {
  const { ctx, ana, ben, rita, receive, edit } = await start(t)
  const told = { publicIn: undefined, isForFollowers: false, mentionIds: [ana.account.id] }
  const post = await receive(rita, 'dm', told)
  const now = ctx.clock.now()
  const edited = await edit(
    rita,
    'dm',
    { ...told, html: '<p>changed</p>', publicIn: 'to', mentionIds: [ana.account.id, ben.account.id] },
    now
  )
  assert.equal(edited?.html, '<p>changed</p>')
  assert.equal(edited?.visibility, 'direct')
  assert.equal(edited?.version, 2)
  assert.equal(await findPost(ctx.db, ben.account.id, post?.id ?? 0), undefined)
  assert.equal((await listVersions(ctx.db, post?.id ?? 0))[0]?.html, '<p>dm</p>')
  assert.equal(await edit(rita, 'dm', { ...told, html: '<p>older</p>' }, now - 1), undefined)
})

test('nobody edits or deletes what another wrote', async (t) => {
  const { ctx, ana, rita, receive, remote, edit, publish } = await start(t)
  const mallory = await remote('mallory')
  const post = await receive(rita, 'mine')
  assert.equal(await edit(mallory, 'mine', { html: 'stolen' }), undefined)
  assert.equal(await ctx.transact((tx) => receivePostDelete(tx, { uri: post?.uri ?? '', authorId: mallory.id })), false)
  const ours = await publish(ana, 'ours')
  assert.equal(await ctx.transact((tx) => receivePostDelete(tx, { uri: ours.uri, authorId: ana.account.id })), false)
  assert.equal((await findPost(ctx.db, undefined, post?.id ?? 0))?.html, '<p>mine</p>')
})

test('a deleted post does not come back, whether it was known or not', async (t) => {
  const { ctx, rita, receive } = await start(t)
  const known = await receive(rita, 'known')
  const remove = (name: string) => ctx.transact((tx) => receivePostDelete(tx, { uri: `https://far.test/notes/${name}`, authorId: rita.id }))
  assert.equal(await remove('known'), true)
  assert.equal(await remove('unknown'), true)
  assert.equal(await receive(rita, 'known'), undefined)
  assert.equal(await receive(rita, 'unknown'), undefined)
  assert.equal(await findPost(ctx.db, undefined, known?.id ?? 0), undefined)
  assert.equal(await ctx.db.$count(posts), 1)
})

test('boosts and likes from elsewhere happen once, and are undone by id or by post', async (t) => {
  const { ctx, ana, rita, publish, follow } = await start(t)
  const post = await publish(ana, 'liked')
  const secret = await publish(ana, 'not for rita', { visibility: 'followers' })
  const boost = (uri: string, postId: number) => ctx.transact((tx) => receiveBoost(tx, { uri, boosterId: rita.id, postId }))
  const like = (uri: string | undefined, postId: number) => ctx.transact((tx) => receiveFavourite(tx, { uri, accountId: rita.id, postId }))
  assert.ok(await boost('https://far.test/b/1', post.id))
  assert.equal(await boost('https://far.test/b/2', post.id), undefined)
  assert.equal(await boost('https://far.test/b/3', secret.id), undefined)
  assert.equal(await like('https://far.test/l/1', post.id), true)
  assert.equal(await like('https://far.test/l/2', post.id), false)
  assert.equal(await like('https://far.test/l/3', secret.id), false)
  await follow(rita, ana.account)
  assert.equal(await boost('https://far.test/b/4', secret.id), undefined, 'a follower sees it, and may not pass it on')
  assert.equal(await like('https://far.test/l/4', secret.id), true)
  assert.equal(await ctx.transact((tx) => receiveUnfavourite(tx, { accountId: rita.id, postId: secret.id })), true)
  const counts = async () => {
    const row = await findPost(ctx.db, undefined, post.id)
    return [row?.boostsCount, row?.favouritesCount, await ctx.db.$count(notifications)]
  }
  assert.deepEqual(await counts(), [1, 1, 2])
  const stranger = { boosterId: ana.account.id, uri: 'https://far.test/b/1' }
  assert.equal(await ctx.transact((tx) => receiveUnboost(tx, stranger)), false)
  assert.equal(await ctx.transact((tx) => receiveUnboost(tx, { boosterId: rita.id, uri: 'https://far.test/b/1' })), true)
  assert.equal(await ctx.transact((tx) => receiveUnfavourite(tx, { accountId: rita.id, uri: 'https://far.test/l/1' })), true)
  assert.deepEqual(await counts(), [0, 0, 0])
  assert.ok(await boost('https://far.test/b/1', post.id), 'boost, undo, boost under one id works')
  assert.equal(await ctx.transact((tx) => receiveUnboost(tx, { boosterId: rita.id, postId: post.id })), true)
})
