import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notifications } from '#db/schema/notifications.ts'
import { reactionCounts, reactions } from '#db/schema/reactions.ts'
import { reactToPost, unreactToPost } from '#server/posts/react-to-post.ts'
import { receiveNote, write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { refusal } from '#test/helpers/refusal.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { gifOf } from '#test/media/pictures.ts'

const blob = { type: 'Emoji', id: 'https://a.test/emoji/blob', name: ':blob:', icon: { type: 'Image', url: 'https://a.test/blob.gif' } }

async function counts({ instance }: World): Promise<string[]> {
  const rows = await instance.ctx.db.select().from(reactionCounts)
  return rows.map(({ emoji, count }) => `${emoji} ${count}`).sort()
}

test('EmojiReact and Like with an emoji are reactions, counted apart from favourites, each actor and emoji once', async (t) => {
  const world = await startWorld(t)
  const { a, b } = world
  const post = await write(world.instance, 'alice', 'reacted to')
  await a.send(a.activity('EmojiReact', post.uri, { content: '👍' }))
  await a.send(a.activity('EmojiReact', post.uri, { content: '👍' }))
  await a.send(a.activity('Like', post.uri, { content: '🎉', _misskey_reaction: '🎉' }))
  await b.send(b.activity('Like', post.uri, { _misskey_reaction: '👍' }))
  await b.send(b.activity('Like', post.uri, { _misskey_reaction: '❤' }))
  await b.send(b.activity('EmojiReact', post.uri, { content: '~' }))
  assert.deepEqual(await counts(world), ['🎉 1', '👍 2'])
  assert.equal((await world.postAt(post.uri))?.favouritesCount, 1)
  const told = await world.instance.ctx.db.select().from(notifications)
  assert.deepEqual(told.map(({ kind }) => kind).sort(), ['favourite', 'reaction', 'reaction'])
  const html = await world.alice.page(`/@alice/${post.id}`)
  assert.match(html, /aria-label="👍, 2 people"/)
  assert.match(await world.alice.page('/notifications'), /reacted to your post.*🎉/s)
  const people = await world.alice.page(`/@alice/${post.id}/reactions`)
  assert.match(people, /@ana@a\.test/)
  assert.match(people, /@ben@b\.test/)
})

test('a reaction is taken back by its id, by its parts, and under another id', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const post = await write(world.instance, 'alice', 'reacted to')
  const thumb = a.activity('EmojiReact', post.uri, { content: '👍' })
  const party = a.activity('Like', post.uri, { _misskey_reaction: '🎉' })
  const fire = a.activity('EmojiReact', post.uri, { content: '🔥' })
  for (const each of [thumb, party, fire]) await a.send(each)
  await a.send(a.activity('Undo', thumb.id))
  assert.deepEqual(await counts(world), ['🎉 1', '🔥 1'])
  await a.send(a.activity('Undo', { ...party, id: undefined }, { id: undefined }))
  assert.deepEqual(await counts(world), ['🔥 1'])
  await a.send(a.activity('Undo', { ...fire, id: 'https://a.test/unknown' }))
  assert.deepEqual(await counts(world), [])
  assert.deepEqual(await world.instance.ctx.db.select().from(notifications), [])
})

test('one actor leaves ten different emoji under a post and no more', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const post = await write(world.instance, 'alice', 'reacted to')
  for (const content of '😀😁😂😃😄😅😆😇😈😉😊😋'.match(/./gu) ?? []) await a.send(a.activity('EmojiReact', post.uri, { content }))
  assert.equal((await world.instance.ctx.db.select().from(reactions)).length, 10)
})

test('nobody reacts to what they may not see, nor across a block', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const hidden = await write(world.instance, 'alice', 'for followers', 'followers')
  await a.send(a.activity('EmojiReact', hidden.uri, { content: '👍' }))
  await a.send(a.activity('Block', world.alice.account.uri))
  const open = await write(world.instance, 'alice', 'for all')
  await a.send(a.activity('EmojiReact', open.uri, { content: '👍' }))
  assert.deepEqual(await counts(world), [])
})

