import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { blocks } from '#db/schema/follows.ts'
import { favourites, postAudience, postMentions, postVersions, posts, postTags } from '#db/schema/posts.ts'
import { reports } from '#db/schema/moderation.ts'
import { startGoToSocialWorld } from '#test/federation/gotosocial-world.ts'
import { everybody } from '#test/helpers/remote.ts'

test('a GoToSocial account is found by handle and by address, though its server shows nothing to whoever does not sign', async (t) => {
  const { instance, gts, zork, known, isContent } = await startGoToSocialWorld(t)
  assert.equal((await instance.ctx.fediverse.resolve('@zork@gts.test')).kind, 'account')
  assert.equal((await known()).uri, zork.uri)
  const note = zork.note('looked up')
  assert.equal((await instance.ctx.fediverse.resolve(note.id)).kind, 'post')
  assert.ok(gts.requests.includes(`GET ${new URL(note.id).pathname}`))
  isContent()
})

test('follows go both ways with GoToSocial, also when locked, refused, taken back and asked for again', async (t) => {
  const { instance, alice, gts, zork, known, tell, stateOf, befriend, isContent } = await startGoToSocialWorld(t)
  const me = String(alice.account.uri)
  await befriend()
  assert.deepEqual(
    gts.received.map(({ path }) => path),
    ['/users/zork/inbox', '/users/zork/inbox']
  )
  // The Undo repeats the Follow, under an id at the root of the server.
  const follow = zork.activity('Follow', me, { id: zork.at('follow'), to: [me] })
  const { '@context': _, ...bare } = follow
  await tell(zork.activity('Undo', bare, { to: [me] }))
  assert.equal(await stateOf(zork.uri, me), undefined)
  await alice.submit('/settings/profile', { displayName: 'Alice', bio: '', isLocked: 'on' })
  await instance.runJobs()
  await tell(follow)
  assert.equal(await stateOf(zork.uri, me), 'pending')
  await alice.submit(`/accounts/${(await known()).id}/reject`)
  await instance.runJobs()
  await tell({ ...follow, id: zork.at('follow') })
  await alice.submit(`/accounts/${(await known()).id}/accept`)
  await instance.runJobs()
  assert.equal(await stateOf(zork.uri, me), 'accepted')
  assert.deepEqual(
    gts.received.slice(2).map(({ activity }) => activity.type),
    ['Reject', 'Accept']
  )
  // Ours is rejected after all.
  const { '@context': __, ...asked } = gts.of('Follow')[0] ?? {}
  await tell(zork.activity('Reject', asked, { to: [me] }))
  assert.equal(await stateOf(me, zork.uri), undefined)
  isContent()
})

test('a post of GoToSocial is read though single values stand where lists could', async (t) => {
  const { instance, alice, gts, zork, hear, befriend, isContent } = await startGoToSocialWorld(t)
  await befriend()
  const { post } = await hear('with all there is #welcome :rainbow: @alice', {
    summary: 'a warning',
    sensitive: true,
    attachment: [
      {
        blurhash: 'LIIE|gRj00WB-;j[t7j[4nWBj[Rj',
        focalPoint: [-0.5, 0.5],
        mediaType: 'image/jpeg',
        name: 'a picture',
        type: 'Image',
        url: `${gts.origin}/fileserver/01/attachment/original/1.jpg`
      }
    ],
    tag: [
      { href: alice.account.uri, name: '@alice@skerry.test', type: 'Mention' },
      { href: `${gts.origin}/tags/welcome`, name: '#welcome', type: 'Hashtag' },
      {
        icon: { mediaType: 'image/png', type: 'Image', url: `${gts.origin}/fileserver/01/emoji/original/r.png` },
        id: `${gts.origin}/emoji/01F8MH9H8E4VG3KDYJR9EGPXCQ`,
        name: ':rainbow:',
        type: 'Emoji',
        updated: '2021-09-20T12:40:37+02:00'
      }
    ]
  })
  const { db } = instance.ctx
  assert.deepEqual([post.visibility, post.warning, post.isSensitive, post.language], ['public', 'a warning', true, 'en'])
  assert.equal((await db.select().from(postMentions).where(eq(postMentions.postId, post.id))).length, 1)
  assert.equal((await db.select().from(postTags).where(eq(postTags.postId, post.id))).length, 1)
  const page = await alice.page('/home')
  for (const words of ['a warning', 'a picture', 'alt=":rainbow:"']) assert.ok(page.includes(words), words)
  const followers = [`${zork.uri}/followers`]
  const mention = { href: alice.account.uri, name: '@alice@skerry.test', type: 'Mention' }
  for (const [audience, visibility] of [
    [{ to: followers, cc: [everybody] }, 'unlisted'],
    [{ to: followers, cc: [] }, 'followers'],
    [{ to: [alice.account.uri], cc: [], tag: [mention] }, 'direct']
  ] as const) {
    const { post: other } = await hear(`for ${visibility}`, audience)
    assert.equal(other.visibility, visibility)
    if (visibility === 'direct')
      assert.equal((await db.select().from(postAudience).where(eq(postAudience.postId, other.id))).length > 0, true)
  }
  isContent()
})

