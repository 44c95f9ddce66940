import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { posts } from '#db/schema/posts.ts'
import { interactions, quotes } from '#db/schema/quotes.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { everybody } from '#test/helpers/remote.ts'

type Json = Record<string, unknown>

const forAll = { interactionPolicy: { canQuote: { automaticApproval: [everybody] } } }

async function follow({ instance, alice, a }: World) {
  await a.send(a.activity('Follow', alice.account.uri))
  await instance.runJobs()
}

/** What a's server was sent of one kind. */
function sent({ servers }: World, type: string): Json[] {
  return servers.a.received.map(({ activity }) => activity).filter((activity) => activity.type === type)
}

async function receive(world: World, note: Json & { id: string }) {
  await world.a.send(world.a.activity('Create', note))
  await world.instance.runJobs()
  const post = await world.postAt(note.id)
  assert.ok(post)
  return post
}

async function quoteIt(world: World, quotedId: number, text = 'so true') {
  const answer = await world.alice.submit('/posts', { text, visibility: 'public', quote: String(quotedId), idempotencyKey: text })
  assert.equal(answer.statusCode, 303, answer.body.slice(0, 300))
  const [post] = await world.saying(text)
  assert.ok(post)
  return post
}

test('a post says who may do what with it', async (t) => {
  const world = await startWorld(t)
  const { instance, alice } = world
  await follow(world)
  const post = await write(instance, 'alice', 'open to all')
  await write(instance, 'alice', 'among us', 'followers')
  await alice.submit('/posts', {
    text: 'with @ana@a.test only',
    visibility: 'public',
    canQuote: 'nobody',
    canReply: 'nobody',
    canAnnounce: 'followers',
    canLike: 'ask',
    idempotencyKey: '1'
  })
  await instance.runJobs()
  const [open, circle, closed] = ['open to all', 'among us', 'only'].map((words) =>
    sent(world, 'Create')
      .map(({ object }) => object as Json)
      .find(({ content }) => String(content).includes(words))
  )
  const all = { automaticApproval: [everybody] }
  // A server that knows the older words alone would take their absence for nobody.
  const allInOldWordsToo = { ...all, always: [everybody], approvalRequired: [] }
  const me = alice.account.uri
  assert.equal(open?.id, post.uri)
  assert.deepEqual(open?.interactionPolicy, {
    canQuote: all,
    canReply: allInOldWordsToo,
    canLike: allInOldWordsToo,
    canAnnounce: allInOldWordsToo
  })
  assert.deepEqual((circle?.interactionPolicy as Json | undefined)?.canQuote, { automaticApproval: [me] })
  assert.deepEqual(closed?.interactionPolicy, {
    canQuote: { automaticApproval: [me] },
    canReply: {
      automaticApproval: [me, world.a.uri],
      always: [me, world.a.uri],
      approvalRequired: []
    },
    canLike: { automaticApproval: [me], manualApproval: [everybody], always: [me], approvalRequired: [everybody] },
    canAnnounce: { automaticApproval: [me, `${me}/followers`], always: [me, `${me}/followers`], approvalRequired: [] }
  })
  const context = (sent(world, 'Create')[0]?.['@context'] as Json[] | undefined)?.find((part) => typeof part === 'object')
  assert.deepEqual(context?.canQuote, { '@id': 'gts:canQuote', '@type': '@id' })
  assert.equal(context?.gts, 'https://gotosocial.org/ns#')
})

test('a quote goes out in every spelling, asks, and gets its proof by an Update', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a } = world
  await follow(world)
  const quoted = await receive(world, a.note('a lamp', forAll))
  const composer = await alice.page(`/posts?quote=${quoted.id}`)
  assert.match(composer, /a lamp/)
  assert.match(composer, new RegExp(`name="quote" value="${quoted.id}"`))
  const post = await quoteIt(world, quoted.id)
  assert.match(await alice.page(`/@alice/${post.id}`), /has not agreed yet/)
  await instance.runJobs()

  const [request] = sent(world, 'QuoteRequest')
  const [create] = sent(world, 'Create')
  assert.ok(request && create)
  // The request goes to its author's own inbox and the post to that of the server: which comes first is the network's to say, and either will do.
  const told = world.servers.a.received.map(({ activity }) => String(activity.type)).filter((type) => type !== 'Accept')
  assert.deepEqual(told.sort(), ['Create', 'QuoteRequest'])
  assert.equal(request.id, `${post.uri}#request-${(await instance.ctx.db.select().from(interactions))[0]?.id}`)
  assert.deepEqual([request.actor, request.object, request.to], [alice.account.uri, quoted.uri, [a.uri]])
  assert.equal((request.instrument as Json).id, post.uri)
  assert.equal((request.instrument as Json).quote, quoted.uri)

  const note = create.object as Json
  for (const word of ['quote', 'quoteUrl', 'quoteUri', '_misskey_quote']) assert.equal(note[word], quoted.uri, word)
  assert.equal(note.quoteAuthorization, undefined)
  assert.equal(note.content, `<p>so true</p><p class="quote-inline">RE: <a href="${quoted.uri}">${quoted.uri}</a></p>`)
  assert.deepEqual((note.tag as Json[]).at(-1), {
    type: 'Link',
    mediaType: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    rel: 'https://misskey-hub.net/ns#_misskey_quote',
    href: quoted.uri,
    name: `RE: ${quoted.uri}`
  })
  const words = (create['@context'] as Json[]).find((part) => typeof part === 'object')
  assert.equal((words?.quote as Json | undefined)?.['@id'], 'https://w3id.org/fep/044f#quote')

  const stamp = 'https://a.test/stamps/1'
  const { instrument: _, ...bare } = request
  await a.send(a.activity('Accept', { ...bare, instrument: post.uri }, { to: [alice.account.uri], result: stamp }))
  await instance.runJobs()
  const [update] = sent(world, 'Update')
  assert.equal((update?.object as Json | undefined)?.quoteAuthorization, stamp)
  assert.equal((update?.object as Json | undefined)?.updated, undefined)
  assert.match(await alice.page(`/@alice/${post.id}`), /<blockquote class="quote">[\s\S]*a lamp/)

  // Its author thinks again.
  await a.send(a.activity('Delete', stamp, { to: [everybody] }))
  await instance.runJobs()
  assert.equal((sent(world, 'Update').at(-1)?.object as Json | undefined)?.quoteAuthorization, undefined)
  assert.match(await alice.page(`/@alice/${post.id}`), /does not want to be quoted/)
})

