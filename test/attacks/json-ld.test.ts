// database: none but the one that is there
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attacksInTurn } from '#test/attacks/case.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { activityStreams, everybody } from '#test/helpers/remote.ts'
import { sha256 } from '#test/helpers/sign-request.ts'

type Json = Record<string, unknown>

const creating = (world: World, fields: Json = {}, objectFields: Json = {}): Json =>
  world.a.activity('Create', world.a.note('marker', objectFields), fields)
const signature = { type: 'RsaSignature2017', creator: 'https://b.test/users/ben#main-key', signatureValue: 'AAAA' }

/** Shapes that two readers could read as two things: refused, whoever sends them. */
const refused: [string, string, (world: World) => Json][] = [
  ['JLD-01', '@graph', (world) => ({ ...world.a.activity('Announce', 'https://b.test/notes/1'), '@graph': [creating(world)], signature })],
  [
    'JLD-02',
    '@included',
    (world) => ({ ...creating(world), '@included': [world.a.activity('Announce', 'https://b.test/notes/1')], signature })
  ],
  ['JLD-02', '@reverse', (world) => ({ ...creating(world), '@reverse': { object: 'https://b.test/notes/1' } })],
  [
    'JLD-02',
    '@included under another name',
    (world) => creating(world, { '@context': [activityStreams, { more: '@included' }], more: [] })
  ],
  [
    'JLD-02',
    '@graph under another name',
    (world) => creating(world, { '@context': [activityStreams, { more: { '@id': '@graph' } }], more: [] })
  ],
  [
    'JLD-02',
    'a term that is read backwards',
    (world) => creating(world, { '@context': [activityStreams, { more: { '@reverse': 'as:object' } }], more: [] })
  ],
  ['JLD-02', 'a type under another name', (world) => creating(world, { '@context': [activityStreams, { kind: '@type' }], kind: 'Delete' })],
  [
    'JLD-03',
    'object with another meaning',
    (world) =>
      creating(world, {
        '@context': [activityStreams, { object: 'https://e.test/ns#object', real: 'as:object' }],
        real: 'https://b.test/notes/1',
        signature
      })
  ],
  ['JLD-03', 'object with no meaning', (world) => creating(world, { '@context': [activityStreams, { object: null }] })],
  [
    'JLD-03',
    'another meaning inside the object',
    (world) => creating(world, {}, { '@context': [activityStreams, { attributedTo: 'https://e.test/ns#x' }] })
  ],
  [
    'JLD-05',
    'a second actor under another name',
    (world) => creating(world, { '@context': [activityStreams, { act: 'as:actor' }], act: world.b.uri })
  ],
  ['JLD-05', 'a second actor under its prefixed name', (world) => creating(world, { 'as:actor': world.b.uri })],
  [
    'JLD-05',
    'a second actor under its full name',
    (world) => creating(world, { 'https://www.w3.org/ns/activitystreams#actor': world.b.uri })
  ],
  [
    'JLD-05',
    'a second actor through a prefix of a prefix',
    (world) => creating(world, { '@context': [activityStreams, { x: 'as:', act: 'x:actor' }], act: world.b.uri })
  ],
  ['JLD-06', 'two actors', (world) => creating(world, { actor: [world.a.uri, world.b.uri] })],
  ['JLD-06', 'two objects', (world) => creating(world, { object: [world.a.note('marker'), world.a.note('marker')] })],
  ['JLD-06', 'two types', (world) => creating(world, { type: ['Create', 'Delete'] })],
  ['JLD-06', 'two ids', (world) => creating(world, { id: ['https://a.test/1', 'https://a.test/2'] })],
  ['JLD-10', 'objects nested 40 deep', (world) => creating(world, { deep: nest(40) })],
  ['JLD-14', '__proto__ as a key', (world) => creating(world, { source: JSON.parse('{"__proto__":{"polluted":true}}') })]
]

attacksInTurn(
  'shapes that two readers could read as two things',
  refused.map(([id, sends, build]) => ({
    id,
    sends: `refused: ${sends}`,
    send: (world) => world.a.send(build(world)),
    answer: 400,
    after: () => assert.equal(({} as Json).polluted, undefined)
  }))
)

