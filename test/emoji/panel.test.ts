import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import sharp from 'sharp'
import { eq } from 'drizzle-orm'
import { emojis } from '#db/schema/emoji.ts'
import { media } from '#db/schema/media.ts'
import { auditEntries } from '#db/schema/moderation.ts'
import { ownEmojis } from '#db/schema/own-emojis.ts'
import { reactionCounts } from '#db/schema/reactions.ts'
import { sweepMedia } from '#server/media/sweep-media.ts'
import { limitDomain, write } from '#test/federation/acts.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { apngOf, emojiHere, pngOf } from '#test/emoji/emoji-here.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { gifOf } from '#test/media/pictures.ts'

const file = (bytes: Buffer) => ({ filename: 'seal.png', type: 'image/png', bytes })

test('an admin adds an emoji by a form: its picture is made small and encoded anew', async (t) => {
  const instance = await startInstance(t)
  const ada = await instance.as('ada', { role: 'admin' })
  const fields = { shortcode: ':Grey_Seal:', category: 'Sea', alt: 'A grey seal', image: file(await pngOf(400, 300)) }
  assert.equal((await ada.submit('/admin/emoji', fields)).headers.location, '/admin/emoji')
  const html = await ada.page('/admin/emoji')
  assert.match(html, /<code>:Grey_Seal:<\/code>/)
  assert.match(html, /Sea · 0 posts, 0 reactions/)
  const [, key] = /<img class="emoji" src="\/media\/([^"]+)" alt="A grey seal" title=":Grey_Seal:" width="20" height="20"/.exec(html) ?? []
  const picture = await ada.get(`/media/${key}`)
  assert.equal(picture.headers['content-type'], 'image/png')
  const { width, height } = await sharp(picture.rawPayload).metadata()
  assert.deepEqual([width, height], [128, 96])
  const [entry] = await instance.ctx.db.select().from(auditEntries)
  assert.deepEqual([entry?.act, entry?.targetLabel], ['emoji-added', ':Grey_Seal:'])
  assert.match(await ada.page('/admin/audit'), /added the emoji :Grey_Seal:/)
})

test('what moves keeps moving, and has a still version for whoever wants less motion', async (t) => {
  const instance = await startInstance(t)
  const emoji = await emojiHere(instance, 'blink', { bytes: gifOf(40, 40, 3) })
  assert.equal(emoji.isAnimated, true)
  const guest = instance.guest()
  const moving = await guest.get(`/media/${emoji.mediaKey}`)
  assert.deepEqual([moving.headers['content-type'], (await sharp(moving.rawPayload).metadata()).pages], ['image/webp', 3])
  const still = await guest.get(`/media/${emoji.mediaKey}/preview`)
  assert.deepEqual([still.headers['content-type'], (await sharp(still.rawPayload).metadata()).pages], ['image/png', undefined])
  const html = await guest.page('/emoji')
  assert.match(html, /class="emoji emoji-moving" src="\/media\/[^"/]+" [^>]*><img class="emoji emoji-still" src="\/media\/[^"/]+\/preview"/)
})

