import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { interactions, quotes } from '#db/schema/quotes.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { everybody } from '#test/helpers/remote.ts'

const nobodyElse = (uri: string) => ({ interactionPolicy: { canQuote: { automaticApproval: [uri] } } })

async function stateOf({ instance, postAt }: World, uri: string) {
  const post = await postAt(uri)
  const [row] = await instance.ctx.db
    .select()
    .from(quotes)
    .where(eq(quotes.postId, post?.id ?? 0))
  return row?.state
}

/** A stamp by somebody's server, as another might serve it. */
function stamp(world: World, by: 'a' | 'b' | 'e', path: string, fields: Record<string, unknown>) {
  const { origin, documents } = world.servers[by]
  documents.set(path, {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: origin + path,
    type: 'QuoteAuthorization',
    attributedTo: world[by].uri,
    ...fields
  })
  return origin + path
}

test('a quote with the authorization of the quoted author is shown, and its inline line is hidden', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, b } = world
  await world.knowing(a, b)
  const quoted = b.note('the old lamp')
  const note = a.note('look at this', { quote: quoted.id, quoteUrl: quoted.id, _misskey_quote: quoted.id })
  note.content = `<p>look at this</p><p class="quote-inline">RE: <a href="${quoted.id}">${quoted.id}</a></p>`
  note.quoteAuthorization = stamp(world, 'b', '/stamps/1', { interactingObject: note.id, interactionTarget: quoted.id })
  assert.equal((await a.send(a.activity('Create', note))).status, 202)
  await instance.runJobs()
  assert.equal(await stateOf(world, note.id), 'accepted')
  const post = await world.postAt(note.id)
  const page = await alice.page(`/@ana@a.test/${post?.id}`)
  assert.match(page, /<blockquote class="quote">[\s\S]*the old lamp/)
  assert.doesNotMatch(page, /RE: /)
})

test('a quote without an authorization waits, and shows nothing of the quoted post', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, b } = world
  await world.knowing(a, b)
  const quoted = b.note('said among friends of lamps', nobodyElse(b.uri))
  const note = a.note('look', { quote: quoted.id })
  await a.send(a.activity('Create', note))
  await instance.runJobs()
  assert.equal(await stateOf(world, note.id), 'pending')
  const page = await alice.page(`/@ana@a.test/${(await world.postAt(note.id))?.id}`)
  assert.match(page, /has not agreed yet/)
  assert.doesNotMatch(page, /said among friends/)
  assert.match(page, new RegExp(`href="${quoted.id}"`))
})

test('OWN-28 a stamp for another post, by another author, of another origin, or of a boost, is none', async (t) => {
  const world = await startWorld(t)
  const { instance, a, b, e } = world
  await world.knowing(a, b, e)
  const quoted = b.note('quote me not', nobodyElse(b.uri))
  const other = b.note('quote me', nobodyElse(b.uri))
  const forged: [string, (id: string) => string][] = [
    [
      'for another quoting post',
      () => stamp(world, 'b', '/stamps/a', { interactingObject: 'https://e.test/other', interactionTarget: quoted.id })
    ],
    ['for another quoted post', (id) => stamp(world, 'b', '/stamps/b', { interactingObject: id, interactionTarget: other.id })],
    [
      'of the quoting server',
      (id) => stamp(world, 'e', '/stamps/c', { attributedTo: b.uri, interactingObject: id, interactionTarget: quoted.id })
    ],
    [
      'by somebody else there',
      (id) => stamp(world, 'b', '/stamps/d', { attributedTo: `${b.uri}-2`, interactingObject: id, interactionTarget: quoted.id })
    ],
    ['of another type', (id) => stamp(world, 'b', '/stamps/e', { type: 'Note', interactingObject: id, interactionTarget: quoted.id })],
    ['that is not there', () => 'https://b.test/stamps/none']
  ]
  for (const [name, make] of forged) {
    const note = e.note(name, { quote: quoted.id })
    note.quoteAuthorization = make(note.id)
    await e.send(e.activity('Create', note))
    await instance.runJobs()
    assert.equal(await stateOf(world, note.id), 'rejected', name)
  }
  // The stamp of a post is no stamp for a boost of it.
  const boost = b.activity('Announce', other.id, { to: [everybody] })
  await b.send(boost)
  await instance.runJobs()
  const note = e.note('of a boost', { quote: boost.id })
  note.quoteAuthorization = stamp(world, 'b', '/stamps/f', { interactingObject: note.id, interactionTarget: boost.id })
  await e.send(e.activity('Create', note))
  await instance.runJobs()
  assert.equal(await stateOf(world, note.id), 'pending')
})

