import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'
import { type Fields, type Guest, testPassword } from '#test/helpers/people.ts'

/** The ids of the fields beside which a page says that something is wrong. */
function faultsOf(html: string): string[] {
  return [...html.matchAll(/<p class="field-error" id="(?:field-|filter-|emoji-)?([^"]+)-error"/g)].map((match) => match[1]!)
}

async function refused(who: Guest, path: string, fields: Fields, wrong: string[]): Promise<void> {
  const { statusCode, body } = await who.submit(path, fields)
  assert.equal(statusCode, 422, path)
  assert.deepEqual(faultsOf(body).toSorted(), wrong.toSorted(), path)
  // One place has the focus: the sentence above the form.
  assert.match(body, /<p class="flash flash-bad"[^>]* autofocus>/, path)
  assert.equal(body.match(/ autofocus[ >]/g)?.length, 1, path)
}

test('a form with several wrong fields names each beside it, at once', async (t) => {
  const instance = await startInstance(t, { config: { instance: { signUp: 'approval' } } })
  const ana = await instance.as('ana', { role: 'owner' })
  const bo = await instance.as('bo')
  const guest = instance.guest()
  const long = 'x'.repeat(3_000)

  await refused(guest, '/sign-up', { name: 'ana', email: 'nonsense', password: 'short', reason: '' }, [
    'name',
    'email',
    'password',
    'reason',
    'consent'
  ])
  await refused(ana, '/settings/profile', { displayName: long, note: long, 'fieldName-2': long, 'fieldValue-3': long }, [
    'displayName',
    'note',
    'fieldName-2',
    'fieldValue-3'
  ])
  await refused(ana, '/settings/password', { currentPassword: 'not mine at all', newPassword: 'short' }, [
    'current-password',
    'newPassword'
  ])
  await refused(ana, '/settings/email', { newEmail: 'nonsense', password: 'not mine at all' }, ['newEmail', 'email-password'])
  await refused(bo, '/settings/account/deletion', { name: 'cleo', password: 'not mine at all' }, ['name', 'password'])
  await refused(ana, '/settings/filters', { title: '', action: 'hide', keyword1: long, keyword2: long }, [
    'title',
    'keyword1',
    'keyword2',
    'places'
  ])
  await refused(
    ana,
    '/admin/settings',
    { name: '', contactEmail: 'nonsense', postCharactersMax: 'many', signUp: 'open', timeZone: 'UTC' },
    ['name', 'contactEmail', 'postCharactersMax']
  )
  await refused(
    ana,
    '/admin/retention',
    { strangerPostDays: 'x', followedPostDays: '-1', remotePostsMax: '', pictureDays: '30', strangerAccountDays: '7' },
    ['strangerPostDays', 'followedPostDays', 'remotePostsMax', 'strangerAccountDays']
  )
  await refused(ana, '/admin/invites', { uses: '0', days: '900' }, ['uses', 'days'])
  await refused(ana, '/admin/domains', { domain: 'no domain', severity: 'silence', reason: '' }, ['domain', 'reason'])
  await refused(ana, '/admin/welcome', { text: long, handles: '@nobody', tags: '!' }, ['text', 'handles', 'tags'])
  await refused(ana, '/admin/emoji', { shortcode: 'a b', category: long, alt: long }, ['shortcode', 'category', 'alt', 'image'])
})

test('a form with one wrong field has the focus there, and no sentence above it', async (t) => {
  const instance = await startInstance(t, { config: { instance: { signUp: 'open' } } })
  const typed = { name: 'bo', email: 'bo@mail.test', password: testPassword }
  const { body, statusCode } = await instance.guest().submit('/sign-up', typed)
  assert.equal(statusCode, 422)
  assert.deepEqual(faultsOf(body), ['consent'])
  assert.match(body, /<input type="checkbox" id="field-consent"[^>]* autofocus/)
  assert.doesNotMatch(body, /flash-bad/)
})
