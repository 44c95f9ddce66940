import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import type { LightMyRequestResponse } from 'fastify'
import sharp from 'sharp'
import { media } from '#db/schema/media.ts'
import { posts } from '#db/schema/posts.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import type { Fields, TestPerson } from '#test/helpers/people.ts'
import { remote } from '#test/helpers/remote.ts'
import { gifOf, jpegOf, noise, pngClaiming } from '#test/media/pictures.ts'

const MiB = 1024 ** 2

/** Everything that lies below the data directory, as paths. */
function filesIn(instance: Instance): string[] {
  return readdirSync(instance.config.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(instance.config.dataDir.length + 1))
}

const mediaFilesIn = (instance: Instance) => filesIn(instance).filter((path) => path.startsWith('media/'))

function upload(who: TestPerson, bytes: Buffer, filename = 'picture.jpg', type = 'image/jpeg', more: Fields = {}) {
  return who.submit('/posts', { text: 'look', visibility: 'public', ...more, images: { filename, type, bytes } })
}

/** The picture that the step after an upload asks about. */
async function waitingIn(who: TestPerson, { headers, statusCode, body }: LightMyRequestResponse): Promise<string> {
  const step = String(headers.location)
  assert.match(step, /^\/drafts\/\d+\/images$/, `${statusCode} ${body.slice(0, 500)}`)
  return /name="alt-(\d+)"/.exec(await who.page(step))![1]!
}

/** Uploads and publishes; gives the picture's row. */
async function publish(instance: Instance, who: TestPerson, bytes: Buffer) {
  const answer = await upload(who, bytes)
  const id = await waitingIn(who, answer)
  assert.equal((await who.submit(String(answer.headers.location), { [`alt-${id}`]: 'a thing' })).statusCode, 303)
  const [row] = await instance.ctx.db
    .select()
    .from(media)
    .where(eq(media.id, Number(id)))
  return row!
}

/** A peer whose person has this file as a picture, and the picture's address here once it is looked at. */
async function remotePicture(t: TestContext, instance: Instance, body: Buffer | string, type: string) {
  const peer = await remote(t, instance, 'e.test')
  const eve = await peer.actor('eve', { icon: { type: 'Image', mediaType: 'image/png', url: 'https://e.test/icon' } })
  peer.documents.set('/icon', (response) => void response.writeHead(200, { 'content-type': type }).end(body))
  await eve.send(eve.activity('Create', eve.note('hello')))
  await instance.runJobs()
  const [row] = await instance.ctx.db.select().from(media)
  return row && instance.guest().get(`/media/${row.key}`)
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><image href="file:///etc/passwd"/></svg>'
const noPictures: [string, string | Buffer][] = [
  ['an SVG with a script', svg],
  ['an SVG with a prologue', `<?xml version="1.0"?><?xml-stylesheet href="https://evil.test/x.xsl"?>${svg}`],
  ['a page', '<!doctype html><script>alert(1)</script>'],
  ['XML with a style sheet', '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="x.xsl"?><x/>'],
  ['Flash', Buffer.concat([Buffer.from('CWS\x0a'), Buffer.alloc(200)])],
  ['a PDF', '%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj'],
  ['an MVG', 'push graphic-context\nviewbox 0 0 1 1\nimage over 0,0 0,0 "https://evil.test/x"\npop graphic-context'],
  ['an MSL', '<?xml version="1.0"?><image><read filename="/etc/passwd"/><write filename="/tmp/x.php"/></image>'],
  ['PostScript', '%!PS\n(/etc/passwd) (r) file'],
  ['another coder by its name', 'EPHEMERAL:/etc/passwd'],
  ['a file by its name', '@/etc/passwd'],
  ['a film', Buffer.concat([Buffer.from([0, 0, 0, 0x18]), Buffer.from('ftypmp42'), Buffer.alloc(400)])],
  ['a program', Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(400)])],
  ['a picture of XBM kind', '#define x_width 1\n#define x_height 1\nstatic char x_bits[] = {0x00};'],
  ['a TIFF', Buffer.concat([Buffer.from('II*\0'), Buffer.alloc(200)])],
  ['nothing at all', Buffer.alloc(64)]
]