test('an Update that moves an authorization to another quoted post loses it; naming old words alone gets nobody round a policy', async (t) => {
  const world = await startWorld(t)
  const { instance, b, e } = world
  await world.knowing(b, e)
  const open = b.note('gladly', nobodyElse(b.uri))
  const closed = b.note('never', nobodyElse(b.uri))
  const note = e.note('x', { quote: open.id })
  note.quoteAuthorization = stamp(world, 'b', '/stamps/1', { interactingObject: note.id, interactionTarget: open.id })
  await e.send(e.activity('Create', note))
  await instance.runJobs()
  assert.equal(await stateOf(world, note.id), 'accepted')

  const later = new Date(instance.clock.now() + 60_000).toISOString()
  instance.clock.advance(120_000)
  await e.send(e.activity('Update', { ...note, quote: closed.id, updated: later }))
  await instance.runJobs()
  assert.equal(await stateOf(world, note.id), 'rejected')

  const old = e.note('y', { quoteUrl: closed.id })
  await e.send(e.activity('Create', old))
  await instance.runJobs()
  assert.equal(await stateOf(world, old.id), 'pending')
})

test('an Update that only brings the authorization opens the quote; the Delete of the authorization closes it, by its author alone', async (t) => {
  const world = await startWorld(t)
  const { instance, a, b, e } = world
  await world.knowing(a, b, e)
  const quoted = b.note('lamp', nobodyElse(b.uri))
  const note = a.note('look', { quote: quoted.id })
  await a.send(a.activity('Create', note))
  await instance.runJobs()
  const uri = stamp(world, 'b', '/stamps/1', { interactingObject: note.id, interactionTarget: quoted.id })
  await a.send(a.activity('Update', { ...note, quoteAuthorization: uri }))
  await instance.runJobs()
  assert.equal(await stateOf(world, note.id), 'accepted')
  assert.equal((await e.send(e.activity('Delete', uri, { to: [everybody] }))).status, 403)
  assert.equal(await stateOf(world, note.id), 'accepted')
  await b.send(b.activity('Delete', { id: uri, type: 'QuoteAuthorization' }, { to: [everybody] }))
  assert.equal(await stateOf(world, note.id), 'revoked')
  // It is not revived by being named again.
  await a.send(a.activity('Update', { ...note, quoteAuthorization: uri }))
  await instance.runJobs()
  assert.equal(await stateOf(world, note.id), 'revoked')
})

test('quotes of servers that know no consent are shown and marked; what is quoted by a quoted post is not fetched', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, b, servers } = world
  await world.knowing(a, b)
  const innermost = b.note('innermost')
  const inner = b.note('inner', { _misskey_quote: innermost.id })
  const tag = {
    type: 'Link',
    mediaType: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    rel: 'https://misskey-hub.net/ns#_misskey_quote',
    href: inner.id
  }
  const note = a.note(`old words<br><br>RE: <a href="${inner.id}">${inner.id}</a>`, { tag: [tag] })
  await a.send(a.activity('Create', note))
  await instance.runJobs()
  assert.equal(await stateOf(world, note.id), 'unverified')
  const page = await alice.page(`/@ana@a.test/${(await world.postAt(note.id))?.id}`)
  assert.match(page, /Quoted without asking/)
  assert.match(page, /inner/)
  assert.doesNotMatch(page, /RE:/)
  assert.equal(servers.b.requests.includes(`GET ${new URL(innermost.id).pathname}`), false)
})

test('one quotes oneself, and whoever mentioned one, without asking', async (t) => {
  const world = await startWorld(t)
  const { instance, a, b } = world
  await world.knowing(a, b)
  const own = a.note('before', nobodyElse(a.uri))
  const again = a.note('after', { quote: own.id })
  await a.send(a.activity('Create', own))
  await a.send(a.activity('Create', again))
  const naming = b.note('hi ana', { tag: [{ type: 'Mention', href: a.uri, name: '@ana@a.test' }], ...nobodyElse(b.uri) })
  const answer = a.note('they named me', { quote: naming.id })
  await b.send(b.activity('Create', naming))
  await a.send(a.activity('Create', answer))
  await instance.runJobs()
  assert.equal(await stateOf(world, again.id), 'accepted')
  assert.equal(await stateOf(world, answer.id), 'accepted')
})

