import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { findMeLinks } from '#server/profiles/find-me-links.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'
import { write } from '#test/web/world.ts'

const profile = { displayName: 'Ana', note: '' }
const html = (body: string) => ({ type: 'text/html; charset=utf-8', body })
const weekMs = 7 * 24 * 60 * 60_000

test('a link on a profile is verified when the page it leads to links back, and only then', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const site = await remote(t, instance, 'site.test')
  const mine = `${instance.config.origin}/@ana`
  site.documents.set('/mine', html(`<p>Find me <a rel="me noopener" href="${mine}">there</a></p>`))
  site.documents.set('/theirs', html(`<a href="${mine}">a fan of</a> <a rel="me" href="https://elsewhere.test/@ana">me</a>`))
  site.documents.set('/data', { type: 'application/json', body: JSON.stringify({ rel: 'me', href: mine }) })
  await ana.submit('/settings/profile', {
    ...profile,
    'fieldName-1': 'Home',
    'fieldValue-1': 'https://site.test/mine',
    'fieldName-2': 'Fan page',
    'fieldValue-2': 'https://site.test/theirs',
    'fieldName-3': 'Words',
    'fieldValue-3': 'see https://site.test/mine and more',
    'fieldName-4': 'Data',
    'fieldValue-4': 'https://site.test/data'
  })
  await instance.runJobs()
  const verified = async () => {
    const page = await instance.guest().page('/@ana')
    return [...page.matchAll(/<div class="is-verified"><dt[^>]*>([^<]*)</g)].map(([, name]) => name)
  }
  assert.deepEqual(await verified(), ['Home'])

  // Unchanged fields stay verified while the profile is saved again; a link that changed is asked anew.
  await ana.submit('/settings/profile', { ...profile, 'fieldName-1': 'My home', 'fieldValue-1': 'https://site.test/mine' })
  assert.deepEqual(await verified(), ['My home'])

  // It lasts as long as the page says so: asked again a week later, when somebody looks.
  site.documents.set('/mine', html('Moved.'))
  await instance.runJobs()
  const bo = await instance.as('bo')
  await instance.ctx.transact(async (tx) => {
    await tx
      .update(accounts)
      .set({ linksCheckedAt: tx.now - weekMs - 1 })
      .where(eq(accounts.id, ana.account.id))
  })
  await bo.page('/@ana')
  await instance.runJobs()
  assert.deepEqual(await verified(), [])
})

test('pages that people link to can verify their profiles: the links say rel="me", on the page and in the actor; others’ do not', async (t) => {
  const [instance, other] = [await startInstance(t), await startInstance(t, { origin: 'https://other.test' })]
  const ana = await instance.as('ana')
  await ana.submit('/settings/profile', { ...profile, 'fieldName-1': 'Home', 'fieldValue-1': 'https://site.test/mine' })
  const page = await instance.guest().page('/@ana')
  assert.deepEqual([...(await findMeLinks(page, `${instance.config.origin}/@ana`))], ['https://site.test/mine'])
  const actor = (await instance.guest().get('/@ana', { accept: 'application/activity+json' })).json()
  assert.match(actor.attachment[0].value, /^<a [^>]*rel="me nofollow noopener ugc"/)

  const stranger = (await other.as('stranger')).account
  await other.ctx.transact((tx) =>
    tx
      .update(accounts)
      .set({
        domain: 'far.test',
        fields: [{ name: 'Home', valueHtml: '<a href="https://site.test/mine" rel="nofollow noopener ugc">x</a>' }]
      })
      .where(eq(accounts.id, stranger.id))
  )
  const shown = await (await other.as('bo')).page('/@stranger@far.test')
  assert.match(shown, /site\.test\/mine/)
  assert.deepEqual([...(await findMeLinks(shown, 'https://other.test/'))], [])
})

test('the links of a remote profile are verified here too, when somebody signed in looks', async (t) => {
  const instance = await startInstance(t)
  const far = await remote(t, instance, 'far.test')
  const link = '<a href="https://far.test/about" rel="me">far.test/about</a>'
  const mia = await far.actor('mia', { attachment: [{ type: 'PropertyValue', name: 'Web', value: link }] })
  far.documents.set('/about', html(`<link rel="me" href="${mia.uri}">`))
  const bo = await instance.as('bo')
  await mia.send(mia.activity('Follow', bo.account.uri))
  await instance.runJobs()
  await instance.guest().page(`/@${mia.handle.replace(/^@/, '')}`)
  await instance.runJobs()
  assert.ok(!far.requests.includes('GET /about'), 'strangers have nothing fetched')
  assert.doesNotMatch(await bo.page(`/@${mia.handle.replace(/^@/, '')}`), /is-verified/)
  await instance.runJobs()
  assert.match(await bo.page(`/@${mia.handle.replace(/^@/, '')}`), /is-verified/)
  assert.equal(far.requests.filter((asked) => asked === 'GET /about').length, 1, 'asked once a week')
})

