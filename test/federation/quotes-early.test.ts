import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { quotes } from '#db/schema/quotes.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import { receivePost } from '#server/posts/receive-post.ts'
import { cleanToldPost } from '#server/posts/received-post.ts'
import { startWorld } from '#test/federation/attack-world.ts'

/** Ana quotes a note of ben's that is not served to us: it can only come by itself. */
async function startQuote(t: TestContext) {
  const world = await startWorld(t)
  const { a, b, servers, instance } = world
  await world.knowing(a, b)
  const { ctx } = instance
  const quoted = b.note('said by ben')
  servers.b.documents.set(new URL(quoted.id).pathname, { status: 404 })
  const note = a.note('look', { quoteUrl: quoted.id })
  const [ana, ben] = [(await findAccountByUri(ctx.db, a.uri))!, (await findAccountByUri(ctx.db, b.uri))!]
  const told = (uri: string, authorId: number, quotedUri?: string) =>
    cleanToldPost({
      uri,
      authorId,
      type: 'Note',
      html: '<p>words</p>',
      publicIn: 'to',
      isForFollowers: false,
      mentionIds: [],
      silentIds: [],
      tags: [],
      media: [],
      ...(quotedUri === undefined ? {} : { quote: { uri: quotedUri, isLegacy: true } })
    })
  const quoteOf = async () => {
    const post = await world.postAt(note.id)
    const [row] = await ctx.db
      .select()
      .from(quotes)
      .where(eq(quotes.postId, post?.id ?? 0))
    return row
  }
  return { ...world, ctx, quoted, note, quoteOf, told, ana, ben }
}

test('a quote that came before what it quotes finds it when that comes by itself', async (t) => {
  const { instance, a, b, note, quoted, quoteOf, postAt } = await startQuote(t)
  await a.send(a.activity('Create', note))
  await instance.runJobs()
  assert.deepEqual([(await quoteOf())?.state, (await quoteOf())?.quotedId], ['pending', null])
  await b.send(b.activity('Create', quoted))
  await instance.runJobs()
  assert.deepEqual([(await quoteOf())?.state, (await quoteOf())?.quotedId], ['unverified', (await postAt(quoted.id))?.id])
})

test('a quote that came first has its authorization read when what it quotes comes', async (t) => {
  const { instance, a, b, servers, note, quoted, quoteOf } = await startQuote(t)
  const stamp = 'https://b.test/stamps/1'
  servers.b.documents.set('/stamps/1', {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: stamp,
    type: 'QuoteAuthorization',
    attributedTo: b.uri,
    interactingObject: note.id,
    interactionTarget: quoted.id
  })
  await a.send(a.activity('Create', { ...note, quoteUrl: undefined, quote: quoted.id, quoteAuthorization: stamp }))
  await instance.runJobs()
  assert.equal((await quoteOf())?.state, 'pending')
  await b.send(b.activity('Create', quoted))
  await instance.runJobs()
  assert.equal((await quoteOf())?.state, 'accepted')
})

for (const first of ['the quote', 'the quoted post'] as const) {
  test(`a post and a quote of it that come at one moment find each other, though ${first} is written first and not committed yet`, async (t) => {
    const { ctx, note, quoted, quoteOf, postAt, told, ana, ben } = await startQuote(t)
    const [quoting, plain] = [told(note.id, ana.id, quoted.id), told(quoted.id, ben.id)]
    const [early, late] = first === 'the quote' ? [quoting, plain] : [plain, quoting]
    let isWritten: () => void = () => undefined
    const written = new Promise<void>((resolve) => (isWritten = resolve))
    const earlier = ctx.transact(async (tx) => {
      await receivePost(tx, ctx.random, early)
      isWritten()
      // Not committed yet, while the other comes in.
      await new Promise((resolve) => setTimeout(resolve, 200))
    })
    await written
    await Promise.all([ctx.transact((tx) => receivePost(tx, ctx.random, late)), earlier])
    const found = await quoteOf()
    assert.deepEqual([found?.state, found?.quotedId], ['unverified', (await postAt(quoted.id))?.id])
  })
}
