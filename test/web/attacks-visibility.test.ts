import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { follows } from '#db/schema/follows.ts'
import { media } from '#db/schema/media.ts'
import { notifications } from '#db/schema/notifications.ts'
import { postAudience, posts } from '#db/schema/posts.ts'
import { removeFollower } from '#server/follows/answer-request.ts'
import { blockAccount } from '#server/follows/block-account.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { uploadImage } from '#server/media/upload-image.ts'
import { eraseAccount } from '#server/moderation/erase-account.ts'
import { fileReport } from '#server/moderation/file-report.ts'
import { silenceAccount } from '#server/moderation/silence-account.ts'
import { suspendAccount } from '#server/moderation/suspend-account.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { textOf } from '#test/helpers/html.ts'
import { testPassword } from '#test/helpers/people.ts'
import { everybody } from '#test/helpers/remote.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { jpegOf } from '#test/media/pictures.ts'
import { signedGet } from '#test/web/crawler/viewers.ts'
import { asPeer, commonPages, lacks, seenOn, wholeCollection } from '#test/web/looks.ts'

const operator = { kind: 'operator' as const }

/** Alice with a post of each kind; bob is nobody to her, carol and ben of b.test follow her, dora is written to. */
async function startPrivate(t: TestContext) {
  const world = await startWorld(t)
  const { instance, alice, b } = world
  const { ctx } = instance
  const [bob, carol, dora] = [await instance.as('bob'), await instance.as('carol'), await instance.as('dora')]
  await followAccount(ctx, await whoIs(instance, 'carol'), { accountId: alice.account.id })
  await b.send(b.activity('Follow', alice.account.uri))
  const open = await write(instance, 'alice', 'MARK-public #island')
  const unlisted = await write(instance, 'alice', 'MARK-unlisted #island', 'unlisted')
  const among = await write(instance, 'alice', 'MARK-followers #island', 'followers')
  const direct = await write(instance, 'alice', '@dora MARK-direct #island', 'direct', { replyToId: open.id })
  await instance.runJobs()
  return { ...world, ctx, bob, carol, dora, open, unlisted, among, direct, guest: instance.guest() }
}

const secrets = /MARK-(followers|direct)/
const pathOf = (uri: string) => new URL(uri).pathname

test('VIS-01: collections hold public and unlisted posts, and count no others', async (t) => {
  const { guest, open, unlisted } = await startPrivate(t)
  const outbox = await wholeCollection(guest, '/@alice/outbox')
  assert.match(outbox, /MARK-public/)
  assert.match(outbox, /MARK-unlisted/)
  assert.equal((await guest.get('/@alice/outbox', asPeer)).json().totalItems, 2)
  const hanging = [open, unlisted].flatMap(({ uri }) => ['replies', 'likes', 'shares'].map((each) => `${pathOf(uri)}/${each}`))
  for (const path of ['/@alice/outbox', '/@alice/featured', '/@alice/followers', '/@alice/following', ...hanging]) {
    const text = await wholeCollection(guest, path)
    lacks(text, secrets, path)
    lacks(text, / 5\d\d /, path)
  }
})

test('VIS-02: whatever may be a feed one day, none shows what is private', async (t) => {
  const { guest } = await startPrivate(t)
  const roots = ['/@alice', '/tags/island', '/local', '/federated', '/feed', '/']
  for (const path of roots.flatMap((root) =>
    ['.atom', '.rss', '.json', '/feed', '/feed.atom', '/rss'].map((ending) => `${root}${ending}`)
  )) {
    const { statusCode, body } = await guest.get(path)
    assert.ok(statusCode < 500, path)
    lacks(body, secrets, path)
  }
})

test('VIS-03: a direct answer does not show under the public post it answers', async (t) => {
  const { guest, instance, open, bob } = await startPrivate(t)
  await write(instance, 'bob', '@alice MARK-direct from bob', 'direct', { replyToId: open.id })
  const path = pathOf(open.uri)
  assert.match(await guest.page(path), /MARK-public/)
  for (const who of [guest, instance.guest()]) lacks(await seenOn(who, [path]), secrets)
  lacks(await wholeCollection(guest, `${path}/replies`), secrets)
  assert.match(await bob.page(path), /MARK-direct from bob/)
})