test('a note about somebody is shown to whoever wrote it, and to nobody else', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  const path = `/accounts/${bo.account.id}/note`
  assert.equal((await ana.submit(path, { note: 'Met <at> the pier' })).headers.location, '/@bo')
  assert.match(await ana.page('/@bo'), /Met &lt;at&gt; the pier/)
  for (const who of [bo, instance.guest(), await instance.as('cleo')]) assert.doesNotMatch(await who.page('/@bo'), /the pier/)
  const long = await ana.submit(path, { note: 'x'.repeat(2_001) })
  assert.equal(long.statusCode, 422)
  assert.match(long.body, /at most 2,000/)
  assert.match(long.body, /x{2001}/, 'what was typed is not lost')
  await ana.submit(path, { note: ' ' })
  assert.doesNotMatch(await ana.page('/@bo'), /the pier/)
  assert.equal((await ana.submit(`/accounts/${ana.account.id}/note`, { note: 'me' })).statusCode, 422)
})

test('featured tags lead to what somebody wrote with them, as far as one may see it', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  await write(ana, { text: 'Low #tides today' })
  await write(ana, { text: 'Quiet #tides', visibility: 'followers' })
  await write(ana, { text: 'Something else' })
  assert.equal((await ana.submit('/settings/profile/tags', { tag: '#Tides' })).statusCode, 303)
  const refused = await ana.submit('/settings/profile/tags', { tag: 'two words' })
  assert.equal(refused.statusCode, 422)
  assert.match(textOf(refused.body), /This is no hashtag/)
  assert.match(await bo.page('/@ana'), /href="\/@ana\/tagged\/tides">#tides</)
  const listed = textOf(await bo.page('/@ana/tagged/tides'))
  assert.match(listed, /Low # ?tides today/)
  assert.doesNotMatch(listed, /Quiet|Something else/)
  assert.match(textOf(await ana.page('/@ana/tagged/tides')), /Quiet # ?tides/)
  await ana.submit('/settings/profile/tags/remove?tag=tides')
  assert.doesNotMatch(await bo.page('/@ana'), /tagged/)
})

test('a profile says who of those one follows follows it too', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo, cleo, dan] = [await instance.as('ana'), await instance.as('bo'), await instance.as('cleo'), await instance.as('dan')]
  for (const who of [bo, cleo, dan]) await who.submit(`/accounts/${ana.account.id}/follow`)
  assert.doesNotMatch(await dan.page('/@ana'), /profile-known/)
  await dan.submit(`/accounts/${bo.account.id}/follow`)
  assert.match(textOf(await dan.page('/@ana')), /Followed by bo, whom you follow/)
  await dan.submit(`/accounts/${cleo.account.id}/follow`)
  assert.match(textOf(await dan.page('/@ana')), /Followed by cleo and bo, whom you follow/)
  await ana.submit(`/accounts/${cleo.account.id}/block`)
  assert.match(textOf(await dan.page('/@ana')), /Followed by bo, whom you follow/)
})

test('whoever asks for it is told of each post of somebody they follow, but not of answers to others nor of what is direct', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  const cleo = await instance.as('cleo')
  await bo.submit(`/accounts/${ana.account.id}/follow`)
  await write(ana, { text: 'Before' })
  await bo.submit(`/accounts/${ana.account.id}/notify`)
  const first = await write(ana, { text: 'Tell everybody' })
  const other = await write(cleo, { text: 'Question' })
  await write(ana, { text: '@cleo an answer', replyTo: String(other) })
  await write(ana, { text: '@cleo between us', visibility: 'direct' })
  const told = textOf(await bo.page('/notifications'))
  assert.match(told, /ana posted/)
  assert.ok(told.includes('Tell everybody') && !told.includes('Before') && !told.includes('an answer') && !told.includes('between us'))
  await bo.submit(`/accounts/${ana.account.id}/unnotify`)
  await write(ana, { text: 'And one more' })
  assert.doesNotMatch(textOf(await bo.page('/notifications')), /And one more/)
  assert.ok(first > 0)
})
