import assert from 'node:assert/strict'
import { test } from 'node:test'
import { suspendAccount } from '#server/moderation/suspend-account.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { textOf } from '#test/helpers/html.ts'
import { remote } from '#test/helpers/remote.ts'
import { addRemoteAccount, handlesOf, write } from '#test/web/world.ts'

const search = (query: string) => `/search?q=${encodeURIComponent(query)}`

test('people are found by the start of their handle or a part of their name, ours first', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const anabel = await instance.as('anabel')
  const shy = await instance.as('ana_shy')
  await anabel.submit('/settings/profile', { displayName: 'Rowan 100% Lind', isDiscoverable: 'yes' })
  await shy.submit('/settings/profile', { displayName: 'Shy' })
  await shy.submit('/settings/privacy', {})
  await addRemoteAccount(instance, 'anatol', 'remote.test', { displayName: 'Lindgren' })
  const guest = instance.guest()
  assert.deepEqual(handlesOf(await guest.page(search('ana'))), ['@ana', '@anabel', '@anatol@remote.test'])
  assert.deepEqual(handlesOf(await guest.page(search('@ANA'))), ['@ana', '@anabel', '@anatol@remote.test'])
  assert.deepEqual(handlesOf(await guest.page(search('lind'))), ['@anabel'])
  assert.deepEqual(handlesOf(await guest.page(search('100%'))), ['@anabel'])
  assert.deepEqual(handlesOf(await guest.page(search('%'))), ['@anabel'])
  assert.deepEqual(handlesOf(await guest.page(search('ana_'))), [])
  // Whoever does not want to be found is there for those who follow, or write the handle out.
  await ana.submit(`/accounts/${shy.account.id}/follow`)
  assert.deepEqual(handlesOf(await ana.page(search('ana_'))), ['@ana_shy'])
  assert.deepEqual(handlesOf(await guest.page(search('@ana_shy@skerry.test'))), ['@ana_shy'])
  assert.match(await ana.page(search('anatol')), /aria-label="Follow @anatol@remote\.test"/)
  assert.match(textOf(await guest.page(search('zebra'))), /Nothing was found for “zebra”\./)
})

test('nobody suspended, blocked or of a suspended server is found', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo, carol] = [await instance.as('ana'), await instance.as('bo'), await instance.as('carol')]
  await addRemoteAccount(instance, 'carla', 'remote.test', { suspendedAt: 1, suspendedBy: 'origin' })
  await bo.submit(`/accounts/${ana.account.id}/block`)
  await suspendAccount(instance.ctx, { kind: 'operator' }, { accountId: carol.account.id, reason: 'test' })
  assert.deepEqual(handlesOf(await ana.page(search('bo'))), [])
  assert.deepEqual(handlesOf(await ana.page(search('@bo@skerry.test'))), [])
  assert.deepEqual(handlesOf(await bo.page(search('ana'))), [])
  for (const query of ['car', '@carol@skerry.test', 'https://skerry.test/@carol', '@carla@remote.test']) {
    assert.deepEqual(handlesOf(await ana.page(search(query))), [], query)
    assert.deepEqual(handlesOf(await instance.guest().page(search(query))), [], query)
  }
  assert.deepEqual(handlesOf(await ana.page(search('instance'))), [])
  assert.deepEqual(handlesOf(await ana.page(search('@instance@skerry.test'))), [])
})

