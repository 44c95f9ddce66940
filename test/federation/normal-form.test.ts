// database: none
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { readHttpDate } from '#server/federation/gate/date-window.ts'
import { findJsonFault, nestingMax, nodesMax } from '#server/federation/gate/scan-json.ts'
import { normalize, parseDocument } from '#server/federation/normal-form.ts'
import { readActivity } from '#server/federation/normal-form/read-activity.ts'
import { readActor } from '#server/federation/normal-form/read-actor.ts'
import { readObject } from '#server/federation/normal-form/read-object.ts'
import { dateOf, urlOf } from '#server/federation/normal-form/values.ts'
import { toMultibase } from '#server/federation/vocabulary/multikey.ts'

const as = 'https://www.w3.org/ns/activitystreams'
const noon = Date.UTC(2026, 10, 23, 12, 0, 0)

test('whatever JSON.parse reads, the scan lets through within its bounds, and the other way about', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => {
      const fault = findJsonFault(text)
      // A list of rules of its own: keys twice cannot come from a generator of values, __proto__ can.
      if (text.includes('__proto__')) return
      assert.equal(fault, undefined)
    })
  )
})

test('strings may hold whatever looks like structure', () => {
  const text = JSON.stringify({ a: '{"a":[[[,,,', b: '\\', c: '\\"', d: 'ends in backslash\\', 'e"f': { 'e"f': 1 } })
  assert.equal(findJsonFault(text), undefined)
  assert.equal(findJsonFault('"never closed'), 'unreadable')
  assert.equal(findJsonFault('"ends in \\"'), 'unreadable')
})

test('depth and number of values are counted to the very last', () => {
  assert.equal(findJsonFault('['.repeat(nestingMax) + ']'.repeat(nestingMax)), undefined)
  assert.equal(findJsonFault('['.repeat(nestingMax + 1)), 'too-deep')
  assert.equal(findJsonFault(`[${'1,'.repeat(nodesMax - 3)}1]`), undefined)
  assert.equal(findJsonFault(`[${'1,'.repeat(nodesMax)}1]`), 'too-many-values')
})

test('the same key in two objects is no key twice', () => {
  assert.equal(findJsonFault('[{"a":1},{"a":{"a":1}},{"b":[{"a":1}],"a":2}]'), undefined)
  assert.equal(findJsonFault('{"a":{"b":1,"b":2}}'), 'duplicate-key')
  assert.equal(findJsonFault('{"\\u005f_proto__":1}'), 'forbidden-key')
})

test('dates come as they are written in the wild, and nonsense is no date', () => {
  const spellings: unknown[] = [
    '2026-11-23T12:00:00Z',
    '2026-11-23T12:00:00.000000Z',
    '2026-11-23T13:00:00+01:00',
    '2026-11-23T12:00:00+0000',
    '2026-11-23 12:00:00 UTC',
    '2026-11-23T12:00:00',
    '2026-11-23T12:00Z',
    'Mon, 23 Nov 2026 12:00:00 GMT',
    'Mon, 23 Nov 2026 12:00:00 +0000',
    noon,
    noon / 1000,
    ['2026-11-23T12:00:00Z'],
    { '@value': '2026-11-23T12:00:00Z' }
  ]
  for (const spelling of [...spellings, '20261123T120000Z', '2026-11-23T12:00:00Z[UTC]', '2026-11-23T13:00:00+01:00[Europe/Oslo]'])
    assert.equal(dateOf(spelling), noon, String(spelling))
  for (const nonsense of [
    'yesterday',
    '',
    'foo 1',
    '2026-13-45T99:00:00Z',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    null,
    {},
    true,
    '11/23/2026'
  ])
    assert.equal(dateOf(nonsense), undefined, String(nonsense))
  assert.equal(dateOf('2026-11-23'), Date.UTC(2026, 10, 23))
  assert.equal(readHttpDate('Monday, 23-Nov-26 12:00:00 GMT'), noon)
  assert.equal(readHttpDate('2026-11-23T12:00:00Z'), undefined)
})

test('an id is an http(s) URL, byte for byte, and nothing else', () => {
  for (const good of ['https://a.test/u', 'http://localhost:4001/x#y', 'https://a.test/%C3%BC?q=ü']) assert.equal(urlOf(good), good)
  for (const bad of [
    '',
    '/u',
    'a.test/u',
    'acct:a@a.test',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://user:pw@a.test/',
    'https://a.test/ u',
    'https://a.test/\u0000',
    `https://a.test/${'x'.repeat(3000)}`,
    7,
    null
  ])
    assert.equal(urlOf(bad), undefined, String(bad))
})

test('what is a list, an object or a text reads the same', async () => {
  const one = readObject({
    type: 'Note',
    id: 'https://a.test/1',
    attributedTo: 'https://a.test/u',
    to: 'Public',
    url: 'https://a.test/p',
    content: 'x'
  })
  const other = readObject({
    type: ['Note', 'Something'],
    id: 'https://a.test/1',
    attributedTo: [{ type: 'Person', id: 'https://a.test/u' }],
    to: [{ id: `${as}#Public` }],
    url: [
      { type: 'Link', href: 'https://a.test/v.mp4', mediaType: 'video/mp4' },
      { type: 'Link', href: 'https://a.test/p', mediaType: 'text/html' }
    ],
    contentMap: { en: 'x' }
  })
  assert.deepEqual({ ...other, language: undefined }, one)
  assert.equal(other.language, 'en')
})

