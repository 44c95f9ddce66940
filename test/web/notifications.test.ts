import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'
import { textOf } from '#test/helpers/html.ts'
import { write } from '#test/web/world.ts'

test('everything that concerns somebody is told on one page, the newest first', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  const carol = await instance.as('carol')
  const postId = await write(ana, { text: 'Kettle on. Fog over the sound.' })
  const warned = await write(ana, { text: 'She wins in the end', warning: 'The film' })
  await bo.submit(`/accounts/${ana.account.id}/follow`)
  await bo.submit(`/posts/${postId}/favourite`)
  await bo.submit(`/posts/${warned}/boost`)
  await carol.submit('/posts', { text: '@ana is there tea?' })

  const html = await ana.page('/notifications')
  assert.match(
    textOf(html),
    /carol mentioned you.*bo boosted your post.*The film.*bo favourited your post.*Kettle on\. Fog over the sound\..*bo follows you/
  )
  assert.doesNotMatch(textOf(html), /She wins/)
  assert.match(html, /is there tea\?/)
  assert.match(html, /aria-label="Follow back @bo"/)
  assert.match(textOf(html), /4 unread/)
  const mentions = textOf(await ana.page('/notifications/mentions'))
  assert.match(mentions, /carol mentioned you/)
  assert.doesNotMatch(mentions, /favourited|boosted|follows you/)
  assert.equal((await instance.guest().get('/notifications')).statusCode, 303)
})

test('marking as read goes as far as the page showed, and no further', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  const postId = await write(ana, { text: 'Kettle on' })
  await bo.submit(`/posts/${postId}/favourite`)
  const html = await ana.page('/notifications')
  const path = /action="(\/notifications\/read[^"]*)"/.exec(html)?.[1]?.replaceAll('&#x3D;', '=')
  assert.ok(path)
  await bo.submit(`/posts/${postId}/boost`)
  const response = await ana.submit(path, { returnTo: '/notifications' })
  assert.equal(response.headers.location, '/notifications')
  const after = await ana.page('/notifications')
  assert.match(textOf(after), /1 unread/)
  assert.equal(after.match(/class="tag tag-new"/g)?.length, 1)
  assert.equal((await ana.submit('/notifications/read?upTo=x')).statusCode, 422)
})

test('requests are answered where they are told of', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  await ana.submit('/settings/profile', { isLocked: 'yes' })
  await bo.submit(`/accounts/${ana.account.id}/follow`)
  const html = await ana.page('/notifications')
  assert.match(textOf(html), /bo asks to follow you/)
  assert.match(html, /aria-label="Accept @bo"/)
  await ana.submit(`/accounts/${bo.account.id}/accept`, { returnTo: '/notifications' })
  const after = await ana.page('/notifications')
  assert.match(textOf(after), /bo follows you/)
  assert.doesNotMatch(after, /aria-label="Accept @bo"/)
})

test('whoever is blocked or muted is told of no more', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  const postId = await write(ana, { text: 'Kettle on' })
  await bo.submit(`/posts/${postId}/favourite`)
  await ana.submit(`/accounts/${bo.account.id}/mute`)
  assert.match(await ana.page('/notifications'), /Nothing yet/)
  await ana.submit(`/accounts/${bo.account.id}/unmute`)
  assert.match(textOf(await ana.page('/notifications')), /bo favourited your post/)
})

test('many notifications go on in pages', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  for (let count = 0; count < 23; count++) await bo.submit('/posts', { text: `@ana number ${count}!` })
  const seen: string[] = []
  let path: string | undefined = '/notifications/mentions'
  while (path !== undefined) {
    const html: string = await ana.page(path)
    seen.push(...[...html.matchAll(/number (\d+)!/g)].map(([, number]) => number!))
    path = /rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&#x3D;', '=')
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 23 }, (_, at) => String(22 - at))
  )
})