test('MED-01: whatever a file is called, it lies under its hash in the folder for media', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const before = filesIn(instance).filter((path) => !path.startsWith('media/'))
  const names = [
    '../../../../etc/x',
    '/etc/x',
    'C:\\x',
    'CON',
    `${'n'.repeat(4_096)}.jpg`,
    'a\u0000b.jpg',
    '..',
    '.',
    'x.php;.jpg',
    '%2e%2e%2fx',
    '|id',
    '$(id).jpg',
    '"quoted".jpg'
  ]
  for (const [at, name] of names.entries()) {
    const { statusCode, body } = await upload(alice, await jpegOf(20 + at, 20), name.replaceAll('"', ''))
    assert.ok([303, 400, 413, 422].includes(statusCode), `${name.slice(0, 40)}: ${statusCode} ${body.slice(0, 200)}`)
  }
  assert.ok(mediaFilesIn(instance).length > 5)
  for (const path of mediaFilesIn(instance)) assert.match(path, /^media\/([0-9a-f]{2})\/([0-9a-f]{2})\/\1\2[0-9a-f]{60}$/)
  const unexpected = filesIn(instance).filter(
    (path) => !path.startsWith('media/') && !before.includes(path) && !/^skerry\.sqlite/.test(path)
  )
  assert.deepEqual(unexpected, [])
})

test('MED-01, MED-02, MED-06: what is no picture is refused by its bytes, whatever it says to be', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  for (const [what, content] of noPictures) {
    for (const [name, type] of [
      ['x.svg', 'image/svg+xml'],
      ['x.png', 'image/png'],
      ['x.jpg', 'image/jpeg']
    ] as const) {
      const { statusCode } = await upload(alice, Buffer.from(content), name, type)
      assert.ok([415, 422].includes(statusCode), `${what} as ${type}: ${statusCode}`)
    }
  }
  const avatar = await alice.submit('/settings/profile', {
    displayName: 'Alice',
    note: '',
    avatar: { filename: 'a.png', type: 'image/png', bytes: Buffer.from(svg) }
  })
  assert.ok([415, 422].includes(avatar.statusCode), `avatar: ${avatar.statusCode}`)
  assert.deepEqual(mediaFilesIn(instance), [])
  // A picture under a wrong name and type is what its bytes are.
  const row = await publish(instance, alice, await noise(30, 30))
  const { headers } = await instance.guest().get(`/media/${row.key}`)
  assert.match(String(headers['content-type']), /^image\/(png|webp|jpeg)$/)
})

test('MED-02: a peer’s picture that is a document is never served from here', async (t) => {
  for (const [content, type] of [
    [svg, 'image/svg+xml'],
    [svg, 'image/png'],
    ['<!doctype html><script>alert(1)</script>', 'image/png']
  ] as const) {
    const instance = await startInstance(t)
    const answer = await remotePicture(t, instance, content, type)
    assert.ok(answer)
    assert.equal(answer.statusCode, 404, type)
    assert.doesNotMatch(answer.body, /alert\(1\)/)
    assert.deepEqual(mediaFilesIn(instance), [])
  }
})

test('MED-04: pictures that would fill the memory are refused by their header, soon', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const bombs: [string, Buffer][] = [
    ['a PNG of 50,000 by 50,000', pngClaiming(50_000, 50_000)],
    ['an interlaced PNG in 16 bits', pngClaiming(9_000, 9_000, { isInterlaced: true, bitDepth: 16 })],
    ['a GIF of 10,000 frames', gifOf(2_000, 2_000, 10_000)]
  ]
  for (const [what, bytes] of bombs) {
    const startedAt = performance.now()
    const before = process.memoryUsage().rss
    assert.equal((await upload(alice, bytes, 'x.png', 'image/png')).statusCode, 422, what)
    assert.ok(performance.now() - startedAt < 2_000, `${what} took ${performance.now() - startedAt} ms`)
    assert.ok(process.memoryUsage().rss - before < 100 * MiB, what)
  }
  const answer = await remotePicture(t, instance, pngClaiming(50_000, 50_000), 'image/png')
  assert.equal(answer?.statusCode, 404)
})

