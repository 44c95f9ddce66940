import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { pins, posts } from '#db/schema/posts.ts'
import { plainContext } from '#test/federation/gotosocial-account.ts'
import type { Json } from '#test/federation/gotosocial-rules.ts'
import { startGoToSocialWorld } from '#test/federation/gotosocial-world.ts'

const dayMs = 24 * 60 * 60_000
const context = plainContext[1]

test('what GoToSocial shows of an account is read: older posts by id alone, one pinned post that is no list', async (t) => {
  const { instance, alice, gts, zork, known, isContent } = await startGoToSocialWorld(t)
  const publish = (url: string, json: Json) => gts.documents.set(url.slice(gts.origin.length), { '@context': context, ...json })
  const notes = Array.from({ length: 3 }, (_, at) =>
    zork.note(`long ago ${at}`, { published: new Date(instance.clock.now() - (at + 1) * dayMs).toISOString().replace(/\.\d+Z/, 'Z') })
  )
  const outbox = `${zork.uri}/outbox`
  publish(outbox, { id: outbox, type: 'OrderedCollection', totalItems: 3, first: `${outbox}?limit=40` })
  const items = notes.map(({ id, to, cc, published }) => ({
    actor: zork.uri,
    cc,
    id: `${id}/activity#Create`,
    object: id,
    published,
    to,
    type: 'Create'
  }))
  const [last] = notes.slice(-1)
  publish(`${outbox}?limit=40`, {
    id: `${outbox}?limit=40`,
    type: 'OrderedCollectionPage',
    partOf: outbox,
    totalItems: 3,
    orderedItems: items.slice(0, 2),
    next: `${outbox}?limit=40&max_id=${notes[1]?.id.split('/').at(-1)}`,
    prev: `${outbox}?limit=40&min_id=${notes[0]?.id.split('/').at(-1)}`
  })
  // Pages go on until there is one without posts.
  const second = `${outbox}?limit=40&max_id=${notes[1]?.id.split('/').at(-1)}`
  const third = `${outbox}?limit=40&max_id=${last?.id.split('/').at(-1)}`
  publish(second, { id: second, type: 'OrderedCollectionPage', partOf: outbox, orderedItems: items[2], next: third })
  publish(third, { id: third, type: 'OrderedCollectionPage', partOf: outbox })
  const featured = `${zork.uri}/collections/featured`
  publish(featured, { id: featured, type: 'OrderedCollection', totalItems: 1, orderedItems: last?.id })

  await instance.ctx.fediverse.resolve('@zork@gts.test')
  await alice.page('/@zork@gts.test')
  await instance.runJobs()
  const rows = await instance.ctx.db.select().from(posts)
  assert.deepEqual(rows.map(({ uri }) => uri).sort(), notes.map(({ id }) => id).sort())
  const pinned = await instance.ctx.db
    .select()
    .from(pins)
    .where(eq(pins.accountId, (await known()).id))
  assert.deepEqual(
    pinned.map(({ postId }) => postId),
    rows.filter(({ uri }) => uri === last?.id).map(({ id }) => id)
  )
  isContent()
})

test('answers are found behind the first page that GoToSocial embeds, and a page that leads to itself ends', async (t) => {
  const { alice, instance, gts, zork, hear, postAt, befriend, isContent } = await startGoToSocialWorld(t)
  await befriend()
  const other = await gts.account('other')
  const { note, post } = await hear('who knows?')
  const answer = other.note('I do', { inReplyTo: note.id })
  const replies = `${note.id}/replies`
  const at = (query: string) => `${replies.slice(gts.origin.length)}${query}`
  const first = {
    id: `${replies}?page=true`,
    next: `${replies}?page=true&only_other_accounts=false`,
    partOf: replies,
    type: 'CollectionPage'
  }
  gts.documents.set(at(''), { '@context': context, id: replies, type: 'Collection', first })
  gts.documents.set(at('?page=true&only_other_accounts=false'), { '@context': context, ...first, id: first.next, items: answer.id })
  await alice.page(`/@zork@gts.test/${post.id}`)
  for (let round = 0; round < 4; round += 1) await instance.runJobs()
  assert.equal((await postAt(answer.id))?.replyToId, post.id)
  const asked = gts.requests.filter((request) => request.includes('/replies'))
  assert.ok(asked.length <= 3, asked.join())
  assert.ok(zork.uri)
  isContent()
})

test('an account of GoToSocial that moves takes its followers along', async (t) => {
  const { alice, gts, zork, tell, stateOf, befriend, instance, isContent } = await startGoToSocialWorld(t)
  await befriend()
  const next = await gts.account('next', { alsoKnownAs: [zork.uri] })
  zork.document = { ...zork.document, movedTo: next.uri }
  const audience = { to: [`${zork.uri}/followers`], cc: undefined }
  await tell(zork.activity('Move', zork.uri, { target: next.uri, ...audience }))
  await instance.runJobs()
  assert.equal(await stateOf(String(alice.account.uri), next.uri), 'pending')
  isContent()
})

test('GoToSocial reads for its accounts what they may see, and nothing else, though it never met us before', async (t) => {
  const { gts, zork, say, befriend, isContent } = await startGoToSocialWorld(t)
  const other = await gts.account('other')
  const open = await say('for all')
  assert.equal((await gts.read(open.uri, other, 'post'))?.id, open.uri)
  await befriend()
  for (const visibility of ['followers', 'direct']) {
    const post = await say(`${visibility} for @zork@gts.test`, { visibility })
    assert.equal((await gts.read(post.uri, zork, 'post'))?.id, post.uri, visibility)
    assert.equal(await gts.read(post.uri, other, 'post'), undefined, visibility)
    assert.equal(await gts.read(post.uri, gts.instanceAccount, 'post'), undefined, visibility)
  }
  isContent()
})

test('a followers-only post of GoToSocial that is boosted there is read in the name of who follows', async (t) => {
  const { alice, gts, zork, tell, postAt, befriend, isContent } = await startGoToSocialWorld(t)
  await befriend()
  const note = zork.note('among us', { to: [`${zork.uri}/followers`], cc: undefined })
  const boost = zork.activity('Announce', note.id, {
    id: zork.at('statuses'),
    to: [`${zork.uri}/followers`],
    published: '2026-11-24T04:00:00Z'
  })
  await tell(boost)
  const post = await postAt(note.id)
  assert.equal(post?.visibility, 'followers')
  assert.ok((await alice.page('/home')).includes('among us'))
  assert.ok(gts.requests.some((request) => request === `GET ${new URL(note.id).pathname}`))
  isContent()
})