test('VIS-04: a direct post is not there for anybody else, by whatever route', async (t) => {
  const { carol, direct, instance, dora } = await startPrivate(t)
  const path = pathOf(direct.uri)
  const gets = instance.app.routeTable.filter(({ method, url }) => method === 'GET' && /:id/.test(url) && !url.startsWith('/admin'))
  assert.ok(gets.length >= 5)
  for (const { url } of gets) {
    const asked = url.replace(/:(handle|name)/, 'alice').replace(':id', String(direct.id))
    for (const headers of [undefined, asPeer, { accept: 'application/json' }]) {
      const { statusCode, body } = await carol.get(asked, headers)
      assert.ok(statusCode === 404 || (statusCode < 400 && !secrets.test(body)), `${asked}: ${statusCode}`)
      lacks(body, secrets, asked)
    }
  }
  const acts = instance.app.routeTable.filter(({ method, url }) => method === 'POST' && url.startsWith('/posts/:id/'))
  assert.ok(acts.length >= 6)
  for (const { url } of acts) {
    const asked = url.replace(':id', String(direct.id))
    const { statusCode, body } = await carol.submit(asked, { text: 'x', comment: 'x', category: 'spam' })
    assert.equal(statusCode, 404, asked)
    lacks(body, secrets, asked)
  }
  lacks(
    await seenOn(carol, [
      ...commonPages,
      '/tags/island',
      '/search?q=MARK-direct',
      `/search?q=${encodeURIComponent(direct.uri)}`,
      '/@alice',
      '/@alice/replies',
      '/@dora'
    ]),
    /MARK-direct #|MARK-direct <a/
  )
  assert.match(await dora.page(path), /MARK-direct/)
})

test('VIS-05: a followers-only post is given to no peer but a follower who signs', async (t) => {
  const { among, instance, a, b, e, guest, knowing } = await startPrivate(t)
  await knowing(a, e)
  const path = pathOf(among.uri)
  const ask = async (headers: Record<string, string>) => (await guest.get(path, headers)).statusCode
  assert.equal(await ask(asPeer), 404)
  assert.equal(await ask(signedGet(instance, path, a)), 404)
  assert.equal(await ask(signedGet(instance, path, { keyId: b.keyId, keys: e.keys })), 404, 'somebody says to be the follower')
  assert.equal(await ask(signedGet(instance, `${path}?x=1`, b)), 404, 'a signature for another address')
  assert.equal(await ask(signedGet(instance, path, b)), 200)
  assert.equal(await ask(asPeer), 404)
})

test('VIS-07: nobody passes on what was kept to a circle', async (t) => {
  const { carol, dora, among, direct, b, a, instance, ctx, alice } = await startPrivate(t)
  assert.equal((await carol.submit(`/posts/${among.id}/boost`)).statusCode, 403)
  assert.equal((await dora.submit(`/posts/${direct.id}/boost`)).statusCode, 403)
  for (const actor of [a, b]) {
    for (const post of [among, direct]) await actor.send(actor.activity('Announce', post.uri, { to: [everybody] }))
  }
  await instance.runJobs()
  assert.deepEqual(
    (await ctx.db.select().from(posts)).filter(({ boostOfId }) => boostOfId !== null),
    []
  )
  assert.equal(await ctx.db.$count(notifications, eq(notifications.accountId, alice.account.id)), 2, 'two follows, no boosts')
})

