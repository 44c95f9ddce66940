import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { asc, eq } from 'drizzle-orm'
import sharp from 'sharp'
import { accounts } from '#db/schema/accounts.ts'
import { media } from '#db/schema/media.ts'
import { posts } from '#db/schema/posts.ts'
import { addRemoteMedia, type RemoteMediaItem, remoteMediaPerPostMax, replaceRemoteMedia } from '#server/media/remote-media.ts'
import { replaceAvatar, replaceHeader } from '#server/media/replace-picture.ts'
import { type MediaContext, startMedia } from '#test/media/media-context.ts'
import { startPictureServer } from '#test/media/picture-server.ts'
import { jpegOf, noise, pngClaiming } from '#test/media/pictures.ts'

const retryMs = 10 * 60_000

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** An instance, and a remote author whose server answers as the test says. */
async function startWithRemote(t: TestContext, answer: Answer) {
  const instance = await startMedia(t)
  const server = await startPictureServer(t, answer)
  instance.network.add('a.test', server.port)
  const author = await instance.remoteAccount('zoe', 'a.test')
  return { ...instance, server, author, show: (items: RemoteMediaItem[]) => show(instance, author.id, items) }
}

/** Writes a remote post with these attachments and gives back its pictures. */
async function show({ ctx }: MediaContext, accountId: number, items: RemoteMediaItem[]) {
  return ctx.transact(async (tx) => {
    const postId = tx.newId()
    const uri = `https://a.test/notes/${postId}`
    await tx
      .insert(posts)
      .values({ id: postId, uri, authorId: accountId, threadId: postId, visibility: 'public', isLocal: false, createdAt: tx.now })
    await addRemoteMedia(tx, ctx.random, { accountId, postId, items })
    return tx.select().from(media).where(eq(media.postId, postId)).orderBy(asc(media.position))
  })
}

const picture =
  (bytes: Buffer, type = 'image/jpeg'): Answer =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': type }).end(bytes)

test('A remote picture is fetched at the first look, once for all who look at once, and made anew', async (t) => {
  const original = await sharp(await noise(900, 600))
    .withExif({ IFD0: { Artist: 'Private Harbour' } })
    .jpeg()
    .toBuffer()
  const { app, ctx, server, show } = await startWithRemote(t, picture(original))
  const { images } = ctx
  let made = 0
  const make: typeof images.make = (bytes, options) => {
    made++
    return images.make(bytes, options)
  }
  Object.assign(ctx, { images: { ...images, make } })
  const [shown] = await show([{ url: 'https://a.test/pic.jpg', mime: 'image/jpeg', alt: 'A harbour', width: 900, height: 600 }])
  assert.deepEqual(server.asked, [])
  const looks = await Promise.all(Array.from({ length: 5 }, (_, at) => app.inject(`/media/${shown?.key}${at % 2 ? '/preview' : ''}`)))
  assert.deepEqual(
    looks.map(({ statusCode }) => statusCode),
    [200, 200, 200, 200, 200]
  )
  assert.deepEqual([server.asked, made], [['/pic.jpg'], 1])
  assert.ok(!looks[0]?.rawPayload.includes('Private Harbour'))
  assert.equal(looks[0]?.headers['content-type'], 'image/jpeg')
  assert.equal(looks[1]?.headers['content-type'], 'image/webp')
  assert.equal((await app.inject(`/media/${shown?.key}`)).statusCode, 200)
  assert.deepEqual(server.asked, ['/pic.jpg'])
})

test('What turns out to be no picture is broken for good and not asked for again', async (t) => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  const answers: Record<string, Answer> = {
    '/svg': picture(svg, 'image/svg+xml'),
    '/html': picture(Buffer.from('<html>'), 'text/html'),
    '/liar': picture(Buffer.from('<html><script>'), 'image/png'),
    '/bomb': picture(pngClaiming(50_000, 50_000), 'image/png'),
    '/gone': (_request, response) => void response.writeHead(410).end(),
    '/large': (_request, response) => void response.writeHead(200, { 'content-type': 'image/png', 'content-length': '50000000' }).write('x')
  }
  const { app, ctx, server, show } = await startWithRemote(t, (request, response) => answers[request.url ?? '']?.(request, response))
  const shown = await show(Object.keys(answers).map((path) => ({ url: `https://a.test${path}`, mime: 'image/png' })))
  for (const { key, remoteUrl } of shown) assert.equal((await app.inject(`/media/${key}`)).statusCode, 404, remoteUrl ?? '')
  assert.equal(await ctx.db.$count(media, eq(media.isBroken, true)), shown.length)
  const asked = server.asked.length
  for (const { key } of shown) await app.inject(`/media/${key}`)
  assert.equal(server.asked.length, asked)
})

