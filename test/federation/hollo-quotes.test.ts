import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import {
  Accept,
  Create,
  Delete,
  InteractionPolicy,
  InteractionRule,
  Link,
  Note,
  PUBLIC_COLLECTION,
  QuoteAuthorization,
  QuoteRequest,
  Reject,
  Update
} from '@fedify/fedify/vocab'
import { quotes } from '#db/schema/quotes.ts'
import { type HolloWorld, type NoteValues, startHolloWorld } from '#test/federation/hollo-world.ts'

/** How Hollo says that a post quotes another. */
function quoting(uri: string, more: NoteValues = {}): NoteValues {
  const quoted = new URL(uri)
  const tag = new Link({
    href: quoted,
    mediaType: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    name: `RE: ${uri}`
  })
  const contents = [`<p>look</p>\n<p class="quote-inline"><span class="quote-inline"><br><br>RE: <a href="${uri}">${uri}</a></span></p>`]
  return { contents, quote: quoted, quoteUrl: quoted, tags: [tag], ...more }
}

/** Its policies are about quotes alone. */
function policyOf(...allowed: URL[]): InteractionPolicy {
  return new InteractionPolicy({ canQuote: new InteractionRule({ automaticApprovals: allowed }) })
}

async function quoteOf({ instance }: HolloWorld, postId: number) {
  const [row] = await instance.ctx.db.select().from(quotes).where(eq(quotes.postId, postId))
  return row
}

test('Hollo asks to quote, and finds the authorization that it is given to be true', async (t) => {
  const world = await startHolloWorld(t)
  const { aliceThere, hollo, hong, press, say, tell, note, create, postAt, befriend } = world
  await befriend()
  const post = await say('a saying')
  const quote = await note('look', quoting(post.uri))
  assert.ok(quote.id)
  await tell(new QuoteRequest({ id: new URL('#quote-request', quote.id), actor: hong.uri, object: new URL(post.uri), instrument: quote }))
  const answer = hollo.of(Accept).at(-1)
  assert.ok(answer)
  assert.deepEqual([answer.actorId?.href, answer.objectId?.href], [aliceThere.id?.href, `${quote.id}#quote-request`])
  const authorization = await hollo.read(String(answer.resultId))
  assert.ok(authorization instanceof QuoteAuthorization)
  assert.deepEqual(
    [authorization.id, authorization.attributionId, authorization.interactingObjectId, authorization.interactionTargetId].map(String),
    [answer.resultId, aliceThere.id, quote.id, post.uri].map(String)
  )
  const approved = quote.clone({ quoteAuthorization: authorization.id })
  await hollo.serve(approved)
  await tell(create(approved))
  const here = await postAt(quote.id)
  assert.ok(here)
  assert.equal((await quoteOf(world, here.id))?.state, 'accepted')

  await press(`/posts/${here.id}/unquote`)
  assert.equal((await quoteOf(world, here.id))?.state, 'revoked')
  assert.equal(String(hollo.of(Delete).at(-1)?.objectId), String(authorization.id))
  await assert.rejects(hollo.read(String(authorization.id)))
  assert.deepEqual(hollo.faults, [])
})

/** What Hollo finds wrong with a request, which it then rejects. */
async function faultsOf(request: QuoteRequest): Promise<string[]> {
  const quote = await request.getInstrument({ crossOrigin: 'trust' })
  if (!(quote instanceof Note)) return ['the instrument is no post']
  const wanted = String(request.objectId)
  const faults: string[] = []
  if (quote.attributionId?.href !== request.actorId?.href) faults.push('another wrote it')
  if (String(quote.quoteId) !== wanted || String(quote.quoteUrl) !== wanted) faults.push(`it quotes ${quote.quoteId} and ${quote.quoteUrl}`)
  for await (const tag of quote.getTags()) {
    if (tag instanceof Link && tag.mediaType !== null && /json/.test(tag.mediaType) && String(tag.href) !== wanted)
      faults.push(`its link leads to ${tag.href}`)
  }
  return faults
}