test('a refused quote says so; an answer of somebody else, or a proof of another server, is none', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, e } = world
  await follow(world)
  const quoted = await receive(world, a.note('a lamp', forAll))
  const post = await quoteIt(world, quoted.id)
  await instance.runJobs()
  const [request] = sent(world, 'QuoteRequest')
  await e.send(e.activity('Accept', request?.id, { result: 'https://e.test/stamps/1' }))
  const [before] = await instance.ctx.db.select().from(quotes).where(eq(quotes.postId, post.id))
  assert.deepEqual([before?.state, before?.authorizationUri], ['pending', null])
  await a.send(a.activity('Reject', request?.id))
  await instance.runJobs()
  assert.match(await alice.page(`/@alice/${post.id}`), /did not agree to be quoted/)
  assert.match(await alice.page('/notifications'), /did not agree to what you asked/)
  assert.equal(sent(world, 'Update').length, 0)
})

test('a post whose author lets nobody quote it has no button, and is refused with a sentence', async (t) => {
  const world = await startWorld(t)
  const { alice, a } = world
  await world.knowing(a)
  const silent = await receive(world, a.note('says nothing of quotes'))
  const page = await alice.page(`/@ana@a.test/${silent.id}`)
  assert.doesNotMatch(page, /\/posts\?quote=/)
  const answer = await alice.submit('/posts', { text: 'anyway', visibility: 'public', quote: String(silent.id), idempotencyKey: '1' })
  assert.equal(answer.statusCode, 403)
  assert.match(answer.body, /does not let you quote/)
  assert.match(answer.body, /anyway/)
  assert.equal((await alice.get(`/posts?quote=${silent.id}`)).statusCode, 403)
})

test('a quote of somebody here is decided by their policy, with an authorization of ours', async (t) => {
  const world = await startWorld(t)
  const { instance, alice } = world
  await follow(world)
  const bob = await instance.as('bob')
  await bob.submit('/posts', { text: 'bob was here', visibility: 'public', idempotencyKey: '1' })
  const [quoted] = await world.saying('bob was here')
  const post = await quoteIt(world, quoted?.id ?? 0)
  await instance.runJobs()
  const [row] = await instance.ctx.db.select().from(interactions)
  const note = sent(world, 'Create').at(-1)?.object as Json
  assert.equal(note.quoteAuthorization, `${quoted?.uri}/authorizations/${row?.id}`)
  assert.equal(sent(world, 'Update').length, 0)
  assert.match(await bob.page('/notifications'), /quoted your post/)
  await bob.submit(`/posts/${post.id}/unquote`)
  await instance.runJobs()
  assert.match(await alice.page(`/@alice/${post.id}`), /does not want to be quoted/)
  assert.equal((sent(world, 'Update').at(-1)?.object as Json | undefined)?.quoteAuthorization, undefined)
})

test('two instances: a quote is asked for, agreed to by hand, shown, and withdrawn', async (t) => {
  const red = await startInstance(t, { origin: 'https://red.test' })
  const blue = await startInstance(t, { origin: 'https://blue.test', network: red.network })
  const settle = async () => {
    for (let round = 0; round < 4; round += 1) for (const instance of [red, blue]) await instance.runJobs()
  }
  const [ana, ben] = [await red.as('ana'), await blue.as('ben')]
  await ben.submit('/posts', { text: 'ask before you quote', visibility: 'public', canQuote: 'ask', idempotencyKey: '1' })
  const [origin] = await blue.ctx.db.select().from(posts)
  const found = await red.ctx.fediverse.resolve(origin?.uri ?? '')
  assert.equal(found.kind, 'post')
  const quotedId = found.kind === 'post' ? found.postId : 0
  await ana.submit('/posts', { text: 'see here', visibility: 'public', quote: String(quotedId), idempotencyKey: '1' })
  await settle()
  const [post] = (await red.ctx.db.select().from(posts)).filter(({ html }) => html.includes('see here'))
  const path = `/@ana/${post?.id}`
  assert.match(await ana.page(path), /has not agreed yet/)
  const approvals = await ben.page('/approvals')
  assert.match(approvals, /see here/)
  await ben.submit(/action="(\/approvals\/\d+\/approve)"/.exec(approvals)?.[1] ?? '')
  await settle()
  assert.match(await ana.page(path), /<blockquote class="quote">[\s\S]*ask before you quote/)
  const [atBlue] = (await blue.ctx.db.select().from(posts)).filter(({ html }) => html.includes('see here'))
  assert.match(await ben.page(`/@ana@red.test/${atBlue?.id}`), /<blockquote class="quote">[\s\S]*ask before you quote/)
  await ben.submit(`/posts/${atBlue?.id}/unquote`)
  await settle()
  assert.match(await ana.page(path), /does not want to be quoted/)
  assert.doesNotMatch(await ana.page(path), /ask before you quote/)
})
