import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { interactions, quotes } from '#db/schema/quotes.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'

async function quoteStateOf({ instance, postAt }: World, uri: string) {
  const post = await postAt(uri)
  const [row] = await instance.ctx.db
    .select()
    .from(quotes)
    .where(eq(quotes.postId, post?.id ?? 0))
  return row?.state
}

test('OWN-28 whoever is let to quote one post has no right to the post that theirs quotes in truth', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, b, e } = world
  await world.knowing(b, e)
  const bait = await write(instance, 'alice', 'quote me, everybody')
  const guarded = b.note('said among friends of lamps', { interactionPolicy: { canQuote: { automaticApproval: [b.uri] } } })
  await b.send(b.activity('Create', guarded))
  const note = e.note('look', { quote: guarded.id })
  await e.send(e.activity('Create', note))
  await instance.runJobs()
  assert.equal(await quoteStateOf(world, note.id), 'pending')
  assert.equal((await e.send(e.activity('QuoteRequest', bait.uri, { instrument: note.id }))).status, 202)
  await instance.runJobs()
  assert.equal(await quoteStateOf(world, note.id), 'pending')
  const page = await alice.page(`/@eve@e.test/${(await world.postAt(note.id))?.id}`)
  assert.doesNotMatch(page, /said among friends/)
})

test('OWN-28 a request for a post of somebody else of that server does nothing to it', async (t) => {
  const world = await startWorld(t)
  const { instance, e } = world
  const other = await world.servers.e.actor('olaf')
  await world.knowing(e, other)
  const post = await write(instance, 'alice', 'quote me or answer')
  const standing = other.note('on its own')
  const quoting = other.note('look', { quote: post.uri })
  for (const note of [standing, quoting]) await other.send(other.activity('Create', note))
  await instance.runJobs()
  await e.send(e.activity('ReplyRequest', post.uri, { instrument: standing.id }))
  await e.send(e.activity('QuoteRequest', post.uri, { instrument: quoting.id }))
  await instance.runJobs()
  assert.equal((await world.postAt(standing.id))?.replyToId, null)
  assert.equal(await quoteStateOf(world, quoting.id), 'pending')
  await other.send(other.activity('QuoteRequest', post.uri, { instrument: quoting.id }))
  await instance.runJobs()
  assert.equal(await quoteStateOf(world, quoting.id), 'accepted')
})

test('a ReplyRequest cannot hang the beginning of a conversation below its own answer', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, e } = world
  await world.knowing(e)
  const root = e.note('the beginning')
  await e.send(e.activity('Create', root))
  const post = await world.postAt(root.id)
  const answer = await write(instance, 'alice', 'the answer', 'public', { replyToId: post?.id ?? 0 })
  await e.send(e.activity('ReplyRequest', answer.uri, { instrument: root.id }))
  await instance.runJobs()
  assert.equal((await world.postAt(root.id))?.replyToId, null)
  assert.match(await alice.page(`/@alice/${answer.id}`), /the beginning/)
})

test('two posts that each say to answer the other make no circle', async (t) => {
  const world = await startWorld(t)
  const { alice, e } = world
  await world.knowing(e)
  const one = e.note('the one')
  const other = e.note('the other', { inReplyTo: one.id })
  await e.send(e.activity('Create', other))
  await e.send(e.activity('Create', { ...one, inReplyTo: other.id }))
  const [first, second] = [await world.postAt(one.id), await world.postAt(other.id)]
  assert.ok(first && second)
  assert.ok(first.replyToId === null || second.replyToId === null)
  assert.match(await alice.page(`/@eve@e.test/${first.id}`), /the one/)
})

test('what was asked for of one person again and again takes little room', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, e } = world
  await world.knowing(e)
  const answer = await alice.submit('/posts', { text: 'no likes', visibility: 'public', idempotencyKey: 'x', canQuote: 'nobody' })
  assert.equal(answer.statusCode, 303)
  const [post] = await world.saying('no likes')
  for (let count = 0; count < 220; count += 1)
    await e.send(e.activity('QuoteRequest', post?.uri, { instrument: `https://e.test/notes/made-up-${count}` }))
  assert.ok((await instance.ctx.db.select().from(interactions)).length <= 200)
})

test('VIS-31 our word about an answer for few is for whoever wrote it alone, and so is that about a like', async (t) => {
  const world = await startWorld(t)
  const { alice, a, e, instance, servers } = world
  for (const actor of [a, e]) await actor.send(actor.activity('Follow', alice.account.uri))
  await instance.runJobs()
  const policies = { canReply: 'followers', canLike: 'followers' }
  await alice.submit('/posts', { text: 'among us', visibility: 'public', idempotencyKey: 'x', ...policies })
  const [post] = await world.saying('among us')
  await instance.runJobs()
  const tag = [{ type: 'Mention', href: alice.account.uri, name: '@alice' }]
  await e.send(e.activity('Create', e.note('psst', { inReplyTo: post?.uri, to: [alice.account.uri], cc: [], tag })))
  await e.send(e.activity('Like', post?.uri))
  await instance.runJobs()
  const acceptsAt = (host: 'a' | 'e') => servers[host].received.filter(({ activity }) => activity.type === 'Accept' && activity.result)
  assert.deepEqual(acceptsAt('a'), [])
  assert.deepEqual(
    acceptsAt('e').map(({ activity }) => activity.cc),
    [undefined, undefined]
  )
})

test('OWN-29 whoever is blocked quotes in no words, old or new', async (t) => {
  const world = await startWorld(t)
  const { alice, e, instance } = world
  await world.knowing(e)
  const post = await write(instance, 'alice', 'leave me alone')
  const eve = await world.accountAt(e.uri)
  await alice.submit(`/accounts/${eve?.id}/block`)
  await instance.runJobs()
  const note = e.note('look', { quoteUrl: post.uri, _misskey_quote: post.uri })
  await e.send(e.activity('Create', note))
  await instance.runJobs()
  assert.equal(await quoteStateOf(world, note.id), 'rejected')
})