test('VIS-09: nobody but its author says whom a post is for', async (t) => {
  const { a, b, bob, carol, postAt, instance, ctx } = await startPrivate(t)
  const note = b.note('MARK-direct of ben', { to: [bob.account.uri], cc: [] })
  await b.send(b.activity('Create', note), { to: '/@bob/inbox' })
  const before = await postAt(note.id)
  assert.ok(before)
  const wider = { ...note, to: [carol.account.uri, everybody], cc: [] }
  for (const activity of [
    a.activity('Create', wider),
    a.activity('Update', wider),
    a.activity('Announce', wider),
    a.activity('Create', note.id, { to: [carol.account.uri] })
  ]) {
    await a.send(activity)
  }
  await instance.runJobs()
  const after = await postAt(note.id)
  assert.equal(after?.visibility, 'direct')
  const audience = await ctx.db.select().from(postAudience).where(eq(postAudience.postId, before.id))
  assert.deepEqual(
    audience.map(({ accountId }) => accountId),
    [bob.account.id]
  )
  lacks(await seenOn(carol, [...commonPages, `/@ben@b.test/${before.id}`]), /MARK-direct/)
})

test('VIS-10: answering what one may not see shows nothing of it', async (t) => {
  const { bob, among } = await startPrivate(t)
  const path = pathOf(among.uri)
  const answer = await bob.submit('/posts', { text: 'what did you say?', visibility: 'public', replyTo: String(among.id) })
  assert.equal(answer.statusCode, 409)
  lacks(answer.body, secrets)
  assert.equal((await bob.get(`${path}?reply`)).statusCode, 404)
  const quoting = await bob.submit('/posts', { text: `look: ${among.uri}`, visibility: 'public' })
  assert.equal(quoting.statusCode, 303)
  lacks(await seenOn(bob, ['/home', '/@bob', `/search?q=${encodeURIComponent(among.uri)}`]), secrets)
})

test('VIS-12: nobody reports, and thereby reads, what they may not see', async (t) => {
  const { ctx, instance, alice, among, direct, open } = await startPrivate(t)
  const bob = await whoIs(instance, 'bob')
  const report = (id: number) => fileReport(ctx, bob, { accountId: alice.account.id, postIds: [id], category: 'spam', comment: 'x' })
  for (const post of [among, direct]) await assert.rejects(report(post.id), { kind: 'missing' })
  assert.ok(await report(open.id))
})

test('VIS-13: no search finds what is not for whoever searches', async (t) => {
  const { bob, carol, guest } = await startPrivate(t)
  for (const who of [guest, bob, carol]) {
    for (const words of [
      'MARK',
      'MARK-followers',
      'MARK-direct',
      'MARK-unlisted',
      '%',
      '_',
      'MARK%',
      '"MARK',
      "MARK' or 1=1 --",
      'MARK*',
      '#island'
    ]) {
      const articles = (await who.page(`/search?q=${encodeURIComponent(words)}`)).split('<article').slice(1).join('')
      lacks(articles, who === carol ? /MARK-(direct|unlisted)/ : /MARK-(direct|unlisted|followers)/, words)
    }
  }
})

test('VIS-14: public timelines hold public posts of people who are not silenced', async (t) => {
  const { guest, instance, ctx, a } = await startPrivate(t)
  const note = a.note('MARK-silenced #island', { tag: [{ type: 'Hashtag', name: '#island', href: 'https://a.test/tags/island' }] })
  await a.send(a.activity('Create', note))
  await instance.as('loud')
  await write(instance, 'loud', 'MARK-silenced too #island')
  const lists = ['/local', '/federated', '/tags/island']
  const before = await seenOn(guest, lists)
  assert.match(before, /MARK-silenced too/)
  lacks(before, /MARK-(unlisted|followers|direct)/)
  const [remote] = await ctx.db.select().from(posts).where(eq(posts.uri, note.id))
  const loud = (await instance.as('loud')).account
  for (const accountId of [remote?.authorId, loud.id])
    if (accountId !== undefined) await silenceAccount(ctx, operator, { accountId, reason: 'test' })
  lacks(await seenOn(guest, lists), /MARK-(silenced|unlisted|followers|direct)/)
})