/** Bytes that are no document; they are refused by their shape alone, in no time. */
const shapes: [string, string, string][] = [
  ['JLD-10', 'an object nested 400 deep', `${'{"a":'.repeat(400)}1${'}'.repeat(400)}`],
  ['JLD-10', 'an object nested 5,000 deep', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`],
  ['JLD-11', 'lists nested 20,000 deep', '['.repeat(20_000) + ']'.repeat(20_000)],
  ['JLD-12', '20,000 values', `{"to":[${'"https://a.test/1",'.repeat(20_000)}"x"]}`],
  ['JSON', 'a key said twice', '{"actor":"https://a.test/users/ana","actor":"https://b.test/users/ben"}'],
  ['JSON', 'a key said twice in two spellings', '{"actor":"https://a.test/users/ana","\\u0061ctor":"https://b.test/users/ben"}'],
  ['JSON', 'no JSON', '{"actor":'],
  ['JSON', 'a list', '[1,2]'],
  ['JSON', 'bytes that are no UTF-8', '\xff\xfe']
]

attacksInTurn(
  'bytes that are no document',
  shapes.map(([id, sends, text]) => ({
    id,
    sends: `refused before anything is read or fetched: ${sends}`,
    send: (world) => {
      const body = Buffer.from(text, 'latin1')
      return world.servers.a.post(world.a.sign({}, { digest: `SHA-256=${sha256(body)}`, body }))
    },
    answer: 400,
    asksMax: 0,
    // Signing costs a few of them.
    bounds: { turnMsMax: 60 }
  }))
)

test('JLD-03: a prefixed document means what it says, and nothing is fetched to find out', async (t) => {
  const world = await startWorld(t)
  const { a } = world
  const note = {
    '@id': 'https://a.test/notes/ld',
    '@type': 'as:Note',
    'as:content': 'marker',
    'as:attributedTo': { '@id': a.uri },
    'as:to': { '@id': 'as:Public' }
  }
  const answer = await a.send(a.activity('Create', note))
  assert.equal(answer.status, 202, answer.text)
  assert.equal((await world.postAt('https://a.test/notes/ld'))?.visibility, 'public')
})

test('JLD-07: contexts are never fetched', async (t) => {
  const world = await startWorld(t)
  const contexts = [activityStreams, 'http://127.0.0.3:8080/ctx', 'https://e.test/ctx', 'https://a.test/schemas/litepub-0.1.jsonld']
  const answer = await world.a.send(creating(world, { '@context': contexts, 'as:summary': 'expanded' }))
  assert.equal(answer.status, 202, answer.text)
  assert.deepEqual(
    world.fetches().filter((url) => url.includes('ctx') || url.includes('schemas')),
    []
  )
})

test('JLD-12: more than 200 mentions and recipients are cut off', async (t) => {
  const world = await startWorld(t)
  const many = Array.from({ length: 600 }, (_, at) => `https://b.test/users/${at}`)
  const tag = many.map((href) => ({ type: 'Mention', href, name: '@x' }))
  const answer = await world.a.send(creating(world, {}, { tag, cc: many }))
  assert.equal(answer.status, 202, answer.text)
  assert.equal((await world.saying('marker')).length, 1)
})

const spellings = ['Public', 'as:Public', everybody]

for (const spelling of spellings) {
  test(`JLD-17: ${spelling} in to is public, in cc unlisted`, async (t) => {
    const world = await startWorld(t)
    const inTo = world.a.note('marker', { to: spelling, cc: [] })
    const inCc = world.a.note('marker', { to: [], cc: [spelling] })
    for (const note of [inTo, inCc]) assert.equal((await world.a.send(world.a.activity('Create', note))).status, 202)
    assert.equal((await world.postAt(inTo.id))?.visibility, 'public')
    assert.equal((await world.postAt(inCc.id))?.visibility, 'unlisted')
  })
}

test("JLD-17: nothing else is public, and only the author's own followers are followers", async (t) => {
  const world = await startWorld(t)
  const cases: [unknown, string][] = [
    ['https://www.w3.org/ns/activitystreams#public', 'direct'],
    ['https://e.test/Public', 'direct'],
    ['public', 'direct'],
    [`${world.a.uri}/followers`, 'followers'],
    [`${world.b.uri}/followers`, 'direct']
  ]
  for (const [to, visibility] of cases) {
    const note = world.a.note('marker', { to, cc: [] })
    assert.equal((await world.a.send(world.a.activity('Create', note))).status, 202)
    assert.equal((await world.postAt(note.id))?.visibility, visibility, String(to))
  }
})

function nest(depth: number): Json {
  return depth === 0 ? {} : { a: nest(depth - 1) }
}
