// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { brotliDecompressSync } from 'node:zlib'
import { type TestContext, test } from 'node:test'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import type { Fields, TestPerson } from '#test/helpers/people.ts'
import { pictureOf, write } from '#test/web/world.ts'

const KiB = 1024
/** Before it is packed; some 10 KiB are the composer and what a person leaves out of home, once. */
const plainBytesMax = 128 * KiB
/** With boosts, replies, warnings, pictures, tags and links: what most of them have, on one page. */
const fullBytesMax = 148 * KiB
/** Page, style and script in Brotli: all that comes before pictures. */
const packedBytesMax = 30 * KiB

const words =
  'The kettle is on and the boat is late again; the fog came in before noon and nobody minds. We read, we mend nets, and somebody tells the story of the seal once more.'

test('a home page of 40 posts is light', async (t) => {
  const { instance, ana, people } = await startHome(t)
  for (let at = 0; at < 44; at++) await write(people[at % 4]!, { text: `${words} ${at}` })
  const size = await sizeOf(ana, '/home')
  assert.ok(size.bytes < plainBytesMax, `${size.bytes} bytes`)
  const packedBytes = size.packedBytes + (await styleAndScript(instance, await ana.page('/home')))
  assert.ok(packedBytes <= packedBytesMax, `${packedBytes} bytes in Brotli`)
  t.diagnostic(`${size.bytes} bytes, ${size.packedBytes} in Brotli, ${packedBytes} with style and script`)
})

test('a home page of 40 posts with everything that posts may have is not much heavier', async (t) => {
  const { instance, ana, bo, carol, people } = await startHome(t)
  const ids: number[] = []
  for (let at = 0; at < 44; at++) {
    const id = await write(people[at % 4]!, postOf(at, ids.at(-1)))
    ids.push(id)
    await carol.submit(`/posts/${id}/favourite`)
    if (at % 3 === 0) await bo.submit(`/posts/${id}/boost`)
    if (at % 2 === 0) await ana.submit(`/posts/${id}/favourite`)
  }
  const size = await sizeOf(ana, '/home')
  assert.ok(size.bytes < fullBytesMax, `${size.bytes} bytes`)
  const packedBytes = size.packedBytes + (await styleAndScript(instance, await ana.page('/home')))
  assert.ok(packedBytes <= packedBytesMax, `${packedBytes} bytes in Brotli`)
  t.diagnostic(`${size.bytes} bytes, ${size.packedBytes} in Brotli, ${packedBytes} with style and script`)
})

test('a page asks for its style and its script, and for nothing else before pictures', async (t) => {
  const { instance, ana } = await startHome(t)
  assert.ok((await styleAndScript(instance, await ana.page('/home'))) > 0)
})

test('the drawings of icons stand once in a page, those it uses and no others', async (t) => {
  const { ana, bo } = await startHome(t)
  await write(bo, { text: words })
  for (const path of ['/home', '/settings/sessions', '/search', '/nowhere']) {
    const html = (await ana.get(path)).body
    const used = new Set([...html.matchAll(/<use href="#i-([\w-]+)"/g)].map(([, name]) => name!))
    const drawn = [...html.matchAll(/<symbol id="i-([\w-]+)"/g)].map(([, name]) => name!)
    assert.ok(used.size > 5, path)
    assert.deepEqual(drawn.sort(), [...used].sort(), path)
  }
})

/** Bytes in Brotli of all that a page asks for before pictures: one style sheet and one script, which bring no more as they are read. */
async function styleAndScript(instance: Instance, html: string): Promise<number> {
  const asked = [...html.matchAll(/<(?:link|script|use|iframe|object)\b[^>]*\s(?:href|src)="(\/[^"]*)"[^>]*>/g)]
  const files = asked.filter(([tag]) => !/rel="(?:icon|apple-touch-icon|alternate|canonical|manifest)"/.test(tag)).map(([, path]) => path!)
  assert.deepEqual(
    files.map((path) => path.replace(/.*\//, '')),
    ['skerry.css', 'skerry.js']
  )
  let packedBytes = 0
  for (const path of files) {
    const response = await instance.guest().get(path, { 'accept-encoding': 'br' })
    assert.equal(response.headers['content-encoding'], 'br')
    packedBytes += response.rawPayload.length
    // What the script brings when it is used stands in functions: nothing is asked for as it is read.
    assert.doesNotMatch(brotliDecompressSync(response.rawPayload).toString(), /@import|url\(|^import |fetch\(/m, `${path} asks for more`)
  }
  return packedBytes
}

/** Somebody who follows three others. */
async function startHome(t: TestContext) {
  const instance = await startInstance(t)
  const names = ['ana', 'bo', 'carol', 'dag']
  const people = await Promise.all(names.map((name) => instance.as(name)))
  const [ana, bo, carol] = people as [TestPerson, TestPerson, TestPerson, TestPerson]
  for (const { account } of people.slice(1)) await ana.submit(`/accounts/${account.id}/follow`)
  return { instance, people, ana, bo, carol }
}

function postOf(at: number, before: number | undefined): Fields {
  const more = [at % 3 === 0 ? `#kettle${at}` : '', at % 4 === 1 ? '@bo' : '', at % 4 === 2 ? `https://example.org/a/page-${at}` : '']
  return {
    text: [words, ...more].join(' '),
    ...(at % 6 === 0 ? { warning: 'Food' } : {}),
    ...(at % 5 === 0 ? { images: pictureOf(`${at}.png`, { width: 400, height: 300 }) } : {}),
    ...(at % 4 === 1 && before !== undefined ? { replyTo: String(before) } : {})
  }
}

async function sizeOf(person: TestPerson, path: string): Promise<{ bytes: number; packedBytes: number }> {
  const html = await person.page(path)
  assert.equal([...html.matchAll(/<article /g)].length, 40)
  const packed = await person.get(path, { 'accept-encoding': 'br' })
  assert.equal(packed.headers['content-encoding'], 'br')
  return { bytes: Buffer.byteLength(html), packedBytes: packed.rawPayload.length }
}
