import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'
import { textOf } from '#test/helpers/html.ts'
import { write } from '#test/web/world.ts'

test('the about page says who runs the instance, by which rules, and how large it is', async (t) => {
  const instance = await startInstance(t, {
    config: {
      instance: {
        name: 'Outer Skerries',
        description: 'By the sea.',
        rules: ['Be kind.', 'No <ads>.'],
        contactEmail: 'hello@skerry.test',
        signUp: 'approval'
      }
    }
  })
  const mo = await instance.as('mo', { role: 'moderator' })
  await instance.as('olaf', { role: 'owner' })
  const shy = await instance.as('shy', { role: 'admin' })
  const ana = await instance.as('ana')
  await shy.submit('/settings/profile', { displayName: 'Shy' })
  await shy.submit('/settings/privacy', {})
  await mo.submit('/settings/profile', { displayName: 'Mo', note: 'I read reports.', isDiscoverable: 'yes' })
  await write(ana, { text: 'Kettle on' })
  const html = await instance.guest().page('/about')
  assert.match(
    textOf(html),
    /About Outer Skerries By the sea\. People 4 Posts 1 Sign-up On request: a moderator reads each one Contact hello@skerry\.test Software Skerry \d+\.\d+\.\d+ Licence Free software under the AGPL, version 3 or later Rules Be kind\. No <ads>\. Who runs it O olaf @olaf Owner M Mo @mo Moderator I read reports\./
  )
  assert.doesNotMatch(html, /@shy/)
  assert.doesNotMatch(html, /aria-label="Follow/)
  assert.match(await ana.page('/about'), /aria-label="Follow @olaf"/)
})
