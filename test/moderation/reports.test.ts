import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reportPosts, reports } from '#db/schema/moderation.ts'
import { Refusal } from '#server/errors.ts'
import { fileReport } from '#server/moderation/file-report.ts'
import { handleReport } from '#server/moderation/handle-report.ts'
import { hiddenFieldsOf, textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { actsOf, whoOf } from '#test/moderation/acting.ts'
import { write } from '#test/web/world.ts'

const spam = { category: 'spam', comment: 'All day long' }

test('a person reports a post; moderators read the copy, also after the original is gone', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const ben = await instance.as('ben')
  const mia = await instance.as('mia', { role: 'moderator' })
  const id = await write(ben, { text: 'Buy my boat!', warning: 'Advertisement' })
  const other = await write(ben, { text: 'Another word' })
  const form = await ana.page(`/posts/${id}/report`)
  assert.match(form, new RegExp(`value="${id}" checked`))
  assert.match(textOf(form), /Another word/)
  const sent = await ana.submit(`/posts/${id}/report`, { ...spam, postIds: [String(id), String(other)] })
  assert.equal(sent.statusCode, 303)
  assert.equal(sent.headers.location, `/@ben/${id}`)
  assert.match(textOf(await ana.page(`/@ben/${id}`)), /Thank you/)

  await ben.submit(`/posts/${id}/delete`)
  const list = await mia.page('/admin/reports')
  assert.match(textOf(list), /Spam · 2 posts All day long Reported by @ana/)
  assert.match(textOf(await mia.page('/admin')), /1 Reports/)
  const [report] = await instance.ctx.db.select().from(reports)
  const page = textOf(await mia.page(`/admin/reports/${report!.id}`))
  assert.match(page, /Deleted since Content warning Advertisement Buy my boat!/)
  assert.match(page, /Another word/)

  for (const [noun, then] of [
    ['assignment', /Looked after by @mia/],
    ['handling', /Closed by @mia/],
    ['handling/lift', /Close report/]
  ] as const) {
    assert.equal((await mia.submit(`/admin/reports/${report!.id}/${noun}`)).statusCode, 303, noun)
    assert.match(textOf(await mia.page(`/admin/reports/${report!.id}`)), then)
  }
  await mia.submit(`/admin/reports/${report!.id}/notes`, { text: 'Wrote to <b>them</b>' })
  assert.match(await mia.page(`/admin/reports/${report!.id}`), /Wrote to &lt;b&gt;them&lt;\/b&gt;/)
  const empty = await mia.submit(`/admin/reports/${report!.id}/notes`, { text: ' ' })
  assert.equal(empty.statusCode, 422)
  assert.match(textOf(empty.body), /Please fill this in/)
  assert.deepEqual(await actsOf(instance), ['report-taken', 'report-handled', 'report-reopened'])
})

test('VIS-12: nobody learns of a post by reporting it', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const ben = await instance.as('ben')
  const hidden = [
    await write(ana, { text: 'for followers secret-marker', visibility: 'followers' }),
    await write(ana, { text: '@nobody direct secret-marker', visibility: 'followers' })
  ]
  const open = await write(ana, { text: 'for everybody' })
  const gone = await write(ana, { text: 'to be deleted secret-marker' })
  await ana.submit(`/posts/${gone}/delete`)
  for (const id of [...hidden, gone, 12345, Number.MAX_SAFE_INTEGER]) {
    assert.equal((await ben.get(`/posts/${id}/report`)).statusCode, 404)
    assert.equal((await ben.submit(`/posts/${id}/report`, { ...spam, postIds: String(id) })).statusCode, 404)
    const smuggled = await ben.submit(`/posts/${open}/report`, { ...spam, postIds: [String(open), String(id)] })
    assert.equal(smuggled.statusCode, 404)
    assert.doesNotMatch(smuggled.body, /secret-marker/)
  }
  const form = await ben.page(`/accounts/${ana.account.id}/report`)
  assert.match(textOf(form), /for everybody/)
  assert.doesNotMatch(form, /secret-marker/)
  const bens = await write(ben, { text: 'my own' })
  assert.equal((await ben.submit(`/posts/${open}/report`, { ...spam, postIds: String(bens) })).statusCode, 404, 'a post of somebody else')
  assert.equal(await instance.ctx.db.$count(reports), 0)
  assert.equal(await instance.ctx.db.$count(reportPosts), 0)
})

