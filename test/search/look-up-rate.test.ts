import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'

test('one person has other servers asked so often a minute and no more; words are searched all the same', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await remote(t, instance, 'far.test')
  let asked = 0
  for (let at = 0; at < 70; at++) {
    const { statusCode } = await ana.get(`/search?q=${encodeURIComponent(`https://far.test/nothing/${at}`)}`)
    if (statusCode === 429) break
    asked++
  }
  assert.equal(asked, 60)
  assert.equal((await ana.submit('/search/again', { q: 'https://far.test/nothing/0' })).statusCode, 429)
  assert.equal((await ana.get('/search?q=words')).statusCode, 200)
  assert.equal((await (await instance.as('bo')).get(`/search?q=${encodeURIComponent('https://far.test/nothing/80')}`)).statusCode, 200)
})