test('MED-05: nobody downloads where a picture was taken', async (t) => {
  const instance = await startInstance(t)
  const secret = 'Private Harbour 59.9139'
  const original = await sharp(await noise(700, 500))
    .withExif({ IFD0: { Artist: secret }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '59/1 54/1 50/1' } })
    .jpeg()
    .toBuffer()
  assert.ok(original.includes(secret))
  const row = await publish(instance, await instance.as('alice'), original)
  for (const path of [`/media/${row.key}`, `/media/${row.key}/preview`]) {
    const { rawPayload } = await instance.guest().get(path)
    const { exif, xmp, iptc } = await sharp(rawPayload).metadata()
    assert.deepEqual([exif, xmp, iptc], [undefined, undefined, undefined])
    assert.ok(!rawPayload.includes(secret))
  }
})

test('MED-07: number and size are bounded, and an upload that breaks off leaves nothing', async (t) => {
  const instance = await startInstance(t, { config: { limits: { imageBytesMax: MiB } } })
  const alice = await instance.as('alice')
  const picture = await jpegOf()
  const file = { filename: 'x.jpg', type: 'image/jpeg', bytes: picture }
  const table: [string, Fields, number[]][] = [
    ['nine files', { images: Array.from({ length: 9 }, () => file) }, [413, 422]],
    ['41 MB', { images: { ...file, bytes: Buffer.alloc(41 * MiB, 1) } }, [413]],
    ['one byte too many', { images: { ...file, bytes: Buffer.alloc(MiB + 1, 1) } }, [413, 422]],
    ['0 bytes alone', { images: { ...file, bytes: Buffer.alloc(0) } }, [422]]
  ]
  for (const [what, fields, statuses] of table) {
    const { statusCode } = await alice.submit('/posts', { text: what === '0 bytes alone' ? '' : 'x', visibility: 'public', ...fields })
    assert.ok(statuses.includes(statusCode), `${what}: ${statusCode}`)
  }
  assert.deepEqual(mediaFilesIn(instance), [])
  const port = instance.network.portOf('skerry.test')!
  await Promise.all(Array.from({ length: 30 }, () => breakOff(port)))
  assert.deepEqual(mediaFilesIn(instance), [])
  assert.equal((await upload(alice, picture)).statusCode, 303, 'the next one is taken')
})

test('MED-07: what one person uploads at once is bounded before it is read, so that nobody fills the memory', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const picture = await jpegOf(1_600, 1_200)
  // The first two are worked on until all the others have been answered, however slow the machine is.
  const { images } = instance.ctx
  const { promise: othersAnswered, resolve: goOn } = Promise.withResolvers<void>()
  const make: typeof images.make = async (...picture) => {
    await othersAnswered
    return images.make(...picture)
  }
  Object.assign(instance.ctx, { images: { ...images, make } })
  let refused = 0
  const answers = Array.from({ length: 8 }, async () => {
    const { statusCode } = await upload(alice, picture)
    if (statusCode === 429 && ++refused === 6) goOn()
    return statusCode
  })
  const tooFew = setTimeout(goOn, 20_000)
  const statuses = await Promise.all(answers)
  clearTimeout(tooFew)
  assert.deepEqual(
    [303, 429].map((status) => statuses.filter((each) => each === status).length),
    [2, 6]
  )
  assert.equal((await upload(alice, picture)).statusCode, 303, 'the next one is taken')
})

test('P4: a server that never gives its pictures does not keep those of others', { timeout: 30_000 }, async (t) => {
  const instance = await startInstance(t, { overrides: { httpDeadlineMs: 3_000 } })
  const [slow, quick] = await Promise.all([remote(t, instance, 'slow.test'), remote(t, instance, 'quick.test')])
  const [eve, ben] = await Promise.all([slow.actor('eve'), quick.actor('ben')])
  const urls = Array.from({ length: 10 }, (_, at) => `https://slow.test/p/${at}`)
  for (const url of urls) slow.documents.set(new URL(url).pathname, () => {})
  const picture = await jpegOf()
  quick.documents.set('/p', (response) => void response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture))
  const imageOf = (url: string) => ({ type: 'Image', mediaType: 'image/jpeg', url })
  await eve.send(eve.activity('Create', eve.note('slow', { attachment: urls.map(imageOf) })))
  await ben.send(ben.activity('Create', ben.note('quick', { attachment: [imageOf('https://quick.test/p')] })))
  const rows = await instance.ctx.db.select().from(media)
  const look = (row: (typeof rows)[number]) => instance.guest().get(`/media/${row.key}`)
  const waiting = rows.filter(({ remoteUrl }) => remoteUrl!.startsWith('https://slow.test/')).map(look)
  assert.equal(waiting.length, urls.length)
  const startedAt = Date.now()
  assert.equal((await look(rows.find(({ remoteUrl }) => remoteUrl === 'https://quick.test/p')!)).statusCode, 200)
  assert.ok(Date.now() - startedAt < 1_200, `${Date.now() - startedAt} ms`)
  await instance.ctx.http.close()
  await Promise.all(waiting)
})

