import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emojiUses } from '#db/schema/own-emojis.ts'
import { reactionCounts } from '#db/schema/reactions.ts'
import { updateProfile } from '#server/accounts/update-profile.ts'
import { switchEmoji } from '#server/emoji/change-emoji.ts'
import { shortcodesIn } from '#server/emoji/written-emoji.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { reactToPost, unreactToPost } from '#server/posts/react-to-post.ts'
import { receiveNote, write } from '#test/federation/acts.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { emojiHere } from '#test/emoji/emoji-here.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { refusal } from '#test/helpers/refusal.ts'
import { whoIs } from '#test/helpers/who-is.ts'

const activity = { accept: 'application/activity+json' }

test('shortcodes are read in words, and not in links or programs', () => {
  const html = '<p>:seal: at 12:30:45 <a href="https://x.test/:otter:">:otter:</a> <code>:crab:</code>:gull:</p>'
  assert.deepEqual(shortcodesIn([html, ':warn:', ':x:']), ['seal', '30', 'gull', 'warn'])
})

test('a post shows custom emoji in its text, warning and poll; its edit and deletion count them out', async (t) => {
  const instance = await startInstance(t)
  const { id } = await emojiHere(instance, 'seal', { alt: 'A grey seal' })
  await emojiHere(instance, 'otter', { isHidden: true })
  const who = await whoIs(instance, 'ana')
  const ana = await instance.as('ana')
  const poll = { options: ['yes :seal:', 'no'], isMultiple: false, lastsS: 3_600 }
  const post = await publishPost(instance.ctx, who, {
    text: 'two :seal: one :otter: no :crab: `:seal:`',
    isMarkdown: true,
    warning: 'about :seal:',
    poll
  })
  const html = await ana.page(`/@ana/${post.id}`)
  const picture =
    '<img class="emoji" src="/media/[^"]+" alt="A grey seal" title=":seal:" width="20" height="20" loading="lazy" decoding="async">'
  assert.match(html, new RegExp(`two ${picture} one <img class="emoji"[^>]*title=":otter:"[^>]*> no :crab: <code>:seal:</code>`))
  assert.match(html, new RegExp(`about ${picture}`))
  assert.match(html, new RegExp(`<bdi>yes ${picture}</bdi>`))
  assert.deepEqual((await instance.ctx.db.select().from(emojiUses)).map(({ emojiId }) => emojiId).includes(id), true)
  await editPost(instance.ctx, who, { postId: post.id, text: 'nothing', warning: '', poll: null })
  assert.deepEqual(await instance.ctx.db.select().from(emojiUses), [])
  const next = await write(instance, 'ana', ':seal:')
  assert.equal((await instance.ctx.db.select().from(emojiUses)).length, 1)
  await deletePost(instance.ctx, who, { postId: next.id })
  assert.deepEqual(await instance.ctx.db.select().from(emojiUses), [])
})

test('a name, biography and fields show them; names can be read without', async (t) => {
  const instance = await startInstance(t)
  await emojiHere(instance, 'seal')
  const who = await whoIs(instance, 'ana')
  await updateProfile(instance.ctx, who, {
    displayName: 'Ana :seal:',
    bioText: 'I like :seal:',
    fields: [{ name: 'Best', value: ':seal:' }],
    isLocked: false,
    isBot: false
  })
  const html = await instance.guest().page('/@ana')
  assert.match(html, /Ana <span class="name-emoji"><img class="emoji"/)
  assert.match(html, /I like <img class="emoji"/)
  const document = (await instance.guest().get('/@ana', activity)).json()
  assert.deepEqual(
    document.tag.map(({ name }: { name: string }) => name),
    [':seal:']
  )
})

test('a post goes out with each of its emoji as a tag, whose id can be read by itself', async (t) => {
  const instance = await startInstance(t)
  const { id, mediaKey, updatedAt } = await emojiHere(instance, 'seal', { alt: 'A grey seal' })
  const alice = (await instance.as('alice')).account
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice)
  const who = await whoIs(instance, 'alice')
  const post = await publishPost(instance.ctx, who, { text: 'a :seal: and :seal:' })
  await instance.runJobs()
  await editPost(instance.ctx, who, { postId: post.id, text: 'the :seal:' })
  await instance.runJobs()
  const [create, update] = near.posts.map((one) => one.json)
  const tag = {
    id: `https://skerry.test/emoji/${id}`,
    type: 'Emoji',
    name: ':seal:',
    updated: new Date(updatedAt).toISOString(),
    icon: { type: 'Image', mediaType: 'image/png', url: `https://skerry.test/media/${mediaKey}`, name: 'A grey seal' }
  }
  assert.deepEqual(create?.object.tag, [tag])
  assert.equal(create?.object.content, '<p>a :seal: and :seal:</p>')
  assert.deepEqual(update?.object.tag, [tag])
  assert.ok(JSON.stringify(create?.['@context']).includes('"Emoji":"toot:Emoji"'))

  const answer = await instance.guest().get(`/emoji/${id}`, activity)
  const { '@context': context, ...document } = answer.json()
  assert.deepEqual(context, ['https://www.w3.org/ns/activitystreams', { toot: 'http://joinmastodon.org/ns#', Emoji: 'toot:Emoji' }])
  assert.deepEqual(document, tag)
  const etag = String(answer.headers.etag)
  assert.equal((await instance.guest().get(`/emoji/${id}`, { ...activity, 'if-none-match': etag })).statusCode, 304)
  await (await instance.as('ada', { role: 'admin' })).submit(`/admin/emoji/${id}/removal`, { isConfirmed: 'yes' })
  const gone = await instance.guest().get(`/emoji/${id}`, activity)
  assert.deepEqual([gone.statusCode, gone.json().type, gone.json().formerType], [410, 'Tombstone', 'Emoji'])
  assert.equal((await instance.guest().get('/emoji/77', activity)).statusCode, 404)
  const later = (await instance.guest().get(new URL(post.uri).pathname, activity)).json()
  assert.deepEqual(later.tag, [])
})

