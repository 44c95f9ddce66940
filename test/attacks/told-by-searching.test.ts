import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startWorld } from '#test/federation/attack-world.ts'
import { write } from '#test/federation/acts.ts'
import { textOf } from '#test/helpers/html.ts'

test('an address that is looked up does not tell whether it is a post that somebody else may see here', async (t) => {
  const world = await startWorld(t)
  const { a, alice, instance, servers } = world
  await world.knowing(a)
  const bob = await instance.as('bob')
  const look = async (address: string) => textOf(await bob.page(`/search?q=${encodeURIComponent(address)}`)).replaceAll(address, '…')
  const asked = () => servers.a.requests.filter((line) => line.startsWith('GET /notes/')).length

  const ours = await write(instance, 'alice', 'for a circle', 'followers')
  const address = (id: number) => `https://skerry.test/@alice/${id}`
  const path = (text: string, id: number) => text.replaceAll(`/@alice/${id}`, '…')
  assert.equal(path(await look(address(ours.id)), ours.id), path(await look(address(ours.id + 7)), ours.id + 7))

  const tag = [{ type: 'Mention', href: alice.account.uri, name: '@alice' }]
  const theirs = a.note('for @alice', { to: [alice.account.uri], cc: [], tag })
  await a.send(a.activity('Create', theirs))
  assert.ok(await world.postAt(theirs.id))
  // Its server shows it to nobody who does not sign as one of those it is for.
  servers.a.documents.set(new URL(theirs.id).pathname, { status: 404 })
  assert.equal(await look(theirs.id), await look(`${theirs.id}0`))
  assert.equal(asked(), 2, 'both were asked for')
  assert.match(textOf(await alice.page(`/search?q=${encodeURIComponent(theirs.id)}`)), /for @alice/)
})