test('a post of Hollo is quoted with consent, which comes as a whole inside the answer, until it is taken back', async (t) => {
  const world = await startHolloWorld(t)
  const { hollo, hong, alice, instance, say, tell, hear, befriend } = world
  await befriend()
  const { note, post } = await hear('quote me', { interactionPolicy: policyOf(PUBLIC_COLLECTION) })
  const quoted = String(note.id)
  const quote = await say('as hong says', { quote: String(post.id) })
  assert.equal((await quoteOf(world, quote.id))?.state, 'pending')
  const request = hollo.of(QuoteRequest).at(-1)
  assert.ok(request)
  assert.deepEqual([request.objectId?.href, request.actorId?.href, await faultsOf(request)], [quoted, alice.account.uri, []])

  const authorization = new QuoteAuthorization({
    id: new URL(`/@hong/quote_authorizations/0199`, hollo.origin),
    attribution: hong.uri,
    interactingObject: new URL(quote.uri),
    interactionTarget: note.id
  })
  await hollo.serve(authorization)
  const id = new URL(`/#Accept/0199`, hollo.origin)
  await tell(new Accept({ id, actor: hong.uri, to: request.actorId, object: request, result: authorization }))
  assert.deepEqual(
    (({ state, authorizationUri }) => [state, authorizationUri])((await quoteOf(world, quote.id)) ?? { state: '', authorizationUri: '' }),
    ['accepted', String(authorization.id)]
  )
  const told = [...hollo.of(Create), ...hollo.of(Update)].at(-1)
  const mine = await told?.getObject()
  assert.ok(mine instanceof Note)
  assert.deepEqual([mine.quoteId, mine.quoteUrl, mine.quoteAuthorizationId].map(String), [quoted, quoted, String(authorization.id)])
  assert.ok((await alice.page(`/@alice/${quote.id}`)).includes('quote me'))

  instance.clock.advance(1_000)
  await tell(
    new Delete({ id: new URL('#delete', authorization.id ?? ''), actor: hong.uri, object: authorization.id, tos: [PUBLIC_COLLECTION] })
  )
  assert.equal((await quoteOf(world, quote.id))?.state, 'revoked')
  assert.ok(!(await alice.page(`/@alice/${quote.id}`)).includes('quote me'))
  assert.deepEqual(hollo.faults, [])
})

test('what Hollo rejects is no quote', async (t) => {
  const world = await startHolloWorld(t)
  const { hollo, hong, say, tell, hear, befriend } = world
  await befriend()
  const { post } = await hear('do not quote me', { interactionPolicy: policyOf(hong.followers) })
  const quote = await say('as hong says', { quote: String(post.id) })
  const request = hollo.of(QuoteRequest).at(-1)
  assert.ok(request)
  await tell(new Reject({ id: new URL(`/#Reject/0199`, hollo.origin), actor: hong.uri, to: request.actorId, object: request }))
  assert.equal((await quoteOf(world, quote.id))?.state, 'rejected')
  assert.deepEqual(hollo.faults, [])
})

test('Hollo reads who may quote a post here', async (t) => {
  const { alice, hollo, say, befriend } = await startHolloWorld(t)
  await befriend()
  const me = String(alice.account.uri)
  const everybody = PUBLIC_COLLECTION.href
  for (const [canQuote, automatic, manual] of [
    ['everybody', [everybody], []],
    ['followers', [me, `${me}/followers`], []],
    ['ask', [me], [everybody]],
    ['nobody', [me], []]
  ] as const) {
    const post = await say(`quoted by ${canQuote}`, { canQuote })
    const note = await hollo.read(post.uri)
    const rule = note.interactionPolicy?.canQuote
    assert.deepEqual([canQuote, rule?.automaticApprovals.map(String), rule?.manualApprovals.map(String)], [canQuote, automatic, manual])
  }
})