test('VIS-15: only the author’s own followers are meant by a followers address', async (t) => {
  const { a, b, alice, carol, ctx, instance, postAt } = await startPrivate(t)
  const followers = `${alice.account.uri}/followers`
  const note = a.note('MARK-spoofed', { to: [followers, `${b.uri}/followers`], cc: [] })
  await a.send(a.activity('Create', note))
  await a.send(a.activity('Create', a.note('MARK-spoofed too', { to: [followers], cc: [] })), { to: '/@alice/inbox' })
  await instance.runJobs()
  const post = await postAt(note.id)
  const audience = post ? await ctx.db.select().from(postAudience).where(eq(postAudience.postId, post.id)) : []
  assert.deepEqual(
    audience.filter(({ kind }) => kind === 'followers'),
    []
  )
  lacks(await seenOn(carol, commonPages), /MARK-spoofed/)
})

test('VIS-16: nothing that is sent or served names blind recipients', async (t) => {
  const { a, b, servers, guest, instance, ctx, alice, carol, postAt, knowing } = await startPrivate(t)
  await knowing(b)
  await write(instance, 'alice', '@ben@b.test MARK-direct blind', 'direct')
  await instance.runJobs()
  assert.ok(servers.b.received.some(({ activity }) => JSON.stringify(activity).includes('MARK-direct blind')))
  for (const { activity } of servers.b.received) lacks(JSON.stringify(activity), /"(bto|bcc)"/)
  const note = a.note('MARK-blind', { to: [a.uri], cc: [], bto: [alice.account.uri], bcc: [carol.account.uri] })
  await a.send(a.activity('Create', note, { bto: [alice.account.uri], bcc: [carol.account.uri] }))
  await instance.runJobs()
  const post = await postAt(note.id)
  lacks(await seenOn(guest, [...commonPages, ...(post ? [`/@ana@a.test/${post.id}`] : [])]), /MARK-blind/)
  // Whoever was named blindly is not shown to the other.
  if (post) lacks(textOf(await seenOn(alice, [`/@ana@a.test/${post.id}`])), /carol/)
  assert.equal(await ctx.db.$count(posts, eq(posts.visibility, 'public')), 1)
})

test('VIS-17: a followers-only post of a peer is for its local followers alone', async (t) => {
  const { a, alice, bob, instance, ctx, accountAt, knowing, postAt } = await startPrivate(t)
  await knowing(a)
  const ana = await accountAt(a.uri)
  await followAccount(ctx, await whoIs(instance, 'alice'), { accountId: ana!.id })
  await instance.runJobs()
  const [follow] = await ctx.db.select().from(follows).where(eq(follows.followedId, ana!.id))
  await a.send(a.activity('Accept', { type: 'Follow', id: follow!.uri, actor: alice.account.uri, object: a.uri }))
  const note = a.note('MARK-for-followers', { to: [`${a.uri}/followers`], cc: [] })
  await a.send(a.activity('Create', note))
  await instance.runJobs()
  const post = await postAt(note.id)
  const pages = [...commonPages, '/@ana@a.test', `/@ana@a.test/${post?.id}`]
  assert.match(await seenOn(alice, pages), /MARK-for-followers/)
  for (const who of [bob, instance.guest()]) lacks(await seenOn(who, pages), /MARK-for-followers/)
})

test('VIS-18: what one could see is gone with the follow, and a block hides both from each other', async (t) => {
  const { carol, alice, among, open, ctx, instance } = await startPrivate(t)
  const path = pathOf(among.uri)
  assert.equal((await carol.get(path)).statusCode, 200)
  await removeFollower(ctx, await whoIs(instance, 'alice'), { accountId: carol.account.id })
  assert.equal((await carol.get(path)).statusCode, 404)
  lacks(await seenOn(carol, commonPages), secrets)
  await followAccount(ctx, await whoIs(instance, 'carol'), { accountId: alice.account.id })
  assert.equal((await carol.get(path)).statusCode, 200)
  const own = await write(instance, 'carol', 'MARK-carol')
  await blockAccount(ctx, await whoIs(instance, 'alice'), { accountId: carol.account.id })
  for (const asked of [path, pathOf(open.uri)]) assert.equal((await carol.get(asked)).statusCode, 404)
  assert.equal((await alice.get(pathOf(own.uri))).statusCode, 404)
  lacks(await seenOn(carol, [...commonPages, '/@alice', '/@alice/replies', '/tags/island']), /MARK-(public|unlisted|followers)/)
  lacks(await seenOn(alice, [...commonPages, '/@carol']), /MARK-carol/)
})

