import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'
import { write } from '#test/web/world.ts'

const idsOf = (html: string) => [...html.matchAll(/id="post-(\d+)"/g)].map(([, id]) => Number(id))

test('what a search by the beginning of a word finds says nothing of words that stand in private posts of others', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  const find = async (query: string) => idsOf(await bo.page(`/search?q=${encodeURIComponent(query)}`))
  // As many words of one's own as a beginning stands for, each longer than what is guessed: a word of others in between would push the last one out.
  const own = []
  for (let at = 0; at < 20; at++) own.push(await write(bo, { text: `layoff${String.fromCharCode(97 + at)}guess`, visibility: 'followers' }))
  assert.deepEqual((await find('layoff*')).length, own.length)
  await write(ana, { text: 'The layoffs come in May', visibility: 'followers' })
  await write(ana, { text: 'layoffing', visibility: 'followers' })
  assert.deepEqual((await find('layoff*')).length, own.length)
  const mine = await write(ana, { text: '@bo the layofftime', visibility: 'direct' })
  assert.ok((await find('layofft*')).includes(mine), 'but for those that are for oneself')
})