test('VIS-13: only public posts make a tag findable, and the words of posts find none of whoever did not ask for it, but for whom they name', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  await write(ana, { text: 'Look at the #tidepool, marker-one' })
  await write(ana, { text: 'Quietly #tideunlisted marker-two', visibility: 'unlisted' })
  await write(ana, { text: 'For you #tidefollowers marker-three', visibility: 'followers' })
  await write(ana, { text: '@bo #tidedirect marker-four', visibility: 'direct' })
  for (const person of [bo, instance.guest()]) {
    for (const query of ['tide', '#tide', '#TIDE']) {
      const html = await person.page(search(query))
      assert.match(html, /href="\/tags\/tidepool">#tidepool/)
      assert.doesNotMatch(html, /tideunlisted|tidefollowers|tidedirect/)
    }
    const found = (await person.page(search('marker'))).replaceAll(/value="marker"|“marker”|q&#x3D;marker/g, '')
    assert.doesNotMatch(found, person === bo ? /marker-(?!four)/ : /marker-/)
  }
  const own = await ana.page(search('MARKER you'))
  assert.match(own, /marker-three/)
  assert.doesNotMatch(own, /marker-one/)
  assert.match(await ana.page(search('marker')), /marker-four/)
})

test('a pasted handle or address is looked up at its server for those signed in, and can be followed', async (t) => {
  const instance = await startInstance(t)
  const peer = await remote(t, instance, 'remote.test')
  const cleo = await peer.actor('cleo')
  const note = cleo.note('Low tide at nine')
  const ana = await instance.as('ana')

  const guest = instance.guest()
  for (const query of ['@cleo@remote.test', cleo.uri, note.id]) {
    const html = await guest.page(search(query))
    assert.match(html, /href="\/sign-in\?next&#x3D;%2Fsearch%3Fq%3D/)
    assert.doesNotMatch(html, /class="steps"/)
  }
  assert.deepEqual(peer.requests, [], 'nobody is asked for strangers')

  const found = await ana.page(search('@cleo@remote.test'))
  assert.deepEqual(handlesOf(found), ['@cleo@remote.test'])
  const action = /action="(\/accounts\/\d+\/follow)"/.exec(found)?.[1]
  assert.ok(action)
  const followed = await ana.submit(action, { returnTo: search('@cleo@remote.test') })
  assert.equal(followed.statusCode, 303)
  assert.match(await ana.page('/@cleo@remote.test'), /Cancel request/)
  await instance.runJobs()
  assert.deepEqual(
    peer.received.map(({ activity }) => activity.type),
    ['Follow']
  )

  for (const query of [cleo.uri, 'cleo@remote.test', 'acct:cleo@remote.test'])
    assert.deepEqual(handlesOf(await ana.page(search(query))), ['@cleo@remote.test'], query)
  assert.match(await ana.page(search(note.id)), /Low tide at nine/)
  // Now that they are known here, strangers find them too.
  assert.deepEqual(handlesOf(await guest.page(search('@cleo@remote.test'))), ['@cleo@remote.test'])
  assert.match(await guest.page(search(note.id)), /Low tide at nine/)
})

test('what could not be looked up says what was tried; the details are for moderators', async (t) => {
  const instance = await startInstance(t)
  const peer = await remote(t, instance, 'remote.test')
  peer.documents.set('/broken', { status: 502 })
  const ana = await instance.as('ana')
  const mo = await instance.as('mo', { role: 'moderator' })
  const html = await ana.page(search('@nobody@remote.test'))
  assert.match(
    textOf(html),
    /What was tried Asked remote\.test by WebFinger who @nobody@remote\.test is: failed Its server says that nothing is there/
  )
  assert.doesNotMatch(html, /answered 404/)
  assert.match(textOf(await mo.page(search('https://remote.test/broken'))), /failed .*502/)
  assert.match(
    textOf(await ana.page(search('https://remote.test/broken'))),
    /failed Its server is busy or has trouble|failed It failed a moment ago/
  )
  assert.match(textOf(await ana.page(search('https://nowhere.test/x'))), /failed The server could not be reached/)
})

test('what failed a moment ago is asked again at once by whoever says so', async (t) => {
  const instance = await startInstance(t)
  const peer = await remote(t, instance, 'remote.test')
  const nora = await peer.actor('nora')
  const note = nora.note('<p>Back again</p>')
  const document = peer.documents.get(new URL(note.id).pathname)
  peer.documents.set(new URL(note.id).pathname, { status: 503 })
  const ana = await instance.as('ana')
  const failed = await ana.page(search(note.id))
  assert.match(textOf(failed), /Its server is busy or has trouble of its own.*Try again/)
  assert.match(failed, /action="\/search\/again"/)
  if (document === undefined) peer.documents.delete(new URL(note.id).pathname)
  else peer.documents.set(new URL(note.id).pathname, document)
  assert.doesNotMatch(await ana.page(search(note.id)), /Back again/)
  const again = await ana.submit('/search/again', { q: note.id })
  assert.deepEqual([again.statusCode, again.headers.location], [303, search(note.id)])
  assert.match(await ana.page(search(note.id)), /Back again/)
})

test('odd input is answered in words', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  for (const query of [
    '@',
    '@@',
    '#',
    '%',
    '\\',
    "'",
    '@x@',
    'a@b@c',
    'http://',
    'https://%',
    'javascript:alert(1)',
    '<b>',
    '"',
    '\u202e',
    'ana '.repeat(300)
  ]) {
    for (const person of [ana, instance.guest()]) {
      const response = await person.get(search(query))
      assert.equal(response.statusCode, 200, query)
    }
  }
  assert.equal((await ana.get(search('x'.repeat(3_000)))).statusCode, 422)
  assert.equal((await ana.get('/search?q=a&q=b')).statusCode, 200)
  assert.equal((await ana.get('/search?q=a&before=x')).statusCode, 422)
  assert.equal((await ana.get('/search')).statusCode, 200)
})
