import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asc } from 'drizzle-orm'
import { reports } from '#db/schema/moderation.ts'
import { hiddenFieldsOf, textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { write } from '#test/web/world.ts'

const next = (page: string) => /<a (?:class="button button-primary" )?rel="next" href="([^"]+)">Next report/.exec(page)?.[1]

test('a moderator goes from report to report, acts on an account on the way, and is back at the report', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const mia = await instance.as('mia', { role: 'moderator' })
  const people = []
  for (const name of ['ben', 'cleo', 'dora']) {
    const person = await instance.as(name)
    people.push(person)
    const id = await write(person, { text: 'Buy my boat!' })
    await ana.submit(`/posts/${id}/report`, { category: 'spam', comment: 'All day', postIds: [String(id)] })
  }
  const paths = (await instance.ctx.db.select().from(reports).orderBy(asc(reports.id))).map(({ id }) => `/admin/reports/${id}`)
  const [first, second, third] = paths as [string, string, string]
  assert.equal(next(await mia.page(third)), second, 'the list goes from the newest to the oldest')
  assert.equal(next(await mia.page(first)), third, 'and begins anew')

  const asked = /href="(\/admin\/accounts\/[^"]+)#deal">Act on the account/.exec(await mia.page(second))?.[1] ?? ''
  const account = await mia.page(asked.replace('&#x3D;', '='))
  assert.match(account, new RegExp(`<a href="${second}">[^>]*>[^>]*>[^>]*>\\s*Back to the report`))
  const { report } = hiddenFieldsOf(account)
  const suspended = await mia.submit(`/admin/accounts/${people[1]!.account.id}/suspension`, { report: report!, reason: 'Spam' })
  assert.equal(suspended.headers.location, second)
  const back = await mia.page(second)
  assert.match(textOf(back), /The account is suspended/)
  const refused = await mia.submit(`/admin/accounts/${people[0]!.account.id}/silence`, { report: '7', reason: ' ' })
  assert.equal(refused.statusCode, 422)
  assert.match(refused.body, /name="report" value="7"/, 'it is kept while something is wrong')
  const elsewhere = await mia.submit(`/admin/accounts/${people[0]!.account.id}/silence`, { report: '//evil.test', reason: 'Noise' })
  assert.equal(elsewhere.headers.location, `/admin/accounts/${people[0]!.account.id}`)

  await mia.submit(`${second}/handling`)
  const closed = await mia.page(second)
  assert.match(closed, new RegExp(`class="button button-primary" rel="next" href="${first}"`))
  await mia.submit(`${first}/handling`)
  await mia.submit(`${third}/handling`)
  assert.equal(next(await mia.page(third)), undefined, 'nothing is left')
})
