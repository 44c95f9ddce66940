import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { findKeys } from '#server/peers/signing-keys.ts'
import { startWatch } from '#test/attacks/watch.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { activityStreams, everybody } from '#test/helpers/remote.ts'

const tagLetters = '\u{e0041}'.repeat(1_000)
/** A word whose end fits everywhere in a text of the same words, so that a search compares nearly all of it at each place. */
const unit = 'http://'

/** Documents of a few hundred kB whose parts cost more together than each alone. */
const told: [string, Record<string, unknown>][] = [
  [
    'sixteen long links, each looked for in a text of their own words',
    {
      content: unit.repeat(60_000),
      attachment: Array.from({ length: 16 }, (_, at) => ({ type: 'Link', href: `https://e.test/${at}${unit.repeat(280)}` }))
    }
  ],
  [
    'two hundred hashtags of letters that only name the region of a flag',
    { tag: Array.from({ length: 200 }, () => ({ type: 'Hashtag', name: `#${tagLetters}` })) }
  ],
  ['a poll of the same', { type: 'Question', oneOf: Array.from({ length: 200 }, () => ({ type: 'Note', name: tagLetters })) }],
  ['fields of the same', { attachment: Array.from({ length: 200 }, () => ({ type: 'PropertyValue', name: tagLetters, value: 'x' })) }]
]

for (const [what, fields] of told) {
  test(`JLD-12: ${what} cost no more than other documents of their size`, async (t) => {
    const world = await startWorld(t)
    const { a } = world
    await world.knowing(a)
    await a.send(a.activity('Create', a.note('warm')))
    const activity = a.activity('Create', { ...a.note('dear'), to: [everybody], ...fields })
    const watch = startWatch()
    assert.equal((await a.send(activity)).status, 202)
    await watch.hold({ turnMsMax: 120 })
  })
}

/** Documents that only JSON-LD can read, since they give a usual word another name, and that it would read for seconds. */
const riddles: [string, Record<string, unknown>][] = [
  ['thousands of contexts', { '@context': [activityStreams, ...Array.from({ length: 2_000 }, (_, at) => ({ [`word${at}`]: 'as:name' }))] }],
  [
    'a context in each of many objects',
    {
      '@context': [activityStreams, { kind: 'as:name' }],
      tag: Array.from({ length: 600 }, () => ({ '@context': [activityStreams, 'https://w3id.org/security/v1'], type: 'Mention' }))
    }
  ],
  [
    'thousands of values',
    {
      '@context': [activityStreams, { kind: 'as:name' }],
      ...Object.fromEntries(Array.from({ length: 4_000 }, (_, at) => [`https://e.test/${at}`, at]))
    }
  ]
]

for (const [what, fields] of riddles) {
  test(`JLD-12: ${what} are refused before they are put into the usual words, sent or fetched`, async (t) => {
    const world = await startWorld(t)
    const { a, instance } = world
    await world.knowing(a)
    const warm = { ...a.note('warm'), '@context': [activityStreams, { kind: 'as:name' }], kind: 'x' }
    assert.equal((await a.send(a.activity('Create', warm))).status, 202)
    const note = a.note('riddle', fields)
    const watch = startWatch()
    assert.equal((await a.send(a.activity('Create', note))).status, 400)
    await instance.ctx.fediverse.resolve(note.id)
    await watch.hold({ turnMsMax: 120 })
    assert.deepEqual(await world.saying('riddle'), [])
  })
}

/** A key that takes a hundred times as long to check with: its exponent is as long as its modulus may be for OpenSSL to go along. */
function dearPem(): string {
  const { n } = generateKeyPairSync('rsa', { modulusLength: 3_072 }).publicKey.export({ format: 'jwk' })
  const exponent = randomBytes(384)
  exponent[0] = 0x2f
  exponent[383]! |= 1
  const key = { kty: 'RSA', n, e: exponent.toString('base64url') }
  return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()
}

test('DOS-04: keys with an exponent of thousands of bits are none, and few of an actor are tried', async (t) => {
  const world = await startWorld(t)
  const { e, instance } = world
  const dear = dearPem()
  const listed = (publicKeyPem: string, at: number) => ({ id: `${e.uri}#key-${at}`, owner: e.uri, publicKeyPem })
  e.document = { ...e.document, publicKey: Array.from({ length: 10 }, (_, at) => listed(dear, at)) }
  await world.knowing(e)
  const account = await world.accountAt(e.uri)
  assert.deepEqual(await findKeys(instance.ctx.db, account!.id), [])
  assert.equal((await e.send(e.activity('Create', e.note('dear')))).status, 401)

  e.document = { ...e.document, publicKey: [e.keys.publicPem, dear, ...Array(18).fill(e.keys.publicPem)].map(listed) }
  instance.clock.advance(10 * 60_000)
  assert.equal((await e.send(e.activity('Create', e.note('usual')), { keyId: `${e.uri}#key-0` })).status, 202)
  assert.equal((await findKeys(instance.ctx.db, account!.id)).length, 3)
})
