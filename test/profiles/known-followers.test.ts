import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'

test('whoever keeps their follows to themselves is not told of among followers one knows, on either side', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo, dan] = [await instance.as('ana'), await instance.as('bo'), await instance.as('dan')]
  await bo.submit(`/accounts/${ana.account.id}/follow`)
  await dan.submit(`/accounts/${bo.account.id}/follow`)
  const known = async () => /Followed by bo/.test(textOf(await dan.page('/@ana')))
  assert.equal(await known(), true)
  await bo.submit('/settings/privacy', { isDiscoverable: 'yes' })
  assert.equal(await known(), false)
  await bo.submit('/settings/privacy', { isDiscoverable: 'yes', listsFollows: 'yes' })
  assert.equal(await known(), true)
  await ana.submit('/settings/privacy', { isDiscoverable: 'yes' })
  assert.equal(await known(), false)
})
