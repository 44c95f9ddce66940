import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  Accept,
  Delete,
  Emoji,
  Follow,
  Hashtag,
  Image,
  LanguageString,
  Mention,
  OrderedCollection,
  PUBLIC_COLLECTION,
  Reject,
  Source,
  Tombstone,
  Undo,
  Update
} from '@fedify/fedify/vocab'
import { faultsOfActor } from '#test/federation/hollo-rules.ts'
import { startHolloWorld } from '#test/federation/hollo-world.ts'

const handle = 'hong@hollo.test'

test('an account of Hollo is found by handle and address, and follows go both ways, again and again under one id', async (t) => {
  const { alice, aliceThere, hollo, hong, instance, known, tell, press, accept, stateOf } = await startHolloWorld(t)
  assert.deepEqual(await faultsOfActor(hollo, aliceThere), [])
  for (const term of [handle, hong.uri.href]) {
    const page = await alice.page(`/search?q=${encodeURIComponent(term)}`)
    assert.ok(page.includes('hong on Hollo'), term)
  }
  const { id } = await known()
  const [here, there] = [String(alice.account.uri), hong.uri.href]
  // Every Accept of one follower has the same id.
  for (const round of [1, 2, 3]) {
    instance.clock.advance(1_000)
    await press(`/accounts/${id}/follow`)
    assert.equal(await stateOf(here, there), 'pending')
    const follow = hollo.of(Follow).at(-1)
    assert.ok(follow)
    assert.equal(hollo.of(Follow).length, round)
    await accept(follow)
    assert.equal(await stateOf(here, there), 'accepted', `round ${round}`)
    if (round === 3) break
    await press(`/accounts/${id}/unfollow`)
    const undone = hollo.of(Undo).at(-1)
    assert.equal(undone?.objectId?.href, follow.id?.href)
  }
  const last = hollo.of(Follow).at(-1)
  assert.ok(last)
  await tell(
    new Reject({
      id: new URL(`${hong.uri}#reject/01`),
      actor: hong.uri,
      object: new Follow({ id: last.id, actor: last.actorId, object: hong.uri })
    })
  )
  assert.equal(await stateOf(here, there), undefined)

  const follow = new Follow({ id: new URL(`${hong.uri}#follows/02`), actor: hong.uri, object: aliceThere.id })
  await tell(follow)
  assert.equal(await stateOf(there, here), 'accepted')
  const answer = hollo.of(Accept).at(-1)
  assert.ok(answer)
  const accepted = await answer.getObject({ crossOrigin: 'trust' })
  assert.ok(accepted instanceof Follow)
  assert.deepEqual([answer.actorId?.href, accepted.id?.href, accepted.actorId?.href], [here, follow.id?.href, there])
  await tell(new Undo({ id: new URL(`${hong.uri}#unfollows/03`), actor: hong.uri, object: follow }))
  assert.equal(await stateOf(there, here), undefined)
  assert.deepEqual(hollo.faults, [])
})

test('a post of Hollo is read in each of its four audiences', async (t) => {
  const { aliceThere, hong, befriend, hear } = await startHolloWorld(t)
  await befriend()
  const me = new Mention({ name: '@alice@skerry.test', href: aliceThere.id })
  assert.ok(aliceThere.id)
  const open = await hear('for all', { tos: [PUBLIC_COLLECTION, aliceThere.id], tags: [me] })
  const quiet = await hear('not on the front page', { tos: [aliceThere.id], ccs: [PUBLIC_COLLECTION], tags: [me] })
  const close = await hear('for followers', { tos: [hong.followers] })
  const one = await hear('for one', { tos: [aliceThere.id], tags: [me] })
  assert.deepEqual(
    [open, quiet, close, one].map(({ post }) => post.visibility),
    ['public', 'unlisted', 'followers', 'direct']
  )
})

test('a post of Hollo with all that it can have is read whole, edited and deleted', async (t) => {
  const { alice, aliceThere, hong, hollo, instance, befriend, hear, tell, postAt } = await startHolloWorld(t)
  await befriend()
  const emoji = new Emoji({
    id: new URL('/emojis/:blobcat:', hollo.origin),
    name: ':blobcat:',
    icon: new Image({ mediaType: 'image/png', url: new URL('/media/blobcat.png', hollo.origin) })
  })
  const values = {
    contents: [
      '<p>hello :blobcat: <a href="https://hollo.test/tags/sea" class="mention hashtag" rel="tag">#<span>sea</span></a></p>\n',
      new LanguageString('<p>hello :blobcat:</p>\n', 'en')
    ],
    summaries: ['weather', new LanguageString('weather', 'en')],
    sensitive: true,
    source: new Source({ content: 'hello :blobcat: #sea', mediaType: 'text/markdown' }),
    tags: [
      new Mention({ name: '@alice@skerry.test', href: aliceThere.id }),
      new Hashtag({ name: '#sea', href: new URL('/tags/sea', hollo.origin) }),
      emoji
    ],
    attachments: [
      new Image({
        mediaType: 'image/webp',
        url: new URL('/media/1.webp', hollo.origin),
        name: 'a rock',
        summary: 'a rock',
        width: 640,
        height: 480
      })
    ]
  }
  const { note, post } = await hear('hello', values)
  assert.equal(post.type, 'Note')
  const page = await alice.page(`/posts/${post.id}`).catch(() => alice.page('/home'))
  for (const part of ['weather', 'hello', '/tags/sea', 'a rock', 'blobcat']) assert.ok(page.includes(part), part)
  const replies = new OrderedCollection({ id: new URL('#replies', note.id ?? ''), totalItems: 0, items: [] })

  instance.clock.advance(60_000)
  const updated = await hollo.instant(instance.clock.now())
  const changed = note.clone({
    contents: ['<p>goodbye</p>\n', new LanguageString('<p>goodbye</p>\n', 'en')],
    summaries: [],
    sensitive: false,
    updated,
    replies
  })
  await hollo.serve(changed)
  await tell(new Update({ id: new URL(`#update-${updated}`, note.id ?? ''), actor: hong.uri, object: changed, tos: note.toIds }))
  assert.match(String((await postAt(note.id))?.html), /goodbye/)
  assert.equal((await postAt(note.id))?.warning, '')

  const gone = new Tombstone({ id: note.id })
  await tell(
    new Delete({
      id: new URL(`#delete-${encodeURI(new Date(instance.clock.now()).toString())}`, note.id ?? ''),
      actor: hong.uri,
      to: PUBLIC_COLLECTION,
      object: gone
    })
  )
  assert.ok((await postAt(note.id))?.deletedAt)
})
