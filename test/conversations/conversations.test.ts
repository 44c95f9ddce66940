import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conversations } from '#db/schema/timelines.ts'
import { textOf, unescapeHtml } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import type { Guest } from '#test/helpers/people.ts'
import { remote } from '#test/helpers/remote.ts'
import { write } from '#test/web/world.ts'

/** The rows of the page: with whom, what was said last, whether it is unread. */
async function rowsOf(person: Guest): Promise<{ text: string; isUnread: boolean; read: string | undefined; remove: string }[]> {
  const html = unescapeHtml(await person.page('/conversations'))
  return [...html.matchAll(/<article class="card-row conversation[\s\S]*?<\/article>/g)].map(([row]) => ({
    text: textOf(row),
    isUnread: row.includes('is-unread'),
    read: /formaction="(\/conversations\/\d+\/read\?upTo=\d+)"/.exec(row)?.[1],
    remove: /formaction="(\/conversations\/\d+\/remove)"/.exec(row)![1]!
  }))
}

test('direct posts stand by their threads, unread until the button says so, and leave the list until the next post', async (t) => {
  const { as } = await startInstance(t)
  const [ana, bo, carol] = [await as('ana'), await as('bo'), await as('carol')]
  const first = await write(ana, { text: '@bo shall we?', visibility: 'direct' })
  await write(carol, { text: '@bo and you?', visibility: 'direct' })
  await write(carol, { text: '@bo in the open' })
  assert.deepEqual(
    (await rowsOf(ana)).map(({ isUnread }) => isUnread),
    [false],
    'one has read what one wrote'
  )
  const two = await rowsOf(bo)
  assert.deepEqual(
    two.map(({ isUnread }) => isUnread),
    [true, true]
  )
  assert.match(two[0]!.text, /carol.*and you\?/)
  assert.match(two[1]!.text, /ana.*shall we\?/)
  assert.deepEqual(await rowsOf(await as('dora')), [])

  await bo.page(`/@ana/${first}`)
  assert.equal((await rowsOf(bo))[1]!.isUnread, true, 'looking marks nothing')
  await write(ana, { text: '@bo at six', visibility: 'direct', replyTo: String(first) })
  await bo.submit(two[1]!.read!)
  const [moved] = await rowsOf(bo)
  assert.match(moved!.text, /at six/)
  assert.equal(moved!.isUnread, true, 'what came since stays unread')
  await bo.submit(moved!.read!)
  assert.equal((await rowsOf(bo))[0]!.isUnread, false)
  const answer = await write(bo, { text: '@ana good', visibility: 'direct', replyTo: String(first) })
  const [ofAna] = await rowsOf(ana)
  assert.match(ofAna!.text, /good/)
  assert.equal(ofAna!.isUnread, true)
  await ana.submit(ofAna!.remove)
  assert.deepEqual(await rowsOf(ana), [])
  await write(bo, { text: '@ana and bread', visibility: 'direct', replyTo: String(answer) })
  assert.match((await rowsOf(ana))[0]!.text, /and bread/)
})

test('a deleted post gives its place to the one before it, and its conversation ends with the last', async (t) => {
  const { as, ctx } = await startInstance(t)
  const [ana, bo] = [await as('ana'), await as('bo')]
  const first = await write(ana, { text: '@bo one', visibility: 'direct' })
  const second = await write(ana, { text: '@bo two', visibility: 'direct', replyTo: String(first) })
  await ana.submit(`/posts/${second}/delete`)
  assert.match((await rowsOf(bo))[0]!.text, /one/)
  await ana.submit(`/posts/${first}/delete`)
  assert.deepEqual(await rowsOf(bo), [])
  assert.equal(await ctx.db.$count(conversations), 0)
})

test('conversations with people of elsewhere join when their beginning is found, and hide with whoever is muted or blocked', async (t) => {
  const instance = await startInstance(t)
  const { as, ctx, runJobs } = instance
  const ana = await as('ana')
  const far = await remote(t, instance, 'far.test')
  const ben = await far.actor('ben')
  const toAna = { to: [ana.account.uri], cc: [], tag: [{ type: 'Mention', href: ana.account.uri, name: '@ana' }] }
  const root = ben.note('the beginning', toAna)
  const reply = ben.note('the second', { ...toAna, inReplyTo: root.id })
  await ben.send(ben.activity('Create', reply))
  await runJobs()
  assert.equal(await ctx.db.$count(conversations), 1)
  await ben.send(ben.activity('Create', root))
  await runJobs()
  const rows = await rowsOf(ana)
  assert.equal(rows.length, 1)
  assert.match(rows[0]!.text, /ben@far\.test|Ben|ben/)
  assert.equal(await ctx.db.$count(conversations), 1)
  const [held] = await ctx.db.select().from(conversations)
  const benId = (await ctx.db.select().from((await import('#db/schema/accounts.ts')).accounts)).find(({ name }) => name === 'ben')!.id
  assert.ok(held)
  await ana.submit(`/accounts/${benId}/mute`)
  assert.deepEqual(await rowsOf(ana), [])
  await ana.submit(`/accounts/${benId}/unmute`)
  assert.equal((await rowsOf(ana)).length, 1)
  await ana.submit(`/accounts/${benId}/block`)
  assert.deepEqual(await rowsOf(ana), [])
})