test('a quoted post shows to whoever may see it: not when it is deleted, blocked or muted, or was meant for few', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, b } = world
  await world.knowing(a, b)
  const secret = b.note('for friends', { to: [`${b.uri}/followers`], cc: [] })
  await b.send(b.activity('Create', secret))
  const peek = a.note('peek', { quote: secret.id })
  peek.quoteAuthorization = stamp(world, 'b', '/stamps/s', { interactingObject: peek.id, interactionTarget: secret.id })
  const quoted = b.note('for all')
  const note = a.note('look', { quoteUrl: quoted.id })
  await a.send(a.activity('Create', peek))
  await a.send(a.activity('Create', note))
  await instance.runJobs()
  const [hidden, shown] = [await world.postAt(peek.id), await world.postAt(note.id)]
  if (hidden) assert.doesNotMatch(await alice.page(`/@ana@a.test/${hidden.id}`), /for friends/)
  const path = `/@ana@a.test/${shown?.id}`
  assert.match(await alice.page(path), /for all/)
  const ben = await world.accountAt(b.uri)
  await alice.submit(`/accounts/${ben?.id}/mute`)
  assert.match(await alice.page(path), /somebody you muted/)
  await alice.submit(`/accounts/${ben?.id}/unmute`)
  await alice.submit(`/accounts/${ben?.id}/block`)
  assert.match(await alice.page(path), /somebody you block/)
  await alice.submit(`/accounts/${ben?.id}/unblock`)
  await b.send(b.activity('Delete', quoted.id))
  const page = await alice.page(path)
  assert.match(page, /The quoted post was deleted/)
  assert.doesNotMatch(page, /for all/)
})

test('a QuoteRequest is answered by policy at once, and the stamp is served until it is withdrawn', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, servers } = world
  await world.knowing(a)
  const post = await write(instance, 'alice', 'quote me')
  const note = a.note('indeed', { quote: post.uri })
  const request = a.activity('QuoteRequest', post.uri, { instrument: note, to: [alice.account.uri] })
  assert.equal((await a.send(request)).status, 202)
  await instance.runJobs()
  const accept = servers.a.received.find(({ activity }) => activity.type === 'Accept')?.activity
  assert.ok(accept)
  assert.deepEqual(accept.to, [a.uri])
  assert.equal((accept.object as { id: string }).id, request.id)
  const [row] = await instance.ctx.db.select().from(interactions)
  const uri = `${post.uri}/authorizations/${row?.id}`
  assert.equal(accept.result, uri)
  assert.equal(await stateOf(world, note.id), 'accepted')

  const path = uri.replace('https://skerry.test', '')
  const served = await instance.guest().get(path, { accept: 'application/activity+json' })
  const { '@context': _, ...document } = served.json()
  assert.deepEqual(document, {
    id: uri,
    type: 'QuoteAuthorization',
    attributedTo: alice.account.uri,
    interactingObject: note.id,
    interactionTarget: post.uri
  })
  assert.match(await alice.page('/notifications'), /quoted your post/)

  const quoting = await world.postAt(note.id)
  assert.match(await alice.page(`/@ana@a.test/${quoting?.id}`), /unquote/)
  await alice.submit(`/posts/${quoting?.id}/unquote`)
  await instance.runJobs()
  const gone = servers.a.received.find(({ activity }) => activity.type === 'Delete')?.activity
  assert.deepEqual(gone?.object, { id: uri, type: 'QuoteAuthorization' })
  assert.equal((await instance.guest().get(path, { accept: 'application/activity+json' })).statusCode, 410)
  assert.equal(await stateOf(world, note.id), 'revoked')
  assert.doesNotMatch(await alice.page('/notifications'), /quoted your post/)
})

