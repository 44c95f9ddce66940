import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultsOfActor, faultsOfContext, faultsOfPost, type Json } from '#test/federation/misskey-rules.ts'
import { catEmoji, type MisskeyWorld, startMisskeyWorld } from '#test/federation/misskey-world.ts'
import { testPassword } from '#test/helpers/people.ts'

const id = 'https://mk.test/users/9abc'

/** mika follows alice, and alice mika. */
async function befriend({ instance, alice, known, tell, of }: MisskeyWorld): Promise<void> {
  await tell({ id: 'https://mk.test/follows/1', type: 'Follow', object: alice.account.uri })
  await alice.submit(`/accounts/${(await known()).id}/follow`)
  await instance.runJobs()
  await tell({ type: 'Accept', object: of('Follow')[0] })
}

/** As it is served to whoever asks for it, with what Misskey asks of every answer. */
async function read({ instance }: MisskeyWorld, url: string): Promise<Json> {
  const { pathname, search } = new URL(url)
  const accept = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
  const answer = await instance.app.inject({ url: pathname + search, headers: { host: 'skerry.test', accept } })
  assert.equal(answer.statusCode, 200, url)
  assert.match(String(answer.headers['content-type']), /^application\/activity\+json/)
  assert.ok(answer.body.length < 256 * 1024, 'no longer than Misskey reads')
  const document = answer.json() as Json
  assert.equal(document.id, url, 'an id that is the address that answered')
  assert.deepEqual(faultsOfContext(document), [], url)
  return document
}

test('Misskey finds our people by handle and by address, and nothing wrong with their actors and collections', async (t) => {
  const world = await startMisskeyWorld(t)
  const { instance, alice, say } = world
  await alice.submit(`/posts/${(await say('first of all')).id}/pin`)
  for (const resource of ['acct:alice@skerry.test', alice.account.uri]) {
    const answer = await instance.app.inject({
      url: `/.well-known/webfinger?resource=${encodeURIComponent(resource)}`,
      headers: { host: 'skerry.test' }
    })
    const { subject, links } = answer.json() as { subject: string; links: { rel: string; type?: string; href?: string }[] }
    assert.equal(subject, 'acct:alice@skerry.test')
    // It takes the first link of that kind, whatever its type.
    assert.deepEqual(
      links.find(({ rel }) => rel === 'self'),
      { rel: 'self', type: 'application/activity+json', href: alice.account.uri }
    )
  }
  const actor = await read(world, alice.account.uri)
  assert.deepEqual(faultsOfActor(actor), [])
  const featured = await read(world, String(actor.featured))
  assert.equal((featured.orderedItems as Json[]).length, 1, 'what is shown first stands in the collection itself')
  for (const place of ['followers', 'following', 'outbox']) await read(world, String(actor[place]))
  const page = await instance.app.inject({ url: '/@alice', headers: { host: 'skerry.test', accept: 'text/html' } })
  // Whoever pastes the address of a page is led to what it is made of.
  assert.match(page.body, /<link rel="alternate" type="application\/activity\+json" href="https:\/\/skerry\.test\/@alice"/)
})

