import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { Refusal } from '#server/errors.ts'
import { sniffImage } from '#server/media/image-kinds.ts'
import { createImages, type MadeImage } from '#server/media/images.ts'
import { refusal } from '#test/helpers/refusal.ts'
import { gifOf, jpegOf, noise, pngClaiming, quarters, webpClaiming, withPngChunks } from '#test/media/pictures.ts'

const images = createImages()
const make = (bytes: Buffer, use: 'post' | 'avatar' | 'header' = 'post') => images.make(bytes, { use, isFirstFrameEnough: false })
const secret = 'Private Harbour 59.9139'

async function assertBare(made: MadeImage): Promise<void> {
  const { exif, xmp, iptc, icc, orientation, comments } = await sharp(made.bytes).metadata()
  assert.deepEqual(
    { exif, xmp, iptc, icc, orientation, comments },
    { exif: undefined, xmp: undefined, iptc: undefined, icc: undefined, orientation: undefined, comments: undefined }
  )
  assert.ok(!made.bytes.includes(secret), 'nothing of the hidden text is left')
}

test('No metadata of any format is left in any file that is kept, whatever the original carried', async () => {
  const exif = { IFD0: { Artist: secret, Copyright: secret }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '59/1 54/1 50/1' } }
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description>${secret}</rdf:Description></rdf:RDF></x:xmpmeta>`
  const full = sharp(await noise(700, 500))
    .withExif(exif)
    .withXmp(xmp)
    .withIccProfile('p3')
  const originals = [
    await full.clone().jpeg().toBuffer(),
    await full.clone().webp().toBuffer(),
    await full.clone().avif({ effort: 0 }).toBuffer(),
    withPngChunks(await full.clone().png().toBuffer(), [['tEXt', Buffer.from(`Comment\0${secret}`)]]),
    Buffer.concat([await jpegOf(800, 600), Buffer.from(secret)])
  ]
  for (const original of originals) {
    assert.ok(original.includes(secret), 'the original carries the text')
    const { full: kept, preview } = await make(original)
    await assertBare(kept)
    if (preview) await assertBare(preview)
    await assertBare((await make(original, 'avatar')).full)
  }
})

test('Each of the eight orientations is applied to the pixels', async () => {
  const original = sharp(await quarters())
  for (let orientation = 1; orientation <= 8; orientation++) {
    const turned = await original.clone().withMetadata({ orientation }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()
    const { full } = await make(turned)
    const { data: found, info } = await sharp(full.bytes).raw().toBuffer({ resolveWithObject: true })
    const wanted = await sharp(turned).autoOrient().raw().toBuffer({ resolveWithObject: true })
    assert.deepEqual([info.width, info.height], [wanted.info.width, wanted.info.height], `size at orientation ${orientation}`)
    assert.deepEqual([full.width, full.height], [info.width, info.height])
    const difference = found.reduce((sum, value, at) => sum + Math.abs(value - (wanted.data[at] ?? 0)), 0) / found.length
    assert.ok(difference < 4, `orientation ${orientation} looks as it should (${difference})`)
  }
})

test('What is no picture is refused by its bytes, whatever it is called', async () => {
  const jpeg = await jpegOf()
  const notOurs: Record<string, Buffer> = {
    svg: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'),
    html: Buffer.from('<!doctype html><script>alert(1)</script>'),
    json: Buffer.from('{"@context":"https://www.w3.org/ns/activitystreams","type":"Note"}'),
    pdf: Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj'),
    postscript: Buffer.from('%!PS-Adobe-3.0 EPSF-3.0\n'),
    magick: Buffer.from('push graphic-context\nviewbox 0 0 640 480\nfill \'url(https://example.com/"|ls")\'\npop graphic-context'),
    mp4: Buffer.from('0000001866747970697366d6000002006973 6f6d'.replaceAll(' ', ''), 'hex'),
    tiff: await sharp(jpeg).tiff().toBuffer(),
    swf: Buffer.from('FWS\x06........................'),
    short: Buffer.from([0xff, 0xd8, 0xff])
  }
  for (const [name, bytes] of Object.entries(notOurs))
    await assert.rejects(make(bytes), refusal('unsupported', 'media.typeUnsupported'), name)
})

test('A file that begins like a picture and goes on as something else is refused as broken', async () => {
  const png = await quarters()
  const html = Buffer.from('<html><script>alert(1)</script></html>'.repeat(20))
  const starts = [
    png.subarray(0, 8),
    Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
    Buffer.from('GIF89a'),
    Buffer.from('RIFF\x10\x00\x00\x00WEBP'),
    Buffer.from('\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avif')
  ]
  for (const start of starts) await assert.rejects(make(Buffer.concat([start, html])), refusal('invalid', 'media.broken'), String(start))
  await assert.rejects(make(png.subarray(0, png.length / 2)), refusal('invalid', 'media.broken'))
  const photo = await sharp(await noise(300, 200))
    .jpeg()
    .toBuffer()
  await assert.rejects(make(photo.subarray(0, photo.length / 2)), refusal('invalid', 'media.broken'))
})

test('A picture in HEIC is refused with advice', async () => {
  const heic = Buffer.concat([Buffer.from('\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic', 'latin1'), Buffer.alloc(100)])
  assert.equal(sniffImage(heic), undefined)
  await assert.rejects(make(heic), refusal('unsupported', 'media.heicUnsupported'))
})

test('Bombs are refused by their header, quickly and without memory', async () => {
  await make(await quarters())
  const before = process.memoryUsage().rss
  const startedAt = performance.now()
  const claims = [
    pngClaiming(50_000, 50_000),
    pngClaiming(6_000, 6_700),
    pngClaiming(5_500, 5_000, { isInterlaced: true, bitDepth: 16 }),
    webpClaiming(16_000, 16_000)
  ]
  for (const [at, bomb] of claims.entries()) await assert.rejects(make(bomb), Refusal, `bomb ${at}`)
  await assert.rejects(make(pngClaiming(50_000, 50_000)), refusal('invalid', 'media.tooManyPixels'))
  await assert.rejects(make(gifOf(500, 500, 10_000)), refusal('invalid', 'media.tooManyFrames'))
  await assert.rejects(make(gifOf(1, 1, 10_000)), refusal('invalid', 'media.tooManyFrames'))
  assert.ok(performance.now() - startedAt < 2_000, `took ${performance.now() - startedAt} ms`)
  assert.ok(process.memoryUsage().rss - before < 100_000_000, `took ${process.memoryUsage().rss - before} bytes`)
})

test('A progressive JPEG, whose decoder holds all of it, may have fewer pixels than one that passes line by line', async () => {
  const plain = await sharp({ create: { width: 4_200, height: 3_600, channels: 3, background: '#456' } })
    .jpeg({ chromaSubsampling: '4:4:4' })
    .toBuffer()
  const progressive = await sharp(plain).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer()
  assert.equal((await make(plain)).full.mime, 'image/jpeg')
  await assert.rejects(make(progressive), refusal('invalid', 'media.tooManyPixels'))
})

test('An animated PNG is its still picture, and a short animation stays one with a still preview', async () => {
  const control = Buffer.alloc(8)
  control.writeUInt32BE(10_000, 0)
  const still = await make(withPngChunks(await quarters(), [['acTL', control]]))
  assert.equal((await sharp(still.full.bytes).metadata()).pages, undefined)

  const { full, preview } = await make(gifOf(40, 30, 12))
  assert.deepEqual([full.mime, full.width, full.height], ['image/webp', 40, 30])
  assert.equal((await sharp(full.bytes).metadata()).pages, 12)
  assert.ok(preview)
  assert.equal((await sharp(preview.bytes).metadata()).pages, undefined)
  const avatar = (await make(gifOf(40, 30, 12), 'avatar')).full
  assert.deepEqual([avatar.mime, avatar.width, avatar.height], ['image/jpeg', 400, 400])
})

test('Of a long animation of others the first frame is taken', async () => {
  const { full } = await images.make(gifOf(500, 500, 10_000), { use: 'post', isFirstFrameEnough: true })
  assert.deepEqual([full.width, full.height, (await sharp(full.bytes).metadata()).pages], [500, 500, undefined])
})

test('Large pictures are kept smaller, with a preview of at most 640 pixels; small ones need none', async () => {
  const large = await make(await jpegOf(6_000, 4_000))
  assert.ok(large.full.width * large.full.height <= 3840 * 2160 && large.full.width > 3_400)
  assert.deepEqual([large.preview?.width, large.preview?.height, large.preview?.mime], [640, 427, 'image/webp'])
  const tall = await make(await jpegOf(600, 6_000))
  assert.deepEqual([tall.preview?.width, tall.preview?.height], [128, 1_280])
  assert.equal((await make(await jpegOf(600, 400))).preview, undefined)
})

test('Kinds: a small PNG stays lossless, a PNG photograph becomes WebP, transparency survives, avatars and headers have their size', async () => {
  assert.equal((await make(await quarters())).full.mime, 'image/png')
  assert.equal((await make(await noise(1_000, 900))).full.mime, 'image/webp')
  const clear = await sharp({ create: { width: 300, height: 300, channels: 4, background: '#f008' } })
    .webp()
    .toBuffer()
  const kept = (await make(clear)).full
  assert.equal(kept.mime, 'image/webp')
  assert.ok((await sharp(kept.bytes).metadata()).hasAlpha)
  const avatar = (await make(await jpegOf(900, 300), 'avatar')).full
  assert.deepEqual([avatar.mime, avatar.width, avatar.height], ['image/jpeg', 400, 400])
  const header = (await make(clear, 'header')).full
  assert.deepEqual([header.mime, header.width, header.height], ['image/png', 1_500, 500])
})

test('Colours in CMYK, grey and sixteen bits become plain sRGB', async () => {
  const base = sharp({ create: { width: 60, height: 40, channels: 3, background: '#f00' } })
  const originals = [
    await base.clone().toColourspace('cmyk').jpeg().toBuffer(),
    await base.clone().greyscale().png().toBuffer(),
    await base.clone().toColourspace('rgb16').png().toBuffer()
  ]
  for (const original of originals) {
    const { space, depth } = await sharp((await make(original)).full.bytes).metadata()
    assert.deepEqual([space, depth], ['srgb', 'uchar'])
  }
})