test('an animated PNG moves too: its frames are laid over each other as they say', async (t) => {
  const instance = await startInstance(t)
  const emoji = await emojiHere(instance, 'lamp', { bytes: await apngOf(200, 100) })
  assert.equal(emoji.isAnimated, true)
  const { rawPayload } = await instance.guest().get(`/media/${emoji.mediaKey}`)
  const { pages, pageHeight, width, delay, loop } = await sharp(rawPayload, { animated: true }).metadata()
  assert.deepEqual([pages, pageHeight, width, delay, loop], [3, 64, 128, [100, 200, 100], 2])
  const corner = async (page: number) => [
    ...(await sharp(rawPayload, { page }).extract({ left: 10, top: 10, width: 1, height: 1 }).removeAlpha().raw().toBuffer())
  ]
  const red = (rgb: number[]) => rgb[0]! > 200 && rgb[2]! < 60
  const blue = (rgb: number[]) => rgb[2]! > 200 && rgb[0]! < 60
  // Red; blue in the upper left, which is taken back; and a dot elsewhere.
  assert.deepEqual([red(await corner(0)), blue(await corner(1)), red(await corner(2))], [true, true, true])
  // The encoder counts runs, and the time of a frame, no further than this.
  const { mediaKey } = await emojiHere(instance, 'slow', { bytes: await apngOf(20, 20, 0, { plays: 100_000, delay: 65_000 }) })
  const slow = await sharp((await instance.guest().get(`/media/${mediaKey}`)).rawPayload, { animated: true }).metadata()
  assert.deepEqual([slow.loop, slow.delay], [65_535, [65_535, 200, 100]])
  // One that does not follow the standard stands still.
  assert.equal((await emojiHere(instance, 'dark', { bytes: await apngOf(200, 100, 1) })).isAnimated, false)
})

