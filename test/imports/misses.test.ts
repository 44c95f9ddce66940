import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'

test('a list of people who are not there floods nobody: after fifty misses a server is asked no more, and others are', async (t) => {
  const instance = await startInstance(t)
  const [far, near] = [await remote(t, instance, 'far.test'), await remote(t, instance, 'near.test')]
  await near.actor('bo')
  const ana = await instance.as('ana')
  const text = [...Array.from({ length: 90 }, (_, at) => `nobody${at}@far.test`), 'bo@near.test'].join('\n')
  const { headers } = await ana.submit('/settings/import', { kind: 'follows', text })
  await instance.runJobs()
  assert.match(await ana.page(String(headers.location)), /1 of 91 done, 90 failed/)
  const asked = new Set(far.requests.flatMap((path) => /nobody\d+/.exec(decodeURIComponent(path)) ?? []))
  assert.equal(asked.size, 50)
})
