import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'
import { textOf } from '#test/helpers/html.ts'
import { write } from '#test/web/world.ts'

test('without an owner the front page is there, and says how to become it', async (t) => {
  const instance = await startInstance(t)
  const html = await instance.guest().page('/')
  assert.match(textOf(html), /on the terminal where the server was started/)
  assert.doesNotMatch(html, /class="button/)
})

test('the front page shows what is public here, to everybody and without a cookie', async (t) => {
  const instance = await startInstance(t, {
    config: { instance: { name: 'Outer Skerries', description: 'By the <sea>.\n\nSee https://sea.example/map', signUp: 'open' } }
  })
  await instance.as('olaf', { role: 'owner' })
  const ana = await instance.as('ana')
  await write(ana, { text: 'Kettle on' })
  await write(ana, { text: 'quietly', visibility: 'unlisted' })
  await write(ana, { text: 'for followers', visibility: 'followers' })
  const response = await instance.guest().get('/')
  assert.equal(response.statusCode, 200)
  assert.equal(response.headers['set-cookie'], undefined)
  assert.match(response.body, /<p>By the &lt;sea&gt;\.<\/p><p>See <a href="https:\/\/sea\.example\/map"/)
  assert.match(response.body, /<meta name="description" content="By the &lt;sea&gt;\./)
  assert.match(response.body, /Kettle on/)
  assert.doesNotMatch(response.body, /quietly|for followers/)
  assert.match(response.body, /href="\/sign-up">Create account/)
  assert.doesNotMatch(response.body, /name="robots"/)
})

test('whoever is signed in is led home, and nothing of it is kept', async (t) => {
  const instance = await startInstance(t)
  const response = await (await instance.as('ana')).get('/')
  assert.equal(response.statusCode, 303)
  assert.equal(response.headers.location, '/home')
  assert.equal(response.headers['cache-control'], 'no-store')
})

test('older posts of the front page stand on the local timeline', async (t) => {
  const instance = await startInstance(t)
  await instance.as('olaf', { role: 'owner' })
  const ana = await instance.as('ana')
  for (let count = 0; count < 41; count++) await ana.submit('/posts', { text: `number ${count}!` })
  const guest = instance.guest()
  const path = /rel="next" href="([^"]+)"/.exec(await guest.page('/'))?.[1]?.replaceAll('&#x3D;', '=')
  assert.match(String(path), /^\/local\?before=\d+$/)
  assert.match(await guest.page(path!), /number 0!/)
})
