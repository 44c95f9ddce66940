import assert from 'node:assert/strict'
import { test } from 'node:test'
import { and, isNotNull } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { isWithin } from '#server/accounts/within-domain.ts'
import { isWithinDomain } from '#server/platform/host-names.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { addRemoteAccount } from '#test/web/world.ts'

const names = [
  'b.example',
  'a.b.example',
  'x.a.b.example',
  'ab.example',
  'b.example.org',
  'b.example:8443',
  'a.b.example:8443',
  'a.b.example:84',
  'b_c.example',
  'bxc.example',
  '[::1]:8080'
]

test('a query finds within a domain whom the rule finds there: by the handle or by the host, with ports, and wildcards are letters', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  for (const [at, name] of names.entries()) {
    await addRemoteAccount(instance, `handle${at}`, name)
    await addRemoteAccount(instance, `host${at}`, 'handles.example', { host: name, uri: `https://${name}/u/${at}` })
  }
  const everybody = await instance.ctx.db.select().from(accounts).where(isNotNull(accounts.domain))
  for (const domain of [...names, 'example', 'example.org', 'handles.example', '%', '[::1]']) {
    const found = await instance.ctx.db
      .select()
      .from(accounts)
      .where(and(isWithin(accounts, domain)))
    const expected = everybody.filter((each) => [each.domain, each.host].some((name) => name !== null && isWithinDomain(name, domain)))
    assert.deepEqual(found.map(({ name }) => name).sort(), expected.map(({ name }) => name).sort(), domain)
  }
})
