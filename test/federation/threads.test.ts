import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { notifications } from '#db/schema/notifications.ts'
import { posts } from '#db/schema/posts.ts'
import { threadPulls, threadSources } from '#db/schema/threads.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { activityStreams, remote, type RemoteActor } from '#test/helpers/remote.ts'

const activityJson = 'application/activity+json'

/** A conversation over three servers, of which this one was sent a single answer in the middle. */
async function conversation(t: TestContext) {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const [a, b, c] = await Promise.all(['a.test', 'b.test', 'c.test'].map((host) => remote(t, instance, host)))
  const [root, middle, far] = [await a!.actor('rita'), await b!.actor('ben'), await c!.actor('cleo')]
  const note = (actor: RemoteActor, words: string, fields: Record<string, unknown> = {}) => actor.note(words, fields)
  const first = note(root, 'the first word')
  const second = note(middle, 'the second word', { inReplyTo: first.id })
  const third = note(far, 'the third word', { inReplyTo: second.id })
  const side = note(far, 'a word aside', { inReplyTo: first.id })
  const deep = note(root, 'the deepest word', { inReplyTo: third.id })
  const stray = note(root, 'of another conversation')
  const list = (peer: typeof a, path: string, items: unknown[], more = {}) => {
    const id = peer!.origin + path
    const body = JSON.stringify({ '@context': activityStreams, id, type: 'Collection', totalItems: items.length, items, ...more })
    peer!.documents.set(path, { type: activityJson, body })
    return id
  }
  const change = (peer: typeof a, object: { id: string }, fields: Record<string, unknown>) => {
    Object.assign(object, fields)
    peer!.documents.set(new URL(object.id).pathname, object as Record<string, unknown>)
  }
  change(a, first, { replies: list(a, '/replies/1', [second.id, side.id, stray.id]) })
  change(b, second, { replies: list(b, '/replies/2', [third.id]) })
  const words = async (path: string) => textOf(await ana.page(path))
  const idOf = async (uri: string) => (await instance.ctx.db.select().from(posts).where(eq(posts.uri, uri)))[0]?.id
  return {
    instance,
    ctx: instance.ctx,
    ana,
    a,
    b,
    c,
    root,
    middle,
    far,
    first,
    second,
    third,
    side,
    deep,
    stray,
    list,
    change,
    words,
    idOf
  }
}

test('Opening a thread pulls what is above, below and beside, from the servers of those who take part', async (t) => {
  const { instance, ctx, a, c, middle, first, second, deep, third, stray, list, change, words, idOf } = await conversation(t)
  // The third word's own server does not list its answers; the conversation as its owner lists it does.
  change(c, third, { context: list(a, '/contexts/1', [deep.id]) })
  assert.equal((await middle.send(middle.activity('Create', second))).status, 202)
  const path = `/@ben@b.test/${await idOf(second.id)}`
  const asked = a!.requests.length
  assert.doesNotMatch(textOf(await instance.guest().page(path)), /Looking for more/)
  assert.equal(await ctx.db.$count(threadPulls), 0, 'whoever is not signed in causes nothing')
  assert.match(await words(path), /Looking for more of this conversation/)
  await instance.runJobs()
  const read = await words(path)
  for (const each of ['the first word', 'the third word', 'the deepest word']) assert.match(read, new RegExp(each))
  assert.doesNotMatch(read, /Looking for more|could not be fetched/)
  assert.match(await words(`/@rita@a.test/${await idOf(first.id)}`), /a word aside/)
  assert.equal(await idOf(stray.id), undefined, 'what is listed and answers nothing here is left alone')
  assert.equal(await ctx.db.$count(notifications), 0, 'nobody is told')
  assert.equal(await ctx.db.$count(threadSources), 0, 'what was looked at is forgotten')
  assert.ok(a!.requests.length > asked)
  const before = a!.requests.length
  await words(path)
  await instance.runJobs()
  assert.equal(a!.requests.length, before, 'a moment later nothing is asked again')
})

test('Answers that stand in a post itself, in a collection without an address, are found there', async (t) => {
  const { instance, b, middle, second, third, change, words, idOf } = await conversation(t)
  change(b, second, { replies: { type: 'Collection', items: [third.id] } })
  await middle.send(middle.activity('Create', second))
  const path = `/@ben@b.test/${await idOf(second.id)}`
  await words(path)
  await instance.runJobs()
  const read = await words(path)
  assert.match(read, /the third word/)
  assert.doesNotMatch(read, /could not be fetched/)
})

test('What could not be had of a thread is said on its page', async (t) => {
  const { instance, b, c, middle, second, third, words, idOf } = await conversation(t)
  await middle.send(middle.activity('Create', second))
  c!.documents.set(new URL(third.id).pathname, { status: 503 })
  b!.documents.set('/replies/2', { status: 403 })
  const path = `/@ben@b.test/${await idOf(second.id)}`
  await words(path)
  await instance.runJobs()
  const read = await words(path)
  assert.match(read, /part of this conversation could not be fetched|parts of this conversation could not be fetched/i)
  assert.match(read, /b\.test/)
  assert.match(read, /the first word/)
})

test('A list without end, of addresses without number, costs a bounded number of requests', async (t) => {
  const { instance, ctx, a, first, middle, second, change, words, idOf } = await conversation(t)
  const many = (page: number) => Array.from({ length: 300 }, (_, at) => `https://a.test/none/${page}-${at}`)
  for (let page = 0; page < 12; page++) {
    const id = `https://a.test/endless?page=${page}`
    const next = `https://a.test/endless?page=${page + 1}`
    const body = JSON.stringify({ '@context': activityStreams, id, type: 'CollectionPage', items: many(page), next })
    a!.documents.set(`/endless?page=${page}`, { type: activityJson, body })
  }
  change(a, first, { replies: 'https://a.test/endless?page=0' })
  await middle.send(middle.activity('Create', second))
  await words(`/@ben@b.test/${await idOf(second.id)}`)
  const asked = a!.requests.length
  await instance.runJobs()
  assert.ok(a!.requests.length - asked <= 520, `${a!.requests.length - asked} requests`)
  const [pull] = await ctx.db.select().from(threadPulls)
  assert.ok(pull?.endedAt)
  assert.equal(await ctx.db.$count(threadSources), 0)
})

test('Checks of quotes found in a thread are paid for by its budget', async (t) => {
  const { instance, ctx, a, b, far, first, middle, second, list, change, words, idOf } = await conversation(t)
  const quoting = Array.from({ length: 150 }, (_, at) =>
    far.note(`quotes ${at}`, { inReplyTo: first.id, quoteUrl: `https://b.test/quoted/${at}`, quote: `https://b.test/quoted/${at}` })
  )
  change(a, first, {
    replies: list(
      a,
      '/replies/many',
      quoting.map(({ id }) => id)
    )
  })
  await middle.send(middle.activity('Create', second))
  const askedOfB = b!.requests.length
  await words(`/@ben@b.test/${await idOf(second.id)}`)
  await instance.runJobs()
  const [pull] = await ctx.db.select().from(threadPulls)
  assert.equal(pull?.fetchesLeft, 0, 'the budget was used up')
  assert.ok(b!.requests.length - askedOfB < 500, `${b!.requests.length - askedOfB} requests for quoted posts`)
})
