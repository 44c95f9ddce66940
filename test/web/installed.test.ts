// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { startInstance } from '#test/helpers/instance.ts'

interface Manifest {
  name: string
  short_name: string
  start_url: string
  display: string
  icons: { src: string; sizes: string; purpose: string }[]
  shortcuts: { url: string }[]
  share_target: { action: string; method: string; params: Record<string, string> }
}

test('the manifest names the instance as admins call it now, with icons that are what they say', async (t) => {
  const instance = await startInstance(t)
  const guest = instance.guest()
  await instance.ctx.transact((tx) => instance.ctx.settings.change(tx, { name: 'The Outermost Skerries' }))
  const response = await guest.get('/manifest.webmanifest')
  assert.equal(response.headers['content-type'], 'application/manifest+json; charset=utf-8')
  assert.equal(response.headers['set-cookie'], undefined)
  const manifest = response.json() as Manifest
  assert.equal(manifest.name, 'The Outermost Skerries')
  assert.ok(manifest.short_name.length <= 12)
  assert.deepEqual([manifest.start_url, manifest.display], ['/home', 'standalone'])
  assert.deepEqual(
    manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`),
    ['192x192 any', '512x512 any', '192x192 maskable', '512x512 maskable']
  )
  for (const { src, sizes } of manifest.icons) {
    const icon = await guest.get(src)
    assert.equal(icon.headers['content-type'], 'image/png')
    const { width, height } = await sharp(icon.rawPayload).metadata()
    assert.equal(`${width}x${height}`, sizes)
  }
  const ana = await instance.as('ana')
  for (const { url } of manifest.shortcuts) assert.equal((await ana.get(url)).statusCode, 200, url)
})

test('what another app shares stands in a post that is not sent yet', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const { share_target: target } = (await ana.get('/manifest.webmanifest')).json() as Manifest
  assert.equal(target.method, 'GET')
  const { title, text, url } = target.params
  const shared = new URLSearchParams({ [title!]: 'Tides <of> May', [text!]: 'High at noon', [url!]: 'https://example.org/tides' })
  const html = await ana.page(`${target.action}?${shared}`)
  assert.match(html, /Tides &lt;of&gt; May\n\nHigh at noon\n\nhttps:\/\/example\.org\/tides<\/textarea>/)
  assert.equal((await instance.guest().get(`${target.action}?${shared}`)).statusCode, 303)
})

test('the worker keeps files that are there and the page for strangers, and is asked about each time', async (t) => {
  const instance = await startInstance(t)
  const guest = instance.guest()
  const response = await guest.get('/sw.js')
  assert.equal(response.headers['cache-control'], 'no-cache')
  assert.match(String(response.headers['content-type']), /^text\/javascript/)
  const files = JSON.parse(/^const files = (.*)$/m.exec(response.body)![1]!) as string[]
  for (const path of [...files, '/offline']) assert.equal((await guest.get(path)).statusCode, 200, path)
  assert.equal((await guest.get('/offline')).headers['set-cookie'], undefined)
})

test('the words of scripts are a file of each language, and pages name theirs', async (t) => {
  const instance = await startInstance(t)
  const html = await instance.guest().page('/about')
  const path = /data-words="([^"]+)"/.exec(html)![1]!
  const words = (await instance.guest().get(path)).json() as Record<string, string>
  assert.match(words['script.newPosts']!, /plural/)
  assert.ok(Object.keys(words).every((key) => key.startsWith('script.')))
})
