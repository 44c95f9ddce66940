import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { follows } from '#db/schema/follows.ts'
import { media } from '#db/schema/media.ts'
import { reactions } from '#db/schema/reactions.ts'
import { reports } from '#db/schema/moderation.ts'
import { catEmoji, startMisskeyWorld } from '#test/federation/misskey-world.ts'
import { everybody } from '#test/helpers/remote.ts'

const id = 'https://mk.test/users/9abc'

test('what Misskey shows to all, to its home, to followers and to some is seen by them here, and an empty warning still hides', async (t) => {
  const { alice, note, hear, say } = await startMisskeyWorld(t)
  const mine = await say('something to answer')
  const mention = { type: 'Mention', href: alice.account.uri, name: '@alice@skerry.test' }
  const open = await hear(note('1', 'open', { summary: '\u200b', sensitive: true }))
  const home = await hear(note('2', 'home', { to: [`${id}/followers`], cc: [everybody] }))
  const few = await hear(note('3', 'few', { to: [`${id}/followers`], cc: [] }))
  const one = await hear(note('4', 'only you', { to: [alice.account.uri], cc: [], tag: [mention] }))
  assert.deepEqual(
    [open, home, few, one].map(({ visibility }) => visibility),
    ['public', 'unlisted', 'followers', 'direct']
  )
  assert.match(await alice.page(`/@mika@mk.test/${open.id}`), /<details class="warning"/)
  // What is answered stands inside the answer as a whole, when it is the server's own.
  const inner = await hear(note('5', 'answered', { inReplyTo: note('2', 'home') }))
  const answer = await hear(note('6', 'to you', { inReplyTo: mine.uri, cc: [`${id}/followers`, alice.account.uri], tag: [mention] }))
  assert.deepEqual([inner.replyToId, answer.replyToId], [home.id, mine.id])
})

test('a renote is a boost and can be taken back, a quote is shown as one, and a change of reactions is one', async (t) => {
  const { instance, alice, note, hear, tell, say } = await startMisskeyWorld(t)
  const mine = await say('worth a reaction')
  const renote = {
    id: 'https://mk.test/notes/r/activity',
    actor: id,
    type: 'Announce',
    published: new Date(instance.clock.now()).toISOString(),
    to: [everybody],
    cc: [`${id}/followers`],
    object: mine.uri
  }
  const page = () => alice.page(`/@alice/${mine.id}`)
  await tell(renote)
  assert.match(await page(), /Boost, post by alice, 1 boost/)
  await tell({ id: `${renote.id}/undo`, type: 'Undo', object: renote })
  assert.doesNotMatch(await page(), /1 boost/)
  const line = `<br><br><span class="quote-inline">RE: <a href="${mine.uri}">${mine.uri}</a></span>`
  const quoting = await hear(note('q', 'look', { content: `<p>look${line}</p>`, _misskey_quote: mine.uri, quoteUrl: mine.uri }))
  assert.match(await alice.page(`/@mika@mk.test/${quoting.id}`), /worth a reaction/)
  const like = (reaction: string, number: number) => ({
    type: 'Like',
    id: `https://mk.test/likes/${number}`,
    actor: id,
    object: mine.uri,
    content: reaction,
    _misskey_reaction: reaction,
    ...(reaction.startsWith(':') ? { tag: [catEmoji] } : {})
  })
  await tell(like(':neko:', 1))
  // Another reaction in its place: the first is taken back, then comes the second.
  await tell({ id: 'https://mk.test/likes/1/undo', type: 'Undo', object: like(':neko:', 1), published: '2026-11-24T00:00:00.000Z' })
  await tell(like('🎉', 2))
  const kept = await instance.ctx.db.select().from(reactions)
  assert.deepEqual(
    kept.map(({ emoji }) => emoji),
    ['🎉']
  )
})

test('reactions with emoji of a third server, named with or without colons and host, come with their pictures and go again', async (t) => {
  const { instance, tell, say } = await startMisskeyWorld(t)
  const mine = await say('worth a reaction')
  const react = (content: string, name: string) => ({
    type: 'EmojiReact',
    id: `https://mk.test/reactions/${name}`,
    actor: id,
    object: mine.uri,
    content,
    tag: [{ type: 'Emoji', id: `https://mk.test/${name}.png`, name, icon: { type: 'Image', url: `https://mk.test/files/${name}.png` } }]
  })
  await tell(react(':fox:', 'fox'))
  await tell(react(':fox@ice.test:', 'fox@ice.test'))
  const kept = await instance.ctx.db.select().from(reactions)
  assert.deepEqual(kept.map(({ emoji }) => emoji).sort(), [':fox@mk.test:', ':fox_ice_test@mk.test:'])
  const pictures = await instance.ctx.db.select().from(media).where(eq(media.use, 'emoji'))
  // Neither has taken the place of the other.
  const own = pictures.map(({ remoteUrl }) => remoteUrl).filter((url) => url?.includes('/fox'))
  assert.deepEqual(own.sort(), ['https://mk.test/files/fox.png', 'https://mk.test/files/fox@ice.test.png'])
  await tell({ type: 'Undo', object: { ...react(':fox@ice.test:', 'fox@ice.test'), id: undefined } })
  const left = await instance.ctx.db.select().from(reactions)
  assert.deepEqual(
    left.map(({ emoji }) => emoji),
    [':fox@mk.test:']
  )
})

