import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drafts } from '#db/schema/drafts.ts'
import { media } from '#db/schema/media.ts'
import { posts } from '#db/schema/posts.ts'
import { draftsMax } from '#server/drafts/draft-content.ts'
import { draftPicturesMs, sweepDrafts } from '#server/drafts/sweep-drafts.ts'
import { sweepMedia } from '#server/media/sweep-media.ts'
import { hiddenFieldsOf, textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { formsOf } from '#test/web/bad-input/forms.ts'
import { pictureOf, write } from '#test/web/world.ts'

const dayMs = 24 * 3_600_000
const everything = {
  text: 'Fog over the sound',
  warning: 'Weather',
  visibility: 'followers',
  sensitive: 'yes',
  markdown: 'yes',
  localOnly: 'yes',
  pollOption1: 'Stay in',
  pollOption2: 'Go out',
  pollChoice: 'many',
  pollEnds: '3600',
  canQuote: 'nobody',
  canReply: 'followed',
  canAnnounce: 'everybody',
  canLike: 'followers',
  idempotencyKey: 'one form'
}

/** What the composer of a page would send as it stands. */
function composerOf(html: string): Record<string, string> {
  const form = formsOf(html).find(({ path }) => path === '/posts')
  const fields = (form?.fields ?? []).filter(
    ({ kind, isTicked }) => kind !== 'button' && kind !== 'file' && (kind !== 'checkbox' || isTicked)
  )
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]))
}

test('a draft keeps all that was typed, is found on its page alone, and is published from there', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const saved = await ana.submit('/posts', { ...everything, saveDraft: 'yes' })
  const [, id] = /^\/drafts#draft-(\d+)$/.exec(String(saved.headers.location)) ?? []
  assert.ok(id, String(saved.headers.location))
  assert.match(textOf(await ana.page('/drafts')), /Your draft is kept.*Content warning Weather Fog over the sound Poll Write on Delete/)
  assert.doesNotMatch(await ana.page('/@ana'), /Fog over/)

  const page = await ana.page(`/drafts/${id}`)
  const held = composerOf(page)
  for (const [name, value] of Object.entries(everything)) assert.equal(held[name], value, name)
  const bo = await instance.as('bo')
  assert.equal((await bo.get(`/drafts/${id}`)).statusCode, 404)
  assert.doesNotMatch(await bo.page('/drafts'), /Fog over/)

  const { csrf: _, ...fields } = held
  const published = await ana.submit('/posts', { ...fields, text: 'Fog over the harbour' })
  assert.match(String(published.headers.location), /^\/home#post-\d+$/)
  assert.doesNotMatch(await ana.page('/drafts'), /Fog over/)
  const [post] = await instance.ctx.db.select().from(posts)
  assert.deepEqual(
    [post?.source, post?.warning, post?.visibility, post?.isLocalOnly, post?.isMarkdown, post?.canQuote, post?.canLike, post?.type],
    ['Fog over the harbour', 'Weather', 'followers', true, true, '', 'followers', 'Question']
  )
})

test('a form that is kept or published twice is one draft and one post', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await ana.submit('/posts', { text: 'One', idempotencyKey: 'k', saveDraft: 'yes' })
  await ana.submit('/posts', { text: 'One, and more', idempotencyKey: 'k', saveDraft: 'yes' })
  assert.equal(await instance.ctx.db.$count(drafts), 1)
  const [first, second] = await Promise.all([1, 2].map(() => ana.submit('/posts', { text: 'One, and more', idempotencyKey: 'k' })))
  assert.equal(first?.headers.location, second?.headers.location)
  assert.deepEqual([await instance.ctx.db.$count(posts), await instance.ctx.db.$count(drafts)], [1, 0])
  // What is written on after Back, in the form that was sent, is something new.
  await ana.submit('/posts', { text: 'Another', idempotencyKey: 'k', saveDraft: 'yes' })
  const [kept] = await instance.ctx.db.select().from(drafts)
  assert.notEqual(kept?.key, 'k')
  assert.match(String((await ana.submit('/posts', composerOf(await ana.page(`/drafts/${kept?.id}`)))).headers.location), /#post-/)
  assert.equal(await instance.ctx.db.$count(posts), 2)
})

test('pictures lead to their own step, which can be reloaded, left and sent twice', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const sent = await ana.submit('/posts', {
    text: 'Two boats',
    idempotencyKey: 'k',
    images: [pictureOf('a.png'), pictureOf('b.png', { width: 90 })]
  })
  assert.equal(sent.statusCode, 303)
  const path = String(sent.headers.location)
  assert.match(path, /^\/drafts\/\d+\/images$/)
  const step = await ana.page(path)
  assert.equal(step.match(/<textarea/g)?.length, 2)
  const [one, two] = [...step.matchAll(/name="(alt-\d+)"/g)].map(([, name]) => name!)
  const described = { [one!]: 'A red boat', [two!]: 'A blue boat' }
  const { idempotencyKey } = hiddenFieldsOf(step)

  const left = await ana.submit(path, { ...described, writeOn: 'yes' })
  assert.equal(left.headers.location, path.replace('/images', ''))
  assert.match(await ana.page(path.replace('/images', '')), /A red boat<\/textarea>[\s\S]*A blue boat<\/textarea>/)
  assert.match(await ana.page(path), /A red boat<\/textarea>/)

  const tooLong = await ana.submit(path, { [one!]: 'x'.repeat(1_501), [two!]: 'Still here' })
  assert.equal(tooLong.statusCode, 422)
  assert.match(tooLong.body, /Still here<\/textarea>/)

  const done = await ana.submit(path, { ...described, idempotencyKey: idempotencyKey! })
  const again = await ana.submit(path, { ...described, idempotencyKey: idempotencyKey! })
  assert.match(String(done.headers.location), /^\/home#post-\d+$/)
  assert.equal(again.headers.location, done.headers.location)
  assert.deepEqual([await instance.ctx.db.$count(posts), await instance.ctx.db.$count(drafts)], [1, 0])
  assert.match(textOf(await ana.page('/home')), /A red boat.*A blue boat/)
  const rows = await instance.ctx.db.select().from(media)
  assert.ok(rows.every(({ postId, draftId }) => postId !== null && draftId === null))
})