test('VIS-19: an answer to one asker is not given to the next, in whatever order they ask', async (t) => {
  const { instance, ctx, e, b, guest, alice, accountAt, knowing, carol } = await startPrivate(t)
  await knowing(e)
  await blockAccount(ctx, await whoIs(instance, 'alice'), { accountId: (await accountAt(e.uri))!.id })
  const asPeerOf = (actor: typeof e) => async (path: string) => {
    instance.clock.advance(1_000)
    return (await guest.get(path, signedGet(instance, path, actor))).statusCode
  }
  for (const path of ['/@alice', '/@alice/outbox', '/@alice/outbox?page=1']) {
    for (const order of [
      [e, b],
      [b, e]
    ]) {
      // The actor itself is for whoever is blocked too: with its keys a server believes the Block.
      for (const actor of order)
        assert.equal(await asPeerOf(actor)(path), actor === e && path !== '/@alice' ? 404 : 200, `${actor.uri} ${path}`)
    }
    const { headers } = await guest.get(path, asPeer)
    assert.match(String(headers.vary), /Signature/)
    assert.match(String(headers['cache-control']), /no-cache|private|no-store/)
  }
  const tagOf = async (who: typeof guest) => (await who.get('/@alice')).headers.etag
  const [mine, theirs, nobodys] = [await tagOf(alice), await tagOf(carol), await tagOf(instance.guest())]
  assert.equal(new Set([mine, theirs, nobodys]).size, 3)
  const notMine = await instance.guest().get('/@alice', { 'if-none-match': String(mine) })
  assert.equal(notMine.statusCode, 200)
})

test('VIS-20: a caching proxy can keep nothing of what one person saw', async (t) => {
  const { alice, instance, open } = await startPrivate(t)
  for (const path of ['/', '/home', '/@alice', pathOf(open.uri), '/local', '/tags/island', '/about', '/search?q=x']) {
    const { headers } = await alice.get(path)
    assert.match(String(headers['cache-control']), /private|no-store/, path)
    assert.match(String(headers.vary ?? 'Cookie'), /Cookie/, path)
    const stranger = await instance.guest().get(path)
    if (/public/.test(String(stranger.headers['cache-control']))) {
      assert.equal(stranger.headers['set-cookie'], undefined, path)
      lacks(stranger.body, /name="csrf"/, path)
    }
  }
})

test('VIS-22: one address answers pages to browsers and documents to peers, never the wrong one, never an error of ours', async (t) => {
  const { guest, open } = await startPrivate(t)
  const html = /^text\/html/
  const activity = /^application\/(activity|ld)\+json/
  const table: [string, RegExp][] = [
    ['text/html', html],
    ['*/*', html],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', html],
    ['text/html;q=0.9, application/activity+json;q=0.1', html],
    ['application/activity+json', activity],
    ['application/ld+json; profile="https://www.w3.org/ns/activitystreams"', activity],
    ['application/activity+json, application/ld+json', activity],
    ['application/json', activity],
    ['text/html;q=0.1, application/activity+json;q=0.9', activity]
  ]
  for (const path of [pathOf(open.uri), '/@alice']) {
    for (const [accept, type] of table) {
      const { statusCode, headers } = await guest.get(path, { accept })
      assert.equal(statusCode, 200, `${path} ${accept}`)
      assert.match(String(headers['content-type']), type, `${path} ${accept}`)
      assert.match(String(headers.vary), /(^|,\s*)Accept(,|$)/i, `${path} ${accept}`)
    }
    for (const accept of ['image/png', 'text/turtle', ',;q=', 'application/activity+json;q=nonsense', 'a'.repeat(5_000)]) {
      const { statusCode } = await guest.get(path, { accept })
      assert.ok(statusCode < 500, `${path} ${accept.slice(0, 40)}: ${statusCode}`)
    }
  }
})