test('Misskey passes over nothing of what our people write, change, show first and delete', async (t) => {
  const world = await startMisskeyWorld(t)
  const { instance, alice, say, note, hear, tell, of, isContent } = world
  await befriend(world)
  const theirs = await hear(note('n', 'to be answered'))
  const plain = await say('plain #words')
  await say('quiet', { visibility: 'unlisted' })
  await say('among friends', { visibility: 'followers' })
  await say('@mika@mk.test careful', { visibility: 'direct', warning: 'a warning' })
  const answer = await say('an answer without a name', { replyTo: String(theirs.id) })
  await say('longer than others. '.repeat(240))
  const poll = await say('which?', { pollOption1: 'x', pollOption2: 'y', pollEnds: '86400' })
  await tell({
    type: 'Create',
    object: { id: `${id}#votes/1`, type: 'Note', attributedTo: id, to: [alice.account.uri], inReplyTo: poll.uri, name: 'y' }
  })
  instance.clock.advance(4 * 60_000)
  await alice.submit(`/posts/${plain.id}/edit`, { text: 'plainer #words' })
  await alice.submit(`/posts/${plain.id}/pin`)
  await instance.runJobs()
  for (const { object } of of('Create') as { object: Json & { id: string } }[]) {
    if (![object.to, object.cc].flat().some((one) => String(one).endsWith('#Public'))) continue
    assert.deepEqual(faultsOfPost(await read(world, object.id), alice.account.uri), [])
  }
  const answered = (of('Create') as { object: Json }[]).find(({ object }) => object.id === answer.uri)
  assert.ok([answered?.object.cc].flat().includes(id), 'whoever is answered in public is addressed')
  const counts = (of('Update') as { object: Json }[]).find(({ object }) => object.id === poll.uri)
  assert.deepEqual(
    ((counts?.object.oneOf ?? []) as { replies: { totalItems: number } }[]).map(({ replies }) => replies.totalItems),
    [0, 1]
  )
  await alice.submit(`/posts/${plain.id}/unpin`)
  await alice.submit(`/posts/${answer.id}/delete`)
  await instance.runJobs()
  assert.deepEqual([of('Add').length, of('Remove').length, of('Delete').length], [1, 1, 1])
  assert.ok([of('Delete')[0]?.cc].flat().includes(id))
  isContent()
})

test('Misskey takes what our people do with its notes and accounts, and what they take back', async (t) => {
  const world = await startMisskeyWorld(t)
  const { instance, alice, note, hear, tell, known, of, isContent } = world
  await befriend(world)
  const theirs = await hear(note('n', 'worth a lot'))
  await tell({ type: 'Like', object: note('n', '').id, content: ':neko:', _misskey_reaction: ':neko:', tag: [catEmoji] })
  for (const [act, fields] of [
    ['favourite', {}],
    ['unfavourite', {}],
    ['boost', {}],
    ['unboost', {}],
    ['react', { emoji: '🎉' }],
    ['report', { comment: 'not nice', category: 'other', forward: 'on' }]
  ] as const) {
    await alice.submit(`/posts/${theirs.id}/${act}`, fields)
    await instance.runJobs()
  }
  const asked = await hear(
    note('p', 'which', {
      type: 'Question',
      endTime: new Date(instance.clock.now() + 86_400_000).toISOString(),
      oneOf: ['a', 'b'].map((name) => ({ type: 'Note', name, replies: { type: 'Collection', totalItems: 0 } }))
    })
  )
  const page = await alice.page(`/@mika@mk.test/${asked.id}`)
  await alice.submit(`/posts/${asked.id}/vote`, { choice: /name="choice" value="(1\.[0-9a-f]+)"/.exec(page)?.[1] ?? '' })
  await instance.runJobs()
  const vote = of('Create').at(-1)?.object as Json
  assert.deepEqual([vote.name, vote.inReplyTo, vote.content], ['b', asked.uri, undefined])
  const account = await known()
  for (const act of ['unfollow', 'block', 'unblock']) {
    await alice.submit(`/accounts/${account.id}/${act}`)
    await instance.runJobs()
  }
  await alice.submit('/settings/profile', { displayName: 'Alice B.', bio: 'hello' })
  await instance.runJobs()
  const undone = of('Undo').map(({ object }) => (object as Json).type)
  assert.deepEqual(undone.sort(), ['Announce', 'Block', 'Follow', 'Like'])
  assert.ok(of('Flag').some(({ object }) => (object as string[]).includes(id)))
  isContent()
})

test('an account that is erased is gone for Misskey too', async (t) => {
  const world = await startMisskeyWorld(t)
  const { instance, alice, of, isContent } = world
  await befriend(world)
  await alice.submit('/settings/account/deletion', { name: 'alice', password: testPassword })
  await instance.runJobs()
  assert.deepEqual(
    of('Delete').map(({ object }) => object),
    [alice.account.uri]
  )
  const gone = await instance.app.inject({ url: '/@alice', headers: { host: 'skerry.test', accept: 'application/activity+json' } })
  assert.equal(gone.statusCode, 410)
  isContent()
})
