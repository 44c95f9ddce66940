import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { suspendAccount } from '#server/moderation/suspend-account.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { textOf } from '#test/helpers/html.ts'
import { addRemoteAccount, pictureOf, write } from '#test/web/world.ts'

test('a profile shows who somebody is and what they wrote, by kinds', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  await ana.submit('/settings/profile', {
    displayName: 'Ana Lind',
    note: 'Bees and boats.',
    isDiscoverable: 'yes',
    'fieldName-1': 'Boat',
    'fieldValue-1': 'Maren'
  })
  const first = await write(ana, { text: 'Kettle on' })
  await write(ana, { text: '@bo yes indeed', replyTo: String(await write(bo, { text: 'Fog?' })) })
  await write(ana, { text: 'Look at this', images: pictureOf('boat.png') })

  const guest = instance.guest()
  const page = await guest.page('/@ana')
  assert.match(textOf(page), /Ana Lind @ana .*Bees and boats\. .*Boat Maren 3 posts 0 following 0 followers Joined/)
  assert.match(page, /<title>Ana Lind \(@ana\) · /)
  assert.match(page, /<link rel="alternate" type="application\/activity\+json" href="https:\/\/skerry\.test\/@ana">/)
  assert.match(page, /<link rel="canonical" href="https:\/\/skerry\.test\/@ana">/)
  assert.match(page, /Kettle on/)
  assert.doesNotMatch(page, /yes indeed/)
  assert.doesNotMatch(page, /<button class="button button-primary"/)
  const replies = await guest.page('/@ana/replies')
  assert.match(replies, /yes indeed/)
  assert.match(replies, /Kettle on/)
  const media = await guest.page('/@ana/media')
  assert.match(media, /Look at this/)
  assert.doesNotMatch(media, new RegExp(`post-${first}`))
  assert.match(await ana.page('/@ana'), /href="\/settings\/profile">Edit profile/)
})

test('MOV-08: every other way to write a handle of ours leads to the one address', async (t) => {
  const instance = await startInstance(t, { handleDomain: 'handles.test' })
  await instance.as('ana')
  const guest = instance.guest()
  for (const path of ['/@Ana', '/@ANA', '/@ana@skerry.test', '/@Ana@SKERRY.test', '/@ana@handles.test', '/@Ana%40skerry.test']) {
    const response = await guest.get(path)
    assert.equal(response.statusCode, 301, path)
    assert.equal(response.headers.location, '/@ana', path)
  }
  assert.equal((await guest.get('/@ANA/replies?before=7')).headers.location, '/@ana/replies?before=7')
  assert.equal((await guest.get('/@ANA/followers')).headers.location, '/@ana/followers')
  for (const path of ['/@nobody', '/@', '/@ana@', '/@ana@elsewhere.test', '/@Instance', '/@ana/nothing']) {
    assert.equal((await guest.get(path)).statusCode, 404, path)
  }
})

test('a profile of another server has a page here, with its port, and is no document of ours', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await addRemoteAccount(instance, 'Cleo', 'blue.localhost:3002', {
    displayName: 'Cleo',
    bioHtml: '<p>Tides</p>',
    url: 'https://blue.localhost:3002/@Cleo'
  })
  const page = await ana.page('/@Cleo@blue.localhost:3002')
  assert.match(textOf(page), /Cleo @Cleo@blue\.localhost:3002/)
  assert.match(textOf(page), /0 posts known here/)
  assert.match(page, /href="https:\/\/blue\.localhost:3002\/@Cleo"/)
  assert.match(page, /aria-label="Follow @Cleo@blue\.localhost:3002"/)
  assert.match(page, /<meta name="robots" content="noindex">/)
  assert.doesNotMatch(page, /rel="canonical"/)
  const other = await ana.get('/@cleo@BLUE.localhost:3002')
  assert.equal(other.headers.location, '/@Cleo@blue.localhost:3002')
  const document = await instance.guest().get('/@Cleo@blue.localhost:3002', { accept: 'application/activity+json' })
  assert.equal(document.statusCode, 404)
  assert.equal((await ana.get('/@Cleo@blue.localhost:3002/followers')).headers.location, '/@Cleo@blue.localhost:3002')
})

test('who is signed in has unknown handles looked up; strangers are told that nothing is there', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const response = await ana.get('/@dara@elsewhere.test')
  assert.equal(response.statusCode, 303)
  assert.equal(response.headers.location, '/search?q=%40dara%40elsewhere.test')
  assert.equal((await instance.guest().get('/@dara@elsewhere.test')).statusCode, 404)
})

test('the page and the document of one address vary by what is accepted', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  const guest = instance.guest()
  for (const path of ['/@ana', '/@ana/followers', '/@ana/following']) {
    const page = await guest.get(path)
    assert.match(String(page.headers['content-type']), /^text\/html/, path)
    assert.match(String(page.headers.vary), /\bAccept\b/, path)
    assert.match(String(page.headers['cache-control']), /private/, path)
    const document = await guest.get(path, { accept: 'application/activity+json' })
    assert.match(String(document.headers['content-type']), /^application\/activity\+json/, path)
    assert.match(String(document.headers.vary), /\bAccept\b/, path)
  }
  const outbox = await guest.get('/@ana/outbox')
  assert.deepEqual([outbox.statusCode, outbox.headers.location], [303, '/@ana'])
  assert.match(String(outbox.headers.vary), /\bAccept\b/)
  assert.equal((await guest.get('/@ana/outbox', { accept: 'application/activity+json' })).json().type, 'OrderedCollection')
})