test('a reaction with an emoji of ours goes out as Like with its tag, and is taken back', async (t) => {
  const instance = await startInstance(t)
  const { id, mediaKey, updatedAt } = await emojiHere(instance, 'seal')
  const near = await startPeer(t, instance, 'near.test')
  const note = await receiveNote(instance, await near.account('ben'), 'theirs')
  const who = await whoIs(instance, 'alice')
  await reactToPost(instance.ctx, who, { postId: note.id, emoji: ':seal:' })
  await reactToPost(instance.ctx, who, { postId: note.id, emoji: ':seal@.:' })
  await instance.runJobs()
  await switchEmoji(instance.ctx, { kind: 'operator' }, { emojiId: id, isOff: true })
  const alice = await instance.as('alice')
  assert.match(await alice.page(`/@ben@near.test/${note.id}`), /value=":seal@\.:".*<img class="emoji"/s)
  await unreactToPost(instance.ctx, who, { postId: note.id, emoji: ':seal@.:' })
  await instance.runJobs()
  const [like, undo] = near.posts.map((one) => one.json)
  assert.equal(near.posts.length, 2)
  assert.deepEqual([like?.content, like?._misskey_reaction], [':seal:', ':seal:'])
  assert.deepEqual(like?.tag, [
    {
      id: `https://skerry.test/emoji/${id}`,
      type: 'Emoji',
      name: ':seal:',
      updated: new Date(updatedAt).toISOString(),
      icon: { type: 'Image', mediaType: 'image/png', url: `https://skerry.test/media/${mediaKey}` }
    }
  ])
  assert.deepEqual([undo?.type, undo?.object.id], ['Undo', like?.id])
  await assert.rejects(reactToPost(instance.ctx, who, { postId: note.id, emoji: ':seal:' }), refusal('invalid', 'errors.notOneEmoji'))
})

test('the picker offers what this server has, and takes the right one of two of one name', async (t) => {
  const world = await startWorld(t)
  const { a, instance, alice } = world
  await emojiHere(instance, 'blob')
  const post = await write(instance, 'alice', 'reacted to')
  const tag = { type: 'Emoji', id: 'https://a.test/emoji/blob', name: ':blob:', icon: { type: 'Image', url: 'https://a.test/blob.gif' } }
  await a.send(a.activity('Like', post.uri, { content: ':blob:', tag: [tag] }))
  assert.match(await alice.page(`/@alice/${post.id}`), /value=":blob@\.:" aria-label="React with :blob:"/)
  await alice.submit(`/posts/${post.id}/react`, { emoji: ':blob@.:' })
  await alice.submit(`/posts/${post.id}/react`, { emoji: ':blob@a.test:' })
  const counts = await instance.ctx.db.select().from(reactionCounts)
  assert.deepEqual(counts.map(({ emoji, count }) => `${emoji} ${count}`).sort(), [':blob@.: 1', ':blob@a.test: 2'])
})

test('an emoji of ours that comes back from elsewhere is ours, and is not fetched', async (t) => {
  const world = await startWorld(t)
  const { a, instance } = world
  const { id, mediaKey } = await emojiHere(instance, 'seal')
  const post = await write(instance, 'alice', 'reacted to')
  const url = `https://skerry.test/media/${mediaKey}`
  const tag = { type: 'Emoji', id: `https://skerry.test/emoji/${id}`, name: ':seal:', icon: { type: 'Image', url } }
  await a.send(a.activity('Like', post.uri, { content: ':seal:', tag: [tag] }))
  const counts = await instance.ctx.db.select().from(reactionCounts)
  assert.deepEqual(
    counts.map(({ emoji, mediaKey: key }) => [emoji, key]),
    [[':seal@.:', mediaKey]]
  )
})

test('completion offers custom emoji with their pictures beside those of Unicode, and not what is hidden', async (t) => {
  const instance = await startInstance(t)
  const { mediaKey } = await emojiHere(instance, 'my_boat', { alt: 'Our boat' })
  await emojiHere(instance, 'boat_secret', { isHidden: true })
  const ana = await instance.as('ana')
  const { items } = (await ana.get('/completions?kind=emoji&q=boat', { accept: 'application/json' })).json()
  assert.deepEqual(items[0], { insert: ':my_boat:', label: ':my_boat:', detail: 'Our boat', image: `/media/${mediaKey}` })
  assert.ok(items.some(({ insert }: { insert: string }) => insert === '⛵'))
  assert.equal(JSON.stringify(items).includes('secret'), false)
  const html = await instance.guest().page('/emoji')
  assert.match(html, /<code>:my_boat:<\/code> <span class="soft" dir="auto">Our boat<\/span>/)
  assert.doesNotMatch(html, /secret/)
})