test('what is wrong is told beside its field, and nothing is kept of it', async (t) => {
  const instance = await startInstance(t)
  const ada = await instance.as('ada', { role: 'admin' })
  await emojiHere(instance, 'seal')
  const good = await pngOf(20, 20)
  const bad: [Record<string, unknown>, number, RegExp][] = [
    [{ shortcode: 'grey seal', image: file(good) }, 422, /shortcode-error.*letters from a to z/s],
    [{ shortcode: 'x', image: file(good) }, 422, /2 to 64 characters/],
    [{ shortcode: 'y'.repeat(65), image: file(good) }, 422, /2 to 64 characters/],
    [{ shortcode: 'ſeal', image: file(good) }, 422, /letters from a to z/],
    [{ shortcode: '', image: file(good) }, 422, /shortcode-error/],
    [{ shortcode: 'SEAL', image: file(good) }, 409, /:SEAL: is taken already/],
    [{ shortcode: 'otter' }, 422, /emoji-image-error.*Choose a picture/s],
    [{ shortcode: 'otter', image: file(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')) }, 415, /emoji-image-error/],
    [{ shortcode: 'otter', image: file(good.subarray(0, 40)) }, 422, /emoji-image-error/],
    [{ shortcode: 'otter', image: file(randomBytes(256 * 1024 + 1)) }, 413, /larger than 256 KB/],
    [{ shortcode: 'otter', image: file(gifOf(10, 10, 501)) }, 422, /emoji-image-error/],
    [{ shortcode: 'otter', alt: 'a'.repeat(201), image: file(good) }, 422, /alt-error/],
    [{ shortcode: 'otter', category: 'c'.repeat(51), image: file(good) }, 422, /category-error/]
  ]
  for (const [fields, status, said] of bad) {
    const answer = await ada.submit('/admin/emoji', { category: '', alt: '', ...fields } as never)
    assert.equal(answer.statusCode, status, JSON.stringify(fields.shortcode))
    assert.match(answer.body, said)
    assert.match(answer.body, /<details class="fold panel emoji-add" open>/)
  }
  assert.equal((await instance.ctx.db.select().from(ownEmojis)).length, 1)
  assert.equal((await instance.ctx.db.select().from(media)).length, 1)
})

test('people see none of the panel; moderators look, switch off and block, and change nothing else', async (t) => {
  const instance = await startInstance(t)
  const { id } = await emojiHere(instance, 'seal')
  const [bob, mo] = [await instance.as('bob'), await instance.as('mo', { role: 'moderator' })]
  assert.equal((await bob.get('/admin/emoji')).statusCode, 403)
  const writes = ['/admin/emoji', `/admin/emoji/${id}`, `/admin/emoji/${id}/removal`, '/admin/emoji/elsewhere/1']
  for (const who of [bob, mo])
    for (const path of writes) assert.equal((await who.submit(path, { shortcode: 'otter' })).statusCode, 403, path)
  for (const path of [`/admin/emoji/${id}/off`, '/admin/emoji/elsewhere/1/block']) assert.equal((await bob.submit(path)).statusCode, 403)
  const html = await mo.page('/admin/emoji')
  assert.doesNotMatch(html, /name="shortcode"/)
  assert.equal((await mo.submit(`/admin/emoji/${id}/off`)).statusCode, 303)
  assert.match(await mo.page('/admin/emoji'), /Switched off.*Switch on/s)
  assert.equal((await mo.submit('/admin/emoji/elsewhere/77/block')).statusCode, 404)
})

test('switched off it stays where it stood, and can be used no more; deleted its code is text, and free', async (t) => {
  const instance = await startInstance(t)
  const ada = await instance.as('ada', { role: 'admin' })
  const { id, mediaKey } = await emojiHere(instance, 'seal')
  const before = await write(instance, 'ada', 'a :seal: here')
  await ada.submit(`/admin/emoji/${id}/off`)
  const after = await write(instance, 'ada', 'no :seal: here')
  assert.match(await ada.page(`/@ada/${before.id}`), /a <img class="emoji"/)
  assert.match(await ada.page(`/@ada/${after.id}`), /no :seal: here/)
  assert.doesNotMatch(await ada.page('/emoji'), /:seal:/)
  await ada.submit(`/admin/emoji/${id}`, { category: 'Sea', alt: 'A seal', isHidden: 'yes' })
  assert.match(await ada.page(`/@ada/${before.id}`), /alt="A seal"/)
  const asking = await ada.submit(`/admin/emoji/${id}/removal`)
  assert.match(textOf(asking.body), /Delete the emoji :seal:\?.*Nothing brings it back/s)
  assert.match(await ada.page(`/@ada/${before.id}`), /alt="A seal"/)
  await ada.submit(`/admin/emoji/${id}/removal`, { isConfirmed: 'yes' })
  assert.match(await ada.page(`/@ada/${before.id}`), /a :seal: here/)
  assert.equal((await ada.get(`/media/${mediaKey}`)).statusCode, 404)
  assert.equal((await ada.get(`/admin/emoji/${id}`)).statusCode, 404)
  const again = await emojiHere(instance, 'Seal')
  assert.notEqual(again.id, id)
  const acts = (await instance.ctx.db.select().from(auditEntries)).map(({ act }) => act)
  assert.deepEqual(acts.sort(), ['emoji-added', 'emoji-added', 'emoji-changed', 'emoji-deleted', 'emoji-switched-off'])
})

test('an emoji of another server is found, copied here, and blocked there', async (t) => {
  const world = await startWorld(t)
  const { a, instance, alice } = world
  world.servers.a.documents.set('/blob.gif', (response) => {
    response.writeHead(200, { 'content-type': 'image/gif' }).end(gifOf(20, 20, 2))
  })
  const tag = { type: 'Emoji', id: 'https://a.test/emoji/blob', name: ':blob:', icon: { type: 'Image', url: 'https://a.test/blob.gif' } }
  await a.send(a.activity('Create', a.note('<p>look :blob:</p>', { tag: [tag] })))
  const post = await write(instance, 'alice', 'reacted to')
  await a.send(a.activity('Like', post.uri, { content: ':blob:', tag: [tag] }))
  const ada = await instance.as('ada', { role: 'admin' })
  assert.match(await ada.page('/admin/emoji/elsewhere?q=blob@a.test'), /:blob:.*a\.test.*Copy here/s)
  assert.match(await ada.page('/admin/emoji/elsewhere?q=blob@b.test'), /Nothing was found/)
  const [{ id, mediaKey } = { id: 0, mediaKey: '' }] = await instance.ctx.db.select().from(emojis)
  assert.equal((await ada.submit(`/admin/emoji/elsewhere/${id}`, { shortcode: 'blob', category: '', alt: '' })).statusCode, 303)
  const [own] = await instance.ctx.db.select().from(ownEmojis)
  assert.deepEqual([own?.shortcode, own?.copiedFrom, own?.isAnimated], ['blob', 'a.test', true])
  const taken = await ada.submit(`/admin/emoji/elsewhere/${id}`, { shortcode: 'BLOB', category: '', alt: '' })
  assert.equal(taken.statusCode, 409)

  assert.match(await alice.page(`/@alice/${post.id}`), new RegExp(`/media/${mediaKey}"`))
  assert.equal((await alice.get(`/media/${mediaKey}`)).statusCode, 200)
  await ada.submit(`/admin/emoji/elsewhere/${id}/block`)
  const html = await alice.page(`/@alice/${post.id}`)
  assert.doesNotMatch(html, new RegExp(mediaKey))
  assert.match(html, /<span aria-hidden="true">:blob: 1<\/span>/)
  assert.equal((await alice.get(`/media/${mediaKey}`)).statusCode, 404)
  assert.match(await ada.page('/admin/emoji/elsewhere?show=blocked'), /Show again/)
  await ada.submit(`/admin/emoji/elsewhere/${id}/unblock`)
  assert.match(await alice.page(`/@alice/${post.id}`), new RegExp(mediaKey))
})

test('sweeping the storage for a day leaves emoji alone', async (t) => {
  const instance = await startInstance(t)
  const { mediaKey, mediaId } = await emojiHere(instance, 'seal')
  for (let hour = 0; hour < 49; hour++) {
    instance.clock.advance(3_600_000)
    await sweepMedia(instance.ctx)
  }
  await instance.runJobs()
  assert.equal((await instance.guest().get(`/media/${mediaKey}`)).statusCode, 200)
  assert.equal((await instance.ctx.db.select().from(media).where(eq(media.id, mediaId))).length, 1)
})

test('no picture is taken from a suspended server, whoever tells of it', async (t) => {
  const world = await startWorld(t)
  const { a, instance } = world
  const tag = { type: 'Emoji', name: ':blob:', icon: { type: 'Image', url: 'https://b.test/blob.gif' } }
  await a.send(a.activity('Create', a.note('<p>look :blob:</p>', { tag: [tag] })))
  const [{ id } = { id: 0 }] = await instance.ctx.db.select().from(emojis)
  await limitDomain(instance, 'b.test')
  const ada = await instance.as('ada', { role: 'admin' })
  const refused = await ada.submit(`/admin/emoji/elsewhere/${id}`, { shortcode: 'blob', category: '', alt: '' })
  assert.match(textOf(refused.body), /The server b\.test is suspended here/)
  assert.deepEqual(await instance.ctx.db.select().from(ownEmojis), [])
})

test('buttons of a row lead back to the page it stands on, and to the row; many uses are not counted to the end', async (t) => {
  const instance = await startInstance(t)
  const ada = await instance.as('ada', { role: 'admin' })
  const { id, mediaKey } = await emojiHere(instance, 'seal', { category: 'Sea' })
  const page = '/admin/emoji?q=sea&page=0'
  const off = await ada.submit(`/admin/emoji/${id}/off`, { returnTo: page })
  assert.equal(off.headers.location, `${page}#emoji-${id}`)
  assert.match(await ada.page(page), new RegExp(`id="emoji-${id}" tabindex="-1"><code>:seal:`))
  assert.equal((await ada.submit(`/admin/emoji/${id}/on`, { returnTo: 'https://evil.test/' })).headers.location, `/admin/emoji#emoji-${id}`)

  const post = await write(instance, 'ada', 'a :seal: here')
  await instance.ctx.transact(async (tx) => {
    await tx.insert(reactionCounts).values({ postId: post.id, emoji: ':seal:', count: 1_001, mediaKey, createdAt: tx.now })
  })
  assert.match(await ada.page('/admin/emoji'), /Sea · 1 post, 1,000\+ reactions/)
})
