import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'

const profile = { displayName: 'Ana', note: '' }
const html = (body: string) => ({ type: 'text/html; charset=utf-8', body })

test('a page that sends visitors on to another site is not verified by what stands there', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const [bank, mine] = [await remote(t, instance, 'bank.test'), await remote(t, instance, 'mine.test')]
  mine.documents.set('/me', html(`<a rel="me" href="${instance.config.origin}/@ana">me</a>`))
  bank.documents.set('/out', { type: 'text/html', status: 302, headers: { location: 'https://mine.test/me' }, body: '' })
  mine.documents.set('/old', { type: 'text/html', status: 301, headers: { location: 'https://mine.test/me' }, body: '' })
  const fields = {
    'fieldName-1': 'Bank',
    'fieldValue-1': 'https://bank.test/out',
    'fieldName-2': 'Mine',
    'fieldValue-2': 'https://mine.test/old'
  }
  await ana.submit('/settings/profile', { ...profile, ...fields })
  await instance.runJobs()
  const page = await instance.guest().page('/@ana')
  assert.deepEqual(
    [...page.matchAll(/<div class="is-verified"><dt[^>]*>([^<]*)</g)].map(([, name]) => name),
    ['Mine']
  )
})