test('a QuoteRequest that nobody may make is rejected and leaves no post; one for manual approval waits for its author', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, servers } = world
  await world.knowing(a)
  await alice.submit('/posts', { text: 'hands off', visibility: 'public', canQuote: 'nobody', idempotencyKey: '1' })
  await alice.submit('/posts', { text: 'ask me', visibility: 'public', canQuote: 'ask', idempotencyKey: '2' })
  const [[closed], [asking]] = [await world.saying('hands off'), await world.saying('ask me')]
  const taken = a.note('taken', { quote: closed?.uri })
  await a.send(a.activity('QuoteRequest', closed?.uri, { instrument: taken }))
  const asked = a.note('please', { quote: asking?.uri })
  await a.send(a.activity('QuoteRequest', asking?.uri, { instrument: asked }))
  await instance.runJobs()
  assert.deepEqual(
    servers.a.received.map(({ activity }) => activity.type),
    ['Reject']
  )
  assert.equal(await world.postAt(taken.id), undefined)
  assert.equal(await stateOf(world, asked.id), 'pending')

  const page = await alice.page('/approvals')
  assert.match(page, /asks to quote your post/)
  const [, path] = /action="(\/approvals\/\d+\/approve)"/.exec(page) ?? []
  await alice.submit(path ?? '')
  await instance.runJobs()
  assert.equal(servers.a.received.at(-1)?.activity.type, 'Accept')
  assert.equal(await stateOf(world, asked.id), 'accepted')
  assert.match(await alice.page('/approvals'), /Nobody waits/)
  // Whoever asks again is told again.
  await a.send(a.activity('QuoteRequest', asking?.uri, { instrument: asked.id }))
  await instance.runJobs()
  assert.equal(servers.a.received.filter(({ activity }) => activity.type === 'Accept').length, 2)
})

test('a request for somebody else’s post, with an instrument of another server, or for what the asker cannot see, does nothing', async (t) => {
  const world = await startWorld(t)
  const { instance, a, b, e } = world
  await world.knowing(a, b, e)
  const post = await write(instance, 'alice', 'open')
  const closed = await write(instance, 'alice', 'among us', 'followers')
  const note = e.note('mine', { quote: closed.uri })
  assert.equal((await e.send(e.activity('QuoteRequest', closed.uri, { instrument: note }))).status, 202)
  const foreign = a.note('not hers', { quote: post.uri })
  assert.equal((await e.send(e.activity('QuoteRequest', post.uri, { instrument: foreign }))).status, 403)
  const unrelated = e.note('about something else', { quote: 'https://b.test/1' })
  assert.equal((await e.send(e.activity('QuoteRequest', post.uri, { instrument: unrelated }))).status, 400)
  await instance.runJobs()
  assert.equal((await instance.ctx.db.select().from(interactions)).length, 0)
})

for (const [policy, automaticApproval, state] of [
  ['that is open to everybody', [everybody], 'unverified'],
  ['that is open to followers', ['https://b.test/users/ben/followers'], 'pending'],
  ['that is open to nobody', ['https://b.test/users/ben'], 'pending']
] as const) {
  test(`a quote in old words of a post elsewhere with a policy ${policy} is ${state}`, async (t) => {
    const world = await startWorld(t)
    const { instance, a, b } = world
    await world.knowing(a, b)
    const quoted = b.note('by all means', { interactionPolicy: { canQuote: { automaticApproval } } })
    const note = a.note('look', { quoteUrl: quoted.id, _misskey_quote: quoted.id })
    await a.send(a.activity('Create', note))
    await instance.runJobs()
    assert.equal(await stateOf(world, note.id), state)
    // Whoever says the new words may ask, and has to.
    const asking = a.note('look again', { quote: quoted.id })
    await a.send(a.activity('Create', asking))
    await instance.runJobs()
    assert.equal(await stateOf(world, asking.id), 'pending')
  })
}

test('a quote in old words of one of our posts is what its policy says, tells its author, and can be taken back', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a } = world
  await world.knowing(a)
  const states: Record<string, string | undefined> = {}
  for (const canQuote of ['everybody', 'ask', 'nobody']) {
    await alice.submit('/posts', { text: `open to ${canQuote}`, visibility: 'public', canQuote, idempotencyKey: canQuote })
    const [post] = await world.saying(`open to ${canQuote}`)
    const note = a.note(`quoting ${canQuote}`, { quoteUrl: post?.uri })
    await a.send(a.activity('Create', note))
    await instance.runJobs()
    states[canQuote] = await stateOf(world, note.id)
  }
  assert.deepEqual(states, { everybody: 'accepted', ask: 'pending', nobody: 'rejected' })
  assert.match(await alice.page('/notifications'), /quoted your post/)
  const [quoting] = await world.saying('quoting everybody')
  const path = `/@ana@a.test/${quoting?.id}`
  assert.doesNotMatch(await alice.page(path), /Quoted without asking/)
  await alice.submit(`/posts/${quoting?.id}/unquote`)
  assert.equal(await stateOf(world, quoting?.uri ?? ''), 'revoked')
  assert.doesNotMatch(await alice.page(path), /open to everybody/)
})
