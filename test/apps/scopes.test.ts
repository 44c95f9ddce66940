// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formTargetOf, mayRedirectTo, placeOf, withParameters } from '#server/apps/redirect-uris.ts'
import { holds, isForStaff, readScopes, type Scope, scopes, staysWithin, widestOf } from '#server/apps/scopes.ts'
import { scopeWords } from '#server/web/views/describe-app.ts'
import { viewsOfTests } from '#test/helpers/views.ts'

test('a wide scope holds those within it and no other', () => {
  const held: [Scope, Scope[]][] = [
    ['read', scopes.filter((scope) => scope === 'read' || scope.startsWith('read:'))],
    ['write', scopes.filter((scope) => scope === 'write' || scope.startsWith('write:'))],
    ['follow', ['read:blocks', 'read:follows', 'read:mutes', 'write:blocks', 'write:follows', 'write:mutes', 'follow']],
    ['admin:read', scopes.filter((scope) => scope.startsWith('admin:read'))],
    ['read:accounts', ['read:accounts']],
    ['profile', ['profile']]
  ]
  for (const [wide, narrow] of held)
    assert.deepEqual(
      scopes.filter((scope) => holds([wide], scope)),
      scopes.filter((scope) => narrow.includes(scope)),
      wide
    )
  assert.ok(staysWithin(['read:accounts', 'push'], ['read', 'push']))
  assert.ok(!staysWithin(['read'], ['read:accounts', 'read:statuses']), 'parts do not make the whole')
  assert.ok(scopes.filter(isForStaff).every((scope) => !holds(['read', 'write', 'follow', 'push', 'profile'], scope)))
})

test('a text of scopes is read whole or not at all', () => {
  assert.deepEqual(readScopes('write read  read\nfollow'), ['read', 'write', 'follow'])
  for (const text of ['', ' ', 'read everything', 'READ', 'read:', 'read,write', 'read '.repeat(500)])
    assert.equal(readScopes(text), undefined, text)
})

test('what each scope allows is said in words, once', () => {
  const t = viewsOfTests().messages.translator('en', { timeZone: 'UTC' })
  const said = scopes.flatMap((scope) => scopeWords([scope], t))
  assert.equal(new Set(said).size, scopes.length)
  assert.ok(said.every((words) => /^[A-Z][^_:]+/.test(words)))
  assert.deepEqual(widestOf(['read', 'read:accounts', 'write:statuses', 'push']), ['read', 'write:statuses', 'push'])
})

test('an address an app is led to keeps what it holds, byte for byte', () => {
  const said = { code: 'a', state: 'ü&', none: undefined }
  const led: [string, string][] = [
    [
      'https://elk.zone/api/a.test/oauth/https%3A%2F%2Felk.zone',
      'https://elk.zone/api/a.test/oauth/https%3A%2F%2Felk.zone?code=a&state=%C3%BC%26'
    ],
    ['https://c.test/cb?x=%7e&y', 'https://c.test/cb?x=%7e&y&code=a&state=%C3%BC%26'],
    ['https://c.test/cb?', 'https://c.test/cb?code=a&state=%C3%BC%26'],
    ['lantern://', 'lantern://?code=a&state=%C3%BC%26']
  ]
  for (const [uri, expected] of led) {
    assert.ok(mayRedirectTo(uri), uri)
    assert.equal(withParameters(uri, said), expected)
  }
  assert.deepEqual(placeOf('https://C.test:444/cb'), { kind: 'site', name: 'c.test:444' })
  assert.deepEqual(placeOf('lantern://x'), { kind: 'device', name: 'lantern:' })
  assert.deepEqual(placeOf('http://[::1]:80/x'), { kind: 'device', name: '[::1]' })
  assert.deepEqual(['https://c.test/x', 'http://127.0.0.1:5173/x', 'lantern://x', 'urn:ietf:wg:oauth:2.0:oob'].map(formTargetOf), [
    'https:',
    'http://127.0.0.1:5173',
    'lantern:',
    undefined
  ])
})