test('GoToSocial gives every edit of a post the same id, and each counts', async (t) => {
  const { instance, zork, hear, tell, postAt, befriend, isContent } = await startGoToSocialWorld(t)
  await befriend()
  const { note, post } = await hear('first words')
  for (const words of ['second words', 'third words']) {
    instance.clock.advance(60_000)
    const updated = new Date(instance.clock.now()).toISOString().replace(/\.\d+Z/, 'Z')
    await tell(zork.wrap('Update', { ...note, content: `<p>${words}</p>`, contentMap: { en: `<p>${words}</p>` }, updated }))
    assert.ok((await postAt(note.id))?.html.includes(words))
  }
  assert.equal((await instance.ctx.db.select().from(postVersions).where(eq(postVersions.postId, post.id))).length, 2)
  await tell(zork.wrap('Delete', note))
  assert.ok((await postAt(note.id))?.deletedAt)
  isContent()
})

test('likes and boosts of GoToSocial come and are taken back', async (t) => {
  const { instance, alice, zork, say, tell, befriend, isContent } = await startGoToSocialWorld(t)
  await befriend()
  const me = alice.account.uri
  const post = await say('likeable')
  const like = zork.activity('Like', post.uri, { id: zork.at('liked'), to: [me] })
  const boost = zork.activity('Announce', post.uri, {
    id: zork.at('statuses'),
    to: [`${zork.uri}/followers`],
    cc: [me, everybody],
    published: '2026-11-24T04:00:00Z'
  })
  const counts = async () => {
    const [row] = await instance.ctx.db.select().from(posts).where(eq(posts.id, post.id))
    return [row?.favouritesCount, row?.boostsCount]
  }
  for (const activity of [like, boost]) await tell(activity)
  assert.deepEqual(await counts(), [1, 1])
  for (const { '@context': _, ...bare } of [like, boost]) await tell(zork.activity('Undo', bare, { to: bare.to, cc: bare.cc }))
  assert.deepEqual(await counts(), [0, 0])
  assert.equal((await instance.ctx.db.select().from(favourites)).length, 0)
  isContent()
})

test('a report, a block and the end of an account come from GoToSocial', async (t) => {
  const { instance, alice, gts, zork, known, say, tell, stateOf, befriend, isContent } = await startGoToSocialWorld(t)
  await befriend()
  const { db } = instance.ctx
  const me = String(alice.account.uri)
  const post = await say('reportable')
  const flag = {
    '@context': 'https://www.w3.org/ns/activitystreams',
    actor: gts.instanceAccount.uri,
    content: 'dark souls sucks',
    id: `${gts.origin}/reports/01GP3`,
    object: [me, post.uri],
    type: 'Flag'
  }
  await tell(flag, gts.instanceAccount)
  assert.deepEqual(
    (await db.select().from(reports)).map((row) => row.comment),
    ['dark souls sucks']
  )
  const block = zork.activity('Block', me, { id: zork.at('blocks'), to: [me] })
  await tell(block)
  assert.deepEqual([await stateOf(me, zork.uri), await stateOf(zork.uri, me)], [undefined, undefined])
  const { '@context': _, ...bare } = block
  await tell(zork.activity('Undo', bare, { to: [me] }))
  assert.equal((await db.select().from(blocks)).length, 0)
  await tell(zork.activity('Delete', zork.uri, { to: [`${zork.uri}/followers`], cc: [everybody] }))
  assert.ok((await known()).deletedAt)
  isContent()
})

test('GoToSocial and an instance where every request must be signed read each other', async (t) => {
  const world = await startGoToSocialWorld(t, { config: { federation: { authorizedFetch: 'required' } } })
  const { alice, gts, zork, say, hear, befriend, isContent } = world
  await befriend()
  const post = await say('signed for')
  assert.equal((await gts.read(post.uri, zork, 'post'))?.id, post.uri)
  assert.ok((await alice.page(`/@zork@gts.test`)).includes('zork on GoToSocial'))
  await hear('me too')
  isContent()
})

test('a Block is the first thing that GoToSocial hears of somebody here', async (t) => {
  const { alice, gts, known, instance, isContent } = await startGoToSocialWorld(t)
  await instance.ctx.fediverse.resolve('@zork@gts.test')
  await alice.submit(`/accounts/${(await known()).id}/block`)
  await instance.runJobs()
  assert.equal(gts.of('Block').length, 1)
  isContent()
})