test('a report that is not right comes back with what was typed and the field named', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const ben = await instance.as('ben')
  const id = await write(ben, { text: 'A word' })
  const path = `/accounts/${ben.account.id}/report`
  const wrong: [Record<string, string>, RegExp][] = [
    [{ category: 'spam', comment: 'x'.repeat(2_001), postIds: String(id) }, /too long: at most 2,000 characters/],
    [{ category: 'nonsense', comment: 'kept words' }, /Please choose what is wrong/],
    [{ category: 'other', comment: '' }, /Please say what is wrong/]
  ]
  for (const [fields, expected] of wrong) {
    const response = await ana.submit(path, fields)
    assert.equal(response.statusCode, 422)
    assert.match(textOf(response.body), expected)
    if (fields.comment) assert.ok(response.body.includes(fields.comment))
    if (fields.postIds) assert.match(response.body, /value="\d+" checked/)
    assert.ok(hiddenFieldsOf(response.body).csrf)
  }
  assert.equal((await ana.submit(`/accounts/${ana.account.id}/report`, spam)).statusCode, 422, 'oneself')
  assert.equal((await ana.get('/accounts/77/report')).statusCode, 404)
  assert.equal((await instance.guest().get(path)).statusCode, 303)
})

test('nothing is chosen for whoever reports, and a second report adds to the first while that is open', async (t) => {
  const instance = await startInstance(t)
  const [ana, ben, mia] = [await instance.as('ana'), await instance.as('ben'), await instance.as('mia', { role: 'moderator' })]
  const [id, other] = [await write(ben, { text: 'Buy my boat!' }), await write(ben, { text: 'And my oars!' })]
  const path = `/posts/${id}/report`
  assert.doesNotMatch(await ana.page(path), /type="radio"[^>]* checked/)
  const unsaid = await ana.submit(path, { comment: 'All day long' })
  assert.equal(unsaid.statusCode, 422)
  assert.match(textOf(unsaid.body), /Please choose what is wrong/)
  assert.doesNotMatch(unsaid.body, /type="radio"[^>]* checked/)

  await ana.submit(path, { ...spam, postIds: String(id) })
  assert.match(
    textOf(await ana.page(`/accounts/${ben.account.id}/report`)),
    /Your report of this account is still open .* What you send now is added to it/
  )
  await ana.submit(path, { ...spam, postIds: String(id) })
  assert.match(textOf(await ana.page(`/@ben/${id}`)), /It was added to your earlier report/)
  await ana.submit(path, { category: 'rules', comment: 'And at night', postIds: [String(id), String(other)] })
  const [first, ...more] = await instance.ctx.db.select().from(reports)
  assert.deepEqual(more, [])
  assert.deepEqual([first!.category, first!.comment], ['rules', 'All day long\n\nAnd at night'])
  assert.equal((await instance.ctx.db.select().from(reportPosts)).length, 2)

  const both = [ana.submit(path, spam), ana.submit(path, spam)]
  assert.deepEqual(
    (await Promise.all(both)).map(({ statusCode }) => statusCode),
    [303, 303]
  )
  await mia.submit(`/admin/reports/${first!.id}/handling`)
  await Promise.all([ana.submit(path, spam), ana.submit(path, spam)])
  assert.equal((await instance.ctx.db.select().from(reports)).length, 2, 'two at once make one')
  await mia.submit(`/accounts/${ben.account.id}/report`, spam)
  assert.equal((await instance.ctx.db.select().from(reports)).length, 3, 'each person has their own')
})

test('somebody can file so many reports an hour', async (t) => {
  const instance = await startInstance(t)
  const ana = await whoOf(instance, await instance.as('ana'))
  const ben = await instance.as('ben')
  const file = () => fileReport(instance.ctx, ana, { accountId: ben.account.id, postIds: [], category: 'spam', comment: '' })
  for (let count = 0; count < 20; count++) await file()
  await assert.rejects(file(), (error) => error instanceof Refusal && error.kind === 'too-many')
  instance.clock.advance(3_600_001)
  await file()
})

test('a moderator neither sees nor handles a report about themselves', async (t) => {
  const instance = await startInstance(t)
  const mia = await instance.as('mia', { role: 'moderator' })
  const max = await instance.as('max', { role: 'moderator' })
  const ana = await whoOf(instance, await instance.as('ana'))
  const { id: reportId } = await fileReport(instance.ctx, ana, {
    accountId: mia.account.id,
    postIds: [],
    category: 'rules',
    comment: 'secret-marker'
  })
  for (const path of ['/admin', '/admin/reports', `/admin/accounts/${mia.account.id}`])
    assert.doesNotMatch(await mia.page(path), /secret-marker|by @ana/, path)
  assert.doesNotMatch(textOf(await mia.page('/admin')), /1 Reports/)
  assert.equal((await mia.get(`/admin/reports/${reportId}`)).statusCode, 404)
  assert.equal((await mia.submit(`/admin/reports/${reportId}/handling`)).statusCode, 404)
  assert.match(await max.page(`/admin/reports/${reportId}`), /secret-marker/)
  await handleReport(instance.ctx, await whoOf(instance, max), { reportId })
  // The log is open to every moderator: it names the act, not who reported.
  assert.doesNotMatch(await mia.page('/admin/audit'), /secret-marker|@ana/)
})
