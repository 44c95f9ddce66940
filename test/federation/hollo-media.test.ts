import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Create, Emoji, EmojiReact, Image, Like, Note, Undo } from '@fedify/fedify/vocab'
import { emojiHere, pngOf } from '#test/emoji/emoji-here.ts'
import { readAsPost, watchAsHollo } from '#test/federation/hollo-rules.ts'
import { startHolloWorld } from '#test/federation/hollo-world.ts'

test('Hollo reads the pictures and emoji of a post here', async (t) => {
  const { alice, aliceThere, hollo, instance, befriend } = await startHolloWorld(t)
  watchAsHollo(hollo)
  await befriend()
  await emojiHere(instance, 'seal')
  const images = { filename: 'seal.png', type: 'image/png', bytes: await pngOf(40, 30) }
  const step = String((await alice.submit('/posts', { text: 'a :seal: and :nothing:', visibility: 'public', images })).headers.location)
  const id = /name="alt-(\d+)"/.exec(await alice.page(step))?.[1]
  assert.equal((await alice.submit(step, { [`alt-${id}`]: 'a grey seal' })).statusCode, 303)
  await instance.runJobs()
  const note = await hollo.of(Create).at(-1)?.getObject()
  assert.ok(note instanceof Note)
  const { emojis, files } = await readAsPost(note, aliceThere.followersId)
  assert.equal(emojis.length, 1)
  assert.match(String(emojis[0]), /^:seal: https:\/\/skerry\.test\/media\//)
  assert.deepEqual(
    files.map(({ type, description }) => [type, description]),
    [['image/png', 'a grey seal']]
  )
  assert.match(String(files[0]?.url), /^https:\/\/skerry\.test\/media\//)
  assert.deepEqual(hollo.faults, [])
})

test('Hollo learns which emoji it is that somebody here reacts with, ours or its own', async (t) => {
  const { hollo, hong, instance, press, hear, tell, befriend } = await startHolloWorld(t)
  watchAsHollo(hollo)
  await befriend()
  await emojiHere(instance, 'seal')
  const icon = new Image({ mediaType: 'image/png', url: new URL('/media/blobcat.png', hollo.origin) })
  const blobcat = new Emoji({ id: new URL('/emojis/:blobcat:', hollo.origin), name: ':blobcat:', icon })
  const { note, post } = await hear('oh :blobcat:', { tags: [blobcat] })
  // One of its own can be joined in.
  await tell(
    new EmojiReact({ id: new URL(`${hong.uri}#react/1`), actor: hong.uri, object: note.id, content: ':blobcat:', tags: [blobcat] })
  )
  for (const emoji of [':seal:', ':blobcat@hollo.test:']) {
    await press(`/posts/${post.id}/react`, { emoji })
    const like = hollo.of(Like).at(-1)
    const [tag] = await Array.fromAsync(like?.getTags() ?? [])
    const name = emoji.replace('@hollo.test', '')
    assert.deepEqual([like?.content, tag?.name], [name, name])
    await press(`/posts/${post.id}/unreact`, { emoji })
    assert.equal(hollo.of(Undo).at(-1)?.objectId?.href, like?.id?.href)
  }
  assert.deepEqual(hollo.faults, [])
})