test('suspended people are gone from their pages, erased ones for good', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  await ana.submit('/settings/profile', { displayName: 'Ana Lind', isDiscoverable: 'yes' })
  const postId = await write(ana, { text: 'Kettle on' })
  await bo.submit(`/accounts/${ana.account.id}/follow`)
  await suspendAccount(ctx, { kind: 'operator' }, { accountId: ana.account.id, reason: 'test' })
  for (const path of ['/@ana', '/@ana/replies', '/@ana/media', '/@ana/followers', '/@ana/following', `/@ana/${postId}`, '/@ANA']) {
    const response = await bo.get(path)
    assert.equal(response.statusCode, 404, path)
    assert.doesNotMatch(response.body, /Ana Lind|Kettle/, path)
  }
  assert.doesNotMatch(await bo.page('/@bo/following'), /@ana/)
  await ctx.transact(async (tx) => {
    await tx.update(accounts).set({ suspendedAt: null, deletedAt: tx.now, displayName: '' }).where(eq(accounts.id, ana.account.id))
  })
  for (const path of ['/@ana', '/@ana/replies', '/@ana/media', '/@ana/followers', '/@ana/following'])
    assert.equal((await bo.get(path)).statusCode, 410, path)
})

test('a block in either direction leaves a profile without posts, and says why', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  await write(ana, { text: 'Kettle on' })
  await bo.submit(`/accounts/${ana.account.id}/block`)
  const blocker = await bo.page('/@ana')
  assert.doesNotMatch(blocker, /Kettle on/)
  assert.match(textOf(blocker), /You have blocked this account/)
  assert.match(blocker, /aria-label="Unblock @ana"/)
  await bo.submit(`/accounts/${ana.account.id}/unblock`)
  assert.match(await bo.page('/@ana'), /Kettle on/)

  await ana.submit(`/accounts/${bo.account.id}/block`)
  const blocked = await bo.page('/@ana')
  assert.doesNotMatch(blocked, /Kettle on/)
  assert.match(textOf(blocked), /does not want you to see its posts/)
  assert.doesNotMatch(blocked, /aria-label="Follow @ana"/)
  assert.equal((await bo.get('/@ana/followers')).statusCode, 404)
})

test('locked accounts are asked, moved ones point on, and staff is told by role', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana', { role: 'moderator' })
  const bo = await instance.as('bo')
  await ana.submit('/settings/profile', { displayName: 'Admin ✓', isLocked: 'yes', isDiscoverable: 'yes' })
  const page = await bo.page('/@ana')
  assert.match(page, /aria-label="Request to follow @ana"/)
  assert.match(textOf(page), /@ana Moderator Approves followers/)
  await bo.submit('/settings/profile', { displayName: 'Owner', isDiscoverable: 'yes' })
  assert.doesNotMatch(await ana.page('/@bo'), /<span class="tag">(Owner|Admin|Moderator)/)

  await addRemoteAccount(instance, 'cleo', 'new.test')
  await addRemoteAccount(instance, 'cleo', 'old.test', { movedToUri: 'https://new.test/users/cleo' })
  await addRemoteAccount(instance, 'dara', 'old.test', { movedToUri: 'https://nowhere.test/users/dara' })
  await addRemoteAccount(instance, 'eve', 'old.test', {
    movedToUri: 'javascript://new.test/%0aalert(1)',
    url: 'javascript://old.test/%0aalert(1)'
  })
  const moved = await bo.page('/@cleo@old.test')
  assert.match(textOf(moved), /has moved to another address: @cleo@new\.test/)
  assert.match(moved, /href="\/@cleo@new\.test"/)
  assert.doesNotMatch(moved, /aria-label="Follow @cleo@old/)
  assert.match(await bo.page('/@dara@old.test'), /href="\/search\?q&#x3D;https%3A%2F%2Fnowhere\.test%2Fusers%2Fdara"/)
  assert.doesNotMatch(await bo.page('/@eve@old.test'), /href="javascript/)
})

test('followers-only and direct posts show on a profile to those they are for', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const bo = await instance.as('bo')
  await write(ana, { text: 'for everybody' })
  await write(ana, { text: 'quietly', visibility: 'unlisted' })
  await write(ana, { text: 'for followers', visibility: 'followers' })
  await write(ana, { text: '@bo for you', visibility: 'direct' })
  const guest = await instance.guest().page('/@ana')
  assert.match(guest, /for everybody/)
  assert.match(guest, /quietly/)
  assert.doesNotMatch(guest, /for followers|for you</)
  const carol = await instance.as('carol')
  assert.doesNotMatch(await carol.page('/@ana/replies'), /for followers|for you</)
  await bo.submit(`/accounts/${ana.account.id}/follow`)
  assert.match(await bo.page('/@ana'), /for followers/)
})