test('the counts of a poll come in by Updates that are no edits, and a vote of Misskey or Iceshrimp is no post', async (t) => {
  const { instance, note, hear, tell, say, postAt } = await startMisskeyWorld(t)
  const options = (a: number, b: number) => ({
    type: 'Question',
    endTime: null,
    oneOf: [
      { type: 'Note', name: 'a', _misskey_votes: a, replies: { type: 'Collection', totalItems: a } },
      { type: 'Note', name: 'b', _misskey_votes: b, replies: { type: 'Collection', totalItems: b } }
    ]
  })
  const poll = note('p', 'which', options(1, 0))
  await hear(poll)
  const published = new Date(instance.clock.now() + 60_000).toISOString()
  await tell({ id: `${id}#updates/1`, type: 'Update', to: [everybody], object: { ...poll, ...options(5, 2) }, published })
  const told = await postAt(poll.id)
  assert.deepEqual([told?.version, told?.editedAt], [1, null])
  const mine = await say('which?', { pollOption1: 'x', pollOption2: 'y', pollEnds: '86400' })
  assert.equal(mine.type, 'Question')
  const vote = { id: `${id}#votes/7`, type: 'Note', attributedTo: id, to: [mine.uri], inReplyTo: mine.uri, name: 'x' }
  await tell({ id: `${id}#votes/7/activity`, type: 'Create', to: [mine.uri], object: vote, published })
  assert.equal(await postAt(vote.id), undefined)
})

test('the system account of Misskey reports by a single address, a biting cat does nothing, and a follow that was ended goes by foreign ids', async (t) => {
  const { instance, alice, server, known, mika, tell } = await startMisskeyWorld(t)
  const system = await server.actor('sys1', { type: 'Application', preferredUsername: 'instance.actor', name: null, summary: null })
  const flag = { id: 'https://mk.test/flag-1', type: 'Flag', content: 'not nice', object: alice.account.uri }
  assert.equal((await system.send({ '@context': 'https://www.w3.org/ns/activitystreams', actor: system.uri, ...flag })).status, 202)
  await instance.runJobs()
  assert.equal((await instance.ctx.db.select().from(reports)).length, 1)
  await tell({ type: 'Bite', id: 'https://mk.test/bites/1', target: alice.account.uri })
  const follow = { type: 'Follow', id: `https://mk.test/follows/9abc/1`, actor: id, object: alice.account.uri }
  await tell(follow)
  await alice.submit(`/accounts/${(await known()).id}/follow`)
  await instance.runJobs()
  const [asked] = server.received.map(({ activity }) => activity).filter(({ type }) => type === 'Follow')
  await tell({ type: 'Accept', object: asked })
  const page = () => alice.page('/@mika@mk.test')
  assert.match(await page(), /Unfollow/)
  // Iceshrimp puts somebody out with a Follow under an id of its own.
  await tell({
    type: 'Reject',
    object: { id: 'https://mk.test/follows/x/9abc', type: 'Follow', actor: alice.account.uri, object: mika.uri }
  })
  assert.doesNotMatch(await page(), /Unfollow/)
  await tell({ type: 'Undo', id: `${follow.id}/undo`, object: follow })
  assert.equal((await instance.ctx.db.select().from(follows)).length, 0)
})

test('what Misskey shows first and wrote before is read from collections that hold whole notes', async (t) => {
  const { instance, alice, server, note } = await startMisskeyWorld(t)
  const [first, second] = [note('f1', 'shown first'), note('f2', 'written before')]
  const page = `${id}/outbox?page=true`
  const of = (type: string, orderedItems: unknown[], more = {}) => ({
    '@context': 'https://www.w3.org/ns/activitystreams',
    type,
    orderedItems,
    ...more
  })
  server.documents.set(
    '/users/9abc/collections/featured',
    of('OrderedCollection', [first], { id: `${id}/collections/featured`, totalItems: 1 })
  )
  server.documents.set('/users/9abc/outbox', {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: `${id}/outbox`,
    type: 'OrderedCollection',
    totalItems: 2,
    first: page
  })
  const create = {
    id: `${second.id}/activity`,
    actor: id,
    type: 'Create',
    published: second.published,
    object: second,
    to: second.to,
    cc: second.cc
  }
  server.documents.set('/users/9abc/outbox?page=true', of('OrderedCollectionPage', [create], { id: page, partOf: `${id}/outbox` }))
  await instance.ctx.fediverse.resolve('@mika@mk.test')
  await alice.page('/@mika@mk.test')
  await instance.runJobs()
  const profile = await alice.page('/@mika@mk.test')
  assert.ok(profile.indexOf('shown first') < profile.indexOf('written before'))
  assert.match(profile, /written before/)
})