test('VIS-23: nothing is left of a deleted post, nor of an erased account, whose name is never given again', async (t) => {
  const { alice, instance, ctx, guest, carol } = await startPrivate(t)
  const who = await whoIs(instance, 'alice')
  const picture = await uploadImage(ctx, who, { bytes: await jpegOf() })
  const post = await publishPost(ctx, who, { text: '@carol MARK-gone #island', media: [{ id: picture.id, alt: 'MARK-gone-alt' }] })
  await instance.runJobs()
  const [row] = await ctx.db.select().from(media).where(eq(media.id, picture.id))
  const path = pathOf(post.uri)
  const pages = [...commonPages, '/tags/island', '/@alice', '/@alice/media', path, `${path}/history`, '/search?q=MARK-gone']
  assert.match(await seenOn(carol, pages), /MARK-gone/)
  await alice.submit(`/posts/${post.id}/delete`)
  await instance.runJobs()
  for (const viewer of [guest, carol, alice]) {
    const seen = await seenOn(
      viewer,
      pages.filter((each) => !each.startsWith('/search'))
    )
    lacks(seen, /MARK-gone/)
  }
  assert.equal((await guest.get(path)).statusCode, 410)
  const tombstone = await guest.get(path, asPeer)
  assert.deepEqual([tombstone.statusCode, tombstone.json().type], [410, 'Tombstone'])
  assert.equal((await guest.get(`/media/${row!.key}`)).statusCode, 404)

  await suspendAccount(ctx, operator, { accountId: alice.account.id, reason: 'test' })
  await eraseAccount(ctx, operator, { accountId: alice.account.id, reason: 'test' })
  await instance.runJobs()
  for (const headers of [undefined, asPeer]) assert.equal((await guest.get('/@alice', headers)).statusCode, 410)
  lacks(await seenOn(carol, [...commonPages, '/tags/island', '/search?q=alice']), /MARK-/)
  await ctx.transact((tx) => ctx.settings.change(tx, { signUp: 'open' }))
  for (const name of ['alice', 'ALICE', 'Alice']) {
    const again = await instance
      .guest()
      .submit('/sign-up', { name, email: `${name}2@mail.test`, password: testPassword, reason: '', inviteCode: '', consent: 'on' })
    assert.equal(again.statusCode, 409, name)
  }
})

test('VIS-25: of a suspended remote account nothing shows, by whichever way it comes', async (t) => {
  const { a, b, ctx, instance, accountAt, alice, guest, postAt } = await startPrivate(t)
  const old = a.note('MARK-suspended old #island')
  await a.send(a.activity('Create', old))
  await followAccount(ctx, await whoIs(instance, 'alice'), { accountId: (await accountAt(b.uri))!.id })
  await suspendAccount(ctx, operator, { accountId: (await accountAt(a.uri))!.id, reason: 'test' })
  const fresh = a.note('MARK-suspended new #island')
  await a.send(a.activity('Create', fresh))
  await a.send(a.activity('Like', `${alice.account.uri}`))
  for (const note of [old, fresh]) await b.send(b.activity('Announce', note.id, { to: [everybody], cc: [`${b.uri}/followers`] }))
  await instance.runJobs()
  const post = await postAt(old.id)
  const pages = [
    ...commonPages,
    '/tags/island',
    '/@ana@a.test',
    '/@ben@b.test',
    `/@ana@a.test/${post!.id}`,
    `/search?q=${encodeURIComponent(fresh.id)}`,
    `/search?q=${encodeURIComponent('@ana@a.test')}`,
    '/search?q=MARK-suspended'
  ]
  for (const who of [alice, guest]) lacks(await seenOn(who, pages), /MARK-suspended (old|new)/)
  assert.equal((await alice.get('/@ana@a.test')).statusCode, 404)
})

test('VIS-28: a page of a post that is not public is not there for robots, and tells nothing of it', async (t) => {
  const { guest, among, direct } = await startPrivate(t)
  for (const { uri } of [among, direct]) {
    const { statusCode, body } = await guest.get(pathOf(uri), { 'user-agent': 'facebookexternalhit/1.1' })
    assert.equal(statusCode, 404)
    lacks(body, secrets)
    lacks(body, /property="og:|name="description"/i)
  }
})