test('a custom emoji comes with its picture, which is fetched when somebody looks, and others may join in', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  world.servers.a.documents.set('/blob.gif', (response) => {
    response.writeHead(200, { 'content-type': 'image/gif' }).end(gifOf(20, 20, 2))
  })
  const post = await write(world.instance, 'alice', 'reacted to')
  await a.send(a.activity('EmojiReact', post.uri, { content: ':blob:', tag: [blob] }))
  assert.deepEqual(await counts(world), [':blob@a.test: 1'])
  assert.equal(world.fetches().includes('https://a.test/blob.gif'), false)
  const html = await world.alice.page(`/@alice/${post.id}`)
  const [, key] = /<img class="emoji" src="\/media\/([^"]+)" alt=":blob:"/.exec(html) ?? []
  assert.equal((await world.alice.get(`/media/${key}`)).statusCode, 200)
  const joined = await world.alice.submit(`/posts/${post.id}/react`, { emoji: ':blob@a.test:' })
  assert.equal(joined.statusCode, 303)
  assert.deepEqual(await counts(world), [':blob@a.test: 2'])
})

test('a reaction of ours goes to the author as Like with the emoji in it, and its end as Undo of that very Like', async (t) => {
  const instance = await startInstance(t)
  const near = await startPeer(t, instance, 'near.test')
  const ben = await near.account('ben')
  const note = await receiveNote(instance, ben, 'theirs')
  const who = await whoIs(instance, 'alice')
  await reactToPost(instance.ctx, who, { postId: note.id, emoji: '🎉' })
  await reactToPost(instance.ctx, who, { postId: note.id, emoji: '🎉' })
  await instance.runJobs()
  await unreactToPost(instance.ctx, who, { postId: note.id, emoji: '🎉' })
  await instance.runJobs()
  const [like, undo] = near.posts.map((one) => one.json)
  assert.equal(near.posts.length, 2)
  const { '@context': context, ...parts } = like ?? {}
  assert.deepEqual(context, [
    'https://www.w3.org/ns/activitystreams',
    {
      toot: 'http://joinmastodon.org/ns#',
      Emoji: 'toot:Emoji',
      misskey: 'https://misskey-hub.net/ns#',
      _misskey_reaction: 'misskey:_misskey_reaction'
    }
  ])
  assert.deepEqual(parts, {
    id: like?.id,
    type: 'Like',
    actor: 'https://skerry.test/@alice',
    to: [ben.uri],
    object: note.uri,
    content: '🎉',
    _misskey_reaction: '🎉',
    tag: []
  })
  assert.match(String(like?.id), /^https:\/\/skerry\.test\/@alice#reaction-\d+$/)
  assert.deepEqual([undo?.type, undo?.object.id, undo?.object.content], ['Undo', like?.id, '🎉'])
})

test('what is no single emoji is refused, and known shortcodes are those under the post', async (t) => {
  const instance = await startInstance(t)
  const post = await write(instance, 'alice', 'a post')
  const who = await whoIs(instance, 'alice')
  for (const emoji of ['', 'x', '👍👍', ':nothing:', '<b>'])
    await assert.rejects(reactToPost(instance.ctx, who, { postId: post.id, emoji }), refusal('invalid', 'errors.notOneEmoji'))
  await reactToPost(instance.ctx, who, { postId: post.id, emoji: '☺' })
  assert.equal((await instance.ctx.db.select().from(reactions))[0]?.emoji, '☺️')
})

test('a deleted post and a deleted actor take their reactions along', async (t) => {
  const world = await startWorld(t)
  const { a, b } = world
  const post = await write(world.instance, 'alice', 'reacted to')
  await a.send(a.activity('EmojiReact', post.uri, { content: '👍' }))
  await b.send(b.activity('EmojiReact', post.uri, { content: '👍' }))
  await a.send(a.activity('Delete', a.uri))
  await world.instance.runJobs()
  assert.deepEqual(await counts(world), ['👍 1'])
  await world.alice.submit(`/posts/${post.id}/delete`)
  assert.deepEqual(await counts(world), [])
  assert.deepEqual(await world.instance.ctx.db.select().from(reactions), [])
})