/** Half of an upload, and gone. */
function breakOff(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        'POST /posts HTTP/1.1\r\nhost: skerry.test\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 100000\r\n\r\n'
      )
      socket.write(
        '--b\r\ncontent-disposition: form-data; name="images"; filename="x.jpg"\r\ncontent-type: image/jpeg\r\n\r\n\xff\xd8\xff',
        () => socket.destroy()
      )
    })
    socket.on('error', () => undefined).on('close', () => resolve())
  })
}

test('MED-08: a picture is its uploader’s, and stands on one post', async (t) => {
  const instance = await startInstance(t)
  const [alice, bob] = [await instance.as('alice'), await instance.as('bob')]
  const id = await waitingIn(alice, await upload(alice, await jpegOf()))
  const stolen = await bob.submit('/posts', { text: 'mine now', visibility: 'public', media: id, [`alt-${id}`]: 'by bob' })
  assert.ok([303, 404, 403].includes(stolen.statusCode))
  const away = await bob.submit('/posts', { text: 'away with it', media: id, removeImage: id })
  assert.equal((await bob.page(String(away.headers.location))).includes(`alt-${id}`), false)
  const find = async () =>
    (
      await instance.ctx.db
        .select()
        .from(media)
        .where(eq(media.id, Number(id)))
    )[0]
  assert.deepEqual([(await find())?.postId, (await find())?.alt], [null, ''])
  for (const round of [1, 2])
    await alice.submit('/posts', { text: `post ${round}`, visibility: 'public', media: id, [`alt-${id}`]: 'by alice' })
  const [first] = await instance.ctx.db.select().from(posts).where(eq(posts.source, 'post 1'))
  assert.equal((await find())?.postId, first?.id, 'it stays where it was put first')
  await bob.submit(`/posts/${first!.id}/edit`, { text: 'x', media: id, [`alt-${id}`]: 'by bob' })
  assert.equal((await find())?.alt, 'by alice')
})

test('MED-10: no route fetches what its caller names', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const peer = await remote(t, instance, 'e.test')
  peer.documents.set('/secret', { type: 'image/png', body: 'x' })
  const row = await publish(instance, alice, await jpegOf())
  const url = encodeURIComponent('https://e.test/secret')
  for (const path of [
    `/proxy?url=${url}`,
    `/media/proxy?url=${url}`,
    `/media/${url}`,
    `/media/${row.key}x`,
    `/media/${row.key.slice(1)}`,
    `/media/${row.key}/..%2f..`,
    `/media/https:%2f%2fe.test%2fsecret`
  ]) {
    assert.equal((await instance.guest().get(path)).statusCode, 404, path)
  }
  const plain = await instance.guest().get(`/media/${row.key}`)
  const decorated = await instance.guest().get(`/media/${row.key}?url=${url}&x=&y=`)
  assert.deepEqual([decorated.statusCode, decorated.rawPayload.equals(plain.rawPayload)], [200, true])
  assert.deepEqual(peer.requests, [])
})

test('MED-12: a thousand emoji of a stranger cost nothing', async (t) => {
  const instance = await startInstance(t)
  const peer = await remote(t, instance, 'e.test')
  const eve = await peer.actor('eve')
  const emoji = (at: number) => ({ type: 'Emoji', name: `:e${at}:`, icon: { type: 'Image', url: `https://e.test/e/${at}.png` } })
  for (const count of [150, 900, 5_000]) {
    const note = eve.note(`with ${count}`, { tag: Array.from({ length: count }, (_, at) => emoji(at)) })
    const { status } = await eve.send(eve.activity('Create', note))
    assert.ok(status < 500, `${count}: ${status}`)
  }
  await instance.runJobs()
  await instance.guest().page('/federated')
  assert.ok(!peer.requests.some((line) => line.includes('/e/')), 'none is fetched')
  assert.equal(await instance.ctx.db.$count(media), 0)
})