test('what cannot be published from the step is shown in the composer, with everything typed', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const text = 'x'.repeat(6_000)
  const sent = await ana.submit('/posts', { text, images: pictureOf('a.png') })
  const path = String(sent.headers.location)
  const [, field] = /name="(alt-\d+)"/.exec(await ana.page(path)) ?? []
  const refused = await ana.submit(path, { [field!]: 'A boat' })
  assert.equal(refused.statusCode, 422)
  assert.ok(refused.body.includes(text))
  assert.match(refused.body, /A boat<\/textarea>/)
  assert.equal((await ana.submit('/posts', { ...composerOf(refused.body), text: 'Shorter' })).statusCode, 303)
  assert.match(await ana.page('/home'), /alt="A boat"/)
})

test('buttons inside the composer keep what is there and lead to the draft', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const more = await ana.submit('/posts', { ...everything, pollOption3: '', pollOption4: '', addOption: 'yes' })
  assert.match(String(more.headers.location), /^\/drafts\/\d+#composer-poll$/)
  const page = await ana.page(String(more.headers.location))
  assert.match(page, /name="pollOption5"/)
  assert.equal(composerOf(page).pollOption2, 'Go out')
  const { csrf: _, ...fields } = composerOf(page)
  await ana.submit('/posts', { ...fields, images: pictureOf('a.png') })
  const [withPicture] = await instance.ctx.db.select().from(drafts)
  const pictureId = withPicture?.parts[0]?.mediaIds[0]
  const without = await ana.submit('/posts', { ...fields, media: String(pictureId), removeImage: String(pictureId) })
  assert.equal(without.headers.location, `/drafts/${withPicture?.id}#compose`)
  assert.equal(await instance.ctx.db.$count(media), 0)
  assert.equal(await instance.ctx.db.$count(drafts), 1)
})

test('a draft is thrown away after a question, and with its pictures', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const sent = await ana.submit('/posts', { text: 'Never mind', images: pictureOf('a.png') })
  const [, id] = /drafts\/(\d+)/.exec(String(sent.headers.location)) ?? []
  assert.match(textOf(await ana.page(`/drafts/${id}/delete`)), /Delete this draft\? Never mind/)
  assert.equal((await (await instance.as('bo')).submit(`/drafts/${id}/delete`)).statusCode, 303)
  assert.equal(await instance.ctx.db.$count(drafts), 1)
  assert.equal((await ana.submit(`/drafts/${id}/delete`)).headers.location, '/drafts')
  assert.deepEqual([await instance.ctx.db.$count(drafts), await instance.ctx.db.$count(media)], [0, 0])
  assert.equal((await ana.submit(`/drafts/${id}/delete`)).headers.location, '/drafts')
})

test('pictures of a draft outlive those that wait for nothing, but not for ever', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const sent = await ana.submit('/posts', { text: 'Slowly', images: pictureOf('a.png') })
  instance.clock.advance(30 * dayMs)
  await sweepMedia(instance.ctx)
  await sweepDrafts(instance.ctx)
  assert.match(await ana.page(String(sent.headers.location)), /<img src="\/media/)
  instance.clock.advance(draftPicturesMs)
  await sweepDrafts(instance.ctx)
  const [draft] = await instance.ctx.db.select().from(drafts)
  assert.deepEqual(draft?.parts, [{ text: 'Slowly', mediaIds: [] }])
  assert.equal(await instance.ctx.db.$count(media), 0)
})

test('one has so many drafts and no more, and a text that is refused for that is not lost', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await instance.ctx.transact(async (tx) => {
    for (let at = 0; at < draftsMax; at++)
      await tx.insert(drafts).values({
        id: tx.newId(),
        accountId: ana.account.id,
        key: String(at),
        parts: [{ text: 'x', mediaIds: [] }],
        visibility: 'public',
        policies: {},
        createdAt: tx.now,
        updatedAt: tx.now
      })
  })
  const refused = await ana.submit('/posts', { text: 'One too many', saveDraft: 'yes' })
  assert.equal(refused.statusCode, 429)
  assert.match(refused.body, /One too many<\/textarea>/)
  assert.equal((await ana.submit('/posts', { text: 'Still itself', idempotencyKey: '7', saveDraft: 'yes' })).statusCode, 303)
})

test('what answers a post that goes meanwhile is a draft that says so, and can go out on its own', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  const postId = await write(ana, { text: 'Fog?' })
  const saved = await bo.submit('/posts', { text: '@ana Thick', replyTo: String(postId), idempotencyKey: 'k', saveDraft: 'yes' })
  const path = String(saved.headers.location).replace('#draft-', '/')
  assert.match(textOf(await bo.page(path)), /Fog\?.*Answering ana/)
  await ana.submit(`/posts/${postId}/delete`)
  const [draft] = await instance.ctx.db.select().from(drafts)
  const refused = await bo.submit(`/drafts/${draft?.id}/publish`)
  assert.equal(refused.statusCode, 409)
  assert.match(textOf(refused.body), /You can post this on its own/)
  assert.match(String((await bo.submit('/posts', composerOf(refused.body))).headers.location), /#post-/)
  assert.equal(await instance.ctx.db.$count(drafts), 0)
})
