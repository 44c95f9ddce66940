import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { reports } from '#db/schema/moderation.ts'
import { limitDomain, write } from '#test/federation/acts.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { textOf } from '#test/helpers/html.ts'

/** Alice reads a post of ben's, who lives elsewhere. */
async function startReported(t: TestContext) {
  const world = await startWorld(t)
  const { b, servers, instance } = world
  await world.knowing(b)
  const note = b.note('buy my boat')
  await b.send(b.activity('Create', note))
  await instance.runJobs()
  const post = await world.postAt(note.id)
  const flags = () => servers.b.received.filter(({ activity }) => activity.type === 'Flag')
  return { ...world, note, path: `/posts/${post?.id}/report`, postId: String(post?.id), flags }
}

test('a copy of a report goes to the account’s own server when its reporter wants that, and names nobody of ours', async (t) => {
  const { instance, alice, b, note, path, postId, flags } = await startReported(t)
  const mia = await instance.as('mia', { role: 'moderator' })
  assert.match(textOf(await alice.page(path)), /Send an anonymous copy to b\.test too/)
  await alice.submit(path, { category: 'spam', comment: 'All day long', postIds: postId, forward: 'on' })
  await instance.runJobs()
  const [flag] = flags()
  const [report] = await instance.ctx.db.select().from(reports)
  assert.deepEqual(flag?.activity, {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: `https://skerry.test/@instance#flag-${report?.id}`,
    type: 'Flag',
    actor: 'https://skerry.test/@instance',
    to: [b.uri],
    content: 'All day long',
    object: [b.uri, note.id]
  })
  assert.equal(flag?.path, '/users/ben/inbox')
  assert.match(String(flag?.headers.signature), /keyId="https:\/\/skerry\.test\/@instance#/)
  assert.doesNotMatch(JSON.stringify([flag?.activity, flag?.headers]), /alice/)
  assert.match(textOf(await mia.page(`/admin/reports/${report?.id}`)), /A copy went to b\.test/)
  assert.equal(flags().length, 1)
})

test('no copy goes anywhere unless it is wanted, nor of reports on our own people, nor to servers nothing is sent to', async (t) => {
  const { instance, alice, path, flags } = await startReported(t)
  await alice.submit(path, { category: 'spam', comment: 'once' })
  const carl = await instance.as('carl')
  const ours = await write(instance, 'carl', 'ours')
  const of = (id: number) => `/posts/${id}/report`
  assert.doesNotMatch(textOf(await alice.page(of(ours.id))), /anonymous copy/)
  await alice.submit(of(ours.id), { category: 'spam', comment: 'of ours', forward: 'on' })
  await alice.submit(`/accounts/${carl.account.id}/report`, { category: 'spam', comment: 'of ours too', forward: 'on' })
  await instance.runJobs()
  assert.deepEqual(flags(), [])
  assert.deepEqual(
    (await instance.ctx.db.select().from(reports)).map((report) => report.isForwarded),
    [false, false]
  )
  await alice.submit(path, { category: 'spam', comment: 'too late', forward: 'on' })
  await limitDomain(instance, 'b.test')
  await instance.runJobs()
  assert.deepEqual(flags(), [])
})

test('what was said to the moderators here alone goes nowhere, though a later report of the same account goes out', async (t) => {
  const { instance, alice, path, postId, flags } = await startReported(t)
  await alice.submit(path, { category: 'spam', comment: 'for your eyes only', postIds: postId })
  await alice.submit(path, { category: 'spam', comment: 'for theirs too', forward: 'on' })
  await alice.submit(path, { category: 'spam', comment: 'and one thing more', forward: 'on' })
  await instance.runJobs()
  assert.deepEqual((await instance.ctx.db.select().from(reports)).map(({ comment, isForwarded }) => [comment, isForwarded]).sort(), [
    ['for theirs too\n\nand one thing more', true],
    ['for your eyes only', false]
  ])
  assert.doesNotMatch(JSON.stringify(flags()), /your eyes/)
  assert.equal(flags().length, 1)
})