test('A failure that may pass is tried again later, without asking at every look', async (t) => {
  let isDown = true
  const bytes = await jpegOf()
  const { app, clock, server, show } = await startWithRemote(t, (request, response) => {
    if (isDown) request.socket.destroy()
    else picture(bytes, 'application/octet-stream')(request, response)
  })
  const [shown] = await show([{ url: 'https://a.test/pic' }])
  for (let look = 0; look < 3; look++) {
    const answer = await app.inject(`/media/${shown?.key}`)
    assert.equal(answer.statusCode, 404)
    assert.notEqual(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
  }
  const asked = server.asked.length
  assert.ok(asked <= 2, `asked ${asked} times`)
  isDown = false
  clock.advance(retryMs + 60_000)
  assert.equal((await app.inject(`/media/${shown?.key}`)).statusCode, 200)
})

test('Nothing is fetched from or shown of a blocked host, and it comes back with the block lifted', async (t) => {
  const bytes = await jpegOf()
  const { app, server, suspended, network, show } = await startWithRemote(t, picture(bytes))
  network.add('cdn.test', server.port)
  const [own, elsewhere] = await show([{ url: 'https://a.test/1' }, { url: 'https://cdn.test/2' }])
  suspended.add('cdn.test')
  assert.equal((await app.inject(`/media/${elsewhere?.key}`)).statusCode, 404)
  assert.deepEqual(server.asked, [])
  assert.equal((await app.inject(`/media/${own?.key}`)).statusCode, 200)
  suspended.add('a.test')
  assert.equal((await app.inject(`/media/${own?.key}`)).statusCode, 404)
  suspended.clear()
  assert.equal((await app.inject(`/media/${own?.key}`)).statusCode, 200)
  assert.equal((await app.inject(`/media/${elsewhere?.key}`)).statusCode, 200)
})

test('An address of our own is never asked for', async (t) => {
  const { app, server, network, show } = await startWithRemote(t, picture(await jpegOf()))
  network.add('skerry.test', server.port)
  const [shown] = await show([{ url: 'https://SKERRY.test:443/media/x' }])
  assert.equal((await app.inject(`/media/${shown?.key}`)).statusCode, 404)
  assert.deepEqual(server.asked, [])
})

test('Of a remote post at most 16 pictures are kept, each once, with their words cleaned and their numbers sane', async (t) => {
  const { show } = await startWithRemote(t, picture(await jpegOf()))
  const many = await show(Array.from({ length: 40 }, (_, at) => ({ url: `https://a.test/${at}`, mime: 'image/png' })))
  assert.equal(many.length, remoteMediaPerPostMax)
  assert.deepEqual(
    many.map(({ position }) => position),
    many.map((_, at) => at)
  )
  const odd = await show([
    { url: 'javascript:alert(1)' },
    { url: 'file:///etc/passwd' },
    { url: 'not a url' },
    { url: 'https://a.test/film.mp4', mime: 'video/mp4' },
    {
      url: 'https://a.test/pic',
      mime: 'Image/PNG',
      alt: `a\u0000\u202eb${'x'.repeat(3_000)}`,
      width: -4,
      height: 1e12,
      focus: { x: Number.NaN, y: 5 }
    },
    { url: 'https://a.test/pic', mime: 'image/png' }
  ])
  assert.equal(odd.length, 1)
  const [only] = odd
  assert.deepEqual([only?.mime, only?.width, only?.height, only?.focusX, only?.focusY], ['image/png', null, null, 0, 0])
  assert.ok(only?.alt.startsWith('abx') && only.alt.length <= 1_500)
})

test('At an edit pictures under a known address keep their key, the others come and go', async (t) => {
  const { ctx, author, show } = await startWithRemote(t, picture(await jpegOf()))
  const before = await show([{ url: 'https://a.test/1', alt: 'one' }, { url: 'https://a.test/2' }])
  const postId = before[0]?.postId ?? 0
  const items = [{ url: 'https://a.test/3' }, { url: 'https://a.test/1', alt: 'uno' }]
  await ctx.transact((tx) => replaceRemoteMedia(tx, ctx.random, { accountId: author.id, postId, items }))
  const after = await ctx.db.select().from(media).where(eq(media.postId, postId)).orderBy(asc(media.position))
  assert.deepEqual(
    after.map(({ remoteUrl, alt }) => [remoteUrl, alt]),
    [
      ['https://a.test/3', ''],
      ['https://a.test/1', 'uno']
    ]
  )
  assert.equal(after[1]?.key, before[0]?.key)
})

test('A remote avatar is 400 by 400, kept while its address stays, replaced when that changes, gone when there is none', async (t) => {
  const { app, ctx, author, server } = await startWithRemote(t, picture(await jpegOf(900, 300)))
  const set = (url: string | null) => ctx.transact((tx) => replaceAvatar(tx, ctx.random, author.id, url))
  const avatar = async () => {
    const [row] = await ctx.db
      .select({ media })
      .from(accounts)
      .innerJoin(media, eq(media.id, accounts.avatarId))
      .where(eq(accounts.id, author.id))
    return row?.media
  }
  await set('https://a.test/me')
  const first = await avatar()
  const answer = await app.inject(`/media/${first?.key}`)
  const { width, height } = await sharp(answer.rawPayload).metadata()
  assert.deepEqual([width, height], [400, 400])
  await set('https://a.test/me')
  assert.equal((await avatar())?.key, first?.key)
  await ctx.transact((tx) => replaceHeader(tx, ctx.random, author.id, 'https://a.test/wide'))
  await set('https://a.test/me2')
  assert.notEqual((await avatar())?.key, first?.key)
  assert.equal((await app.inject(`/media/${first?.key}`)).statusCode, 404)
  await set('data:image/png;base64,AAAA')
  assert.equal(await avatar(), undefined)
  assert.equal(await ctx.db.$count(media), 1)
  assert.deepEqual(server.asked, ['/me'])
})
