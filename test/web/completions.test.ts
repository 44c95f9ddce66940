import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { suspendAccount } from '#server/moderation/suspend-account.ts'
import { startInstance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'
import { addRemoteAccount, write } from '#test/web/world.ts'

interface Item {
  insert: string
  label: string
  detail?: string
}

async function offered(person: TestPerson, kind: string, q: string): Promise<Item[]> {
  const response = await person.get(`/completions?kind=${kind}&q=${encodeURIComponent(q)}`, { accept: 'application/json' })
  assert.equal(response.statusCode, 200)
  assert.equal(response.headers['cache-control'], 'no-store')
  return (response.json() as { items: Item[] }).items
}

const handles = (items: Item[]) => items.map(({ insert }) => insert)

test('people somebody follows are offered before others, and nobody who hides or is hidden', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const [ana, bo, boris, bodil, bosse] = await Promise.all(['ana', 'bo', 'boris', 'bodil', 'bosse'].map((name) => instance.as(name)))
  const far = await addRemoteAccount(instance, 'bonnie', 'remote.test', { isDiscoverable: false, displayName: 'Bonnie of the Bay' })
  await addRemoteAccount(instance, 'bogdan', 'remote.test', { isDiscoverable: false })
  await ana!.submit(`/accounts/${boris!.account.id}/follow`)
  await ctx.transact(async (tx) => {
    await tx.insert(follows).values({
      id: tx.newId(),
      followerId: ana!.account.id,
      followedId: far.id,
      state: 'accepted',
      uri: 'https://skerry.test/f/1',
      createdAt: tx.now
    })
  })
  // Whom one follows first, by name; of the others whoever lets themselves be found.
  assert.deepEqual(handles(await offered(ana!, 'person', 'bo')), ['@bonnie@remote.test', '@boris', '@bo', '@bodil', '@bosse'])
  assert.deepEqual(handles(await offered(ana!, 'person', 'the bay')), ['@bonnie@remote.test'])
  assert.deepEqual(handles(await offered(ana!, 'person', 'bonnie@rem')), ['@bonnie@remote.test'])
  await bo!.submit(`/accounts/${ana!.account.id}/block`)
  await suspendAccount(ctx, { kind: 'operator' }, { accountId: bodil!.account.id, reason: 'A test' })
  await ctx.transact((tx) => tx.update(accounts).set({ isDiscoverable: false }).where(eq(accounts.id, bosse!.account.id)))
  const now = handles(await offered(ana!, 'person', 'bo'))
  // Not who blocks one, is suspended, or does not want to be found by strangers.
  assert.deepEqual(now, ['@bonnie@remote.test', '@boris'])
  assert.deepEqual(await offered(ana!, 'person', ''), [])
})

test('hashtags come by how often one used them, then as they are in public; of private posts of others none', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  for (const text of ['#seal', '#seaweed', '#seaweed again']) await write(ana, { text })
  await write(bo, { text: '#seagull' })
  await write(bo, { text: '#seasecret', visibility: 'followers' })
  assert.deepEqual(handles(await offered(ana, 'tag', 'sea')), ['#seaweed', '#seal', '#seagull'])
  assert.deepEqual(handles(await offered(ana, 'tag', 'SEAL')), ['#seal'])
})

test('emoji are found by their names, the exact one first', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const boats = await offered(ana, 'emoji', 'boat')
  assert.deepEqual(boats[0], { insert: '⛵', label: 'boat', symbol: '⛵' })
  assert.ok(boats.length > 1 && boats.length <= 8)
  assert.deepEqual(await offered(ana, 'emoji', 'nothing_of_that_name'), [])
})

test('nobody else is answered, and nobody without end', async (t) => {
  const instance = await startInstance(t)
  assert.equal((await instance.guest().get('/completions?kind=person&q=a', { accept: 'application/json' })).statusCode, 401)
  const ana = await instance.as('ana')
  let status = 200
  for (let count = 0; count < 300 && status === 200; count++) {
    status = (await ana.get('/completions?kind=emoji&q=zzz', { accept: 'application/json' })).statusCode
  }
  assert.equal(status, 429)
})