test('a text is in the language of the map that repeats it', () => {
  const object = readObject({ type: 'Note', content: 'zwei', contentMap: { en: 'one', de: 'zwei' } })
  assert.equal(object.language, 'de')
  assert.equal(readObject({ type: 'Page', content: 'x', language: { identifier: 'fr', name: 'Français' } }).language, 'fr')
  assert.equal(readObject({ '@context': [as, { '@language': 'und' }], type: 'Note', content: 'x' }).language, undefined)
})

test('plain text is escaped, and NUL and lone surrogates are gone', () => {
  assert.equal(
    readObject({ type: 'Page', mediaType: 'text/plain', content: '<b>a</b>\n\nb\nc' }).html,
    '<p>&lt;b&gt;a&lt;/b&gt;</p><p>b<br>c</p>'
  )
  assert.equal(readObject({ type: 'Note', content: 'a\u0000b\ud800c' }).html, 'abc')
})

test('a document without a context, with unknown ones or with the usual inline ones is read as it stands', async () => {
  const plain = { id: 'https://a.test/1', type: 'Like', actor: 'https://a.test/u', object: 'https://b.test/1' }
  const contexts = [
    undefined,
    as,
    [as, 'https://nowhere.test/context'],
    [as, { toot: 'http://joinmastodon.org/ns#', Emoji: 'toot:Emoji', sensitive: 'as:sensitive' }],
    [as, { movedTo: { '@id': 'as:movedTo', '@type': '@id' } }],
    [as, { id: '@id', type: '@type' }]
  ]
  for (const context of contexts) {
    const document = context === undefined ? plain : { '@context': context, ...plain }
    assert.equal(await normalize(document), document)
  }
})

test('expanded JSON-LD becomes the same activity', async () => {
  const expanded = [
    {
      '@id': 'https://a.test/1',
      '@type': [`${as}#Like`],
      [`${as}#actor`]: [{ '@id': 'https://a.test/u' }],
      [`${as}#object`]: [{ '@id': 'https://b.test/1' }]
    }
  ]
  const activity = readActivity(await normalize(parseDocument(Buffer.from(JSON.stringify(expanded)))))
  assert.deepEqual(
    [activity.id, activity.type, activity.actor, activity.objects[0]?.id],
    ['https://a.test/1', 'Like', 'https://a.test/u', 'https://b.test/1']
  )
})

const actor = (fields: Record<string, unknown>) =>
  readActor({ id: 'https://a.test/u', type: 'Person', preferredUsername: 'ana', inbox: 'https://a.test/u/inbox', ...fields })

test('keys come in SPKI and PKCS#1, one or many, RSA or Ed25519; what is too short or private is left out', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const edwards = generateKeyPairSync('ed25519')
  const spki = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const key = (publicKeyPem: string | Buffer) => ({ id: 'https://a.test/u#k', owner: 'https://a.test/u', publicKeyPem })
  for (const pem of [spki, rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }), `\n${spki}\n`]) {
    assert.deepEqual(
      actor({ publicKey: key(pem) }).keys.map(({ kind, publicPem }) => [kind, publicPem]),
      [['rsa', spki]]
    )
  }
  assert.equal(actor({ publicKey: [key(spki), key(edwards.publicKey.export({ type: 'spki', format: 'pem' }))] }).keys.length, 2)
  assert.deepEqual(actor({ publicKey: key(short.publicKey.export({ type: 'spki', format: 'pem' })) }).keys, [])
  assert.deepEqual(actor({ publicKey: key(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })) }).keys, [])
  assert.deepEqual(actor({ publicKey: 'https://a.test/key' }).keyUrls, ['https://a.test/key'])
})

test('a Multikey is read as it is written by us', () => {
  const { publicKey } = generateKeyPairSync('ed25519')
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const assertionMethod = [
    { id: 'https://a.test/u#ed', type: 'Multikey', controller: 'https://a.test/u', publicKeyMultibase: toMultibase(publicPem) },
    { id: 'https://a.test/u#odd', publicKeyMultibase: 'zzzz' }
  ]
  assert.deepEqual(actor({ assertionMethod }).keys, [{ id: 'https://a.test/u#ed', owner: 'https://a.test/u', kind: 'ed25519', publicPem }])
})

test('a name that cannot stand in a handle is no name', () => {
  for (const name of ['a b', 'a@b', '../a', '{{x}}', 'a/b', 'x'.repeat(101)])
    assert.throws(() => actor({ preferredUsername: name }), /handle/)
  assert.equal(actor({ preferredUsername: undefined }).name, 'u')
  assert.equal(actor({ name: 'A\u202eB\u200b' }).displayName, 'AB')
})
