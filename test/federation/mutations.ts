import fc from 'fast-check'
import { everybody } from '#test/helpers/remote.ts'

type Json = Record<string, unknown>

const as = 'https://www.w3.org/ns/activitystreams'

/** Sound activities of somebody, about posts of their own and of others; every word of ours stands in one of them. */
export function soundActivities(actor: string, { post, person }: { post: string; person: string }): Json[] {
  const origin = new URL(actor).origin
  const note = {
    id: `${origin}/notes/1`,
    type: 'Note',
    attributedTo: actor,
    name: 'A name',
    content: '<p>Hello <a href="https://a.test/x">x</a></p>',
    contentMap: { en: '<p>Hello</p>' },
    summary: 'warning',
    sensitive: true,
    published: '2026-11-20T10:00:00Z',
    updated: '2026-11-20T11:00:00Z',
    inReplyTo: post,
    url: `${origin}/@x/1`,
    to: [everybody],
    cc: [`${actor}/followers`, person],
    tag: [
      { type: 'Mention', href: person, name: '@alice' },
      { type: 'Hashtag', href: `${origin}/tags/tide`, name: '#tide' },
      { type: 'Emoji', id: `${origin}/e/1`, name: ':blob:', icon: { type: 'Image', mediaType: 'image/png', url: `${origin}/e.png` } }
    ],
    attachment: [
      { type: 'Document', mediaType: 'image/png', url: `${origin}/1.png`, name: 'alt', width: 10, height: 10, focalPoint: [0, 1] }
    ],
    replies: { id: `${origin}/notes/1/replies`, type: 'Collection' },
    interactionPolicy: { canQuote: { automaticApproval: [everybody] } },
    quote: post
  }
  const question = {
    ...note,
    type: 'Question',
    endTime: '2026-12-20T10:00:00Z',
    votersCount: 3,
    oneOf: [1, 2].map((n) => ({ type: 'Note', name: `o${n}`, replies: { type: 'Collection', totalItems: n } }))
  }
  const person2 = {
    id: actor,
    type: 'Person',
    preferredUsername: 'ana',
    name: 'Ana',
    summary: '<p>x</p>',
    inbox: `${actor}/inbox`,
    outbox: `${actor}/outbox`,
    followers: `${actor}/followers`,
    icon: { type: 'Image', url: `${origin}/i.png` },
    attachment: [{ type: 'PropertyValue', name: 'a', value: 'b' }],
    endpoints: { sharedInbox: `${origin}/inbox` },
    publicKey: { id: `${actor}#main-key`, owner: actor, publicKeyPem: 'x' }
  }
  const act = (type: string, object: unknown, more: Json = {}) => ({
    '@context': as,
    id: `${origin}/acts/${type}`,
    type,
    actor,
    object,
    to: [everybody],
    ...more
  })
  return [
    act('Create', note),
    act('Update', { ...note, content: 'x' }),
    act('Create', question),
    act('Update', person2),
    act('Create', { id: `${origin}/notes/2`, type: 'Note', name: 'one', inReplyTo: post, attributedTo: actor, to: [person] }),
    act('Create', { ...note, id: `${origin}/notes/3`, type: 'Video', mediaType: 'text/markdown', content: '# x' }),
    act('Like', post, { content: ':blob:', tag: note.tag, _misskey_reaction: ':blob:' }),
    act('EmojiReact', post, { content: '🎉' }),
    act('Announce', post),
    act('Announce', act('Like', post)),
    act('Follow', person),
    act('Block', person, { target: post, endTime: '2027-01-01T00:00:00Z' }),
    act('Undo', act('Follow', person)),
    act('Undo', act('Like', post)),
    act('Undo', `${origin}/acts/Block`),
    act('Delete', { id: `${origin}/notes/1`, type: 'Tombstone' }),
    act('Flag', [person, post], { content: 'why' }),
    act('Add', `${origin}/notes/1`, { target: `${actor}/featured` }),
    act('Remove', `${origin}/notes/1`, { target: `${actor}/featured` }),
    act('Accept', { id: `${person}#f`, type: 'Follow', actor: person, object: actor }),
    act('Reject', `${person}#f`),
    act('Move', actor, { target: `${origin}/users/new` }),
    act('QuoteRequest', post, { instrument: { ...note, inReplyTo: undefined } }),
    act('LikeRequest', post, { instrument: { id: `${origin}/acts/Like`, type: 'Like', actor, object: post } })
  ]
}

/** Text as nobody should write it. */
const oddText = fc.constantFrom(
  '',
  ' ',
  '\u0000',
  '\ud800',
  'a\udfff\u0000b',
  '\u202e',
  'x'.repeat(70_000),
  'ü'.repeat(2_040),
  '<p>'.repeat(3_000),
  '&#0;',
  '{{x}}',
  '$ne',
  '__proto__',
  'as:Public'
)
const oddUrl = fc.constantFrom(
  'https://a.test/\ud800',
  'https://a.test/%',
  'https://[::1',
  'https://a.test:99999/',
  `https://a.test/${'ü'.repeat(2_000)}`,
  'javascript:alert(1)',
  'https://a.test/ x',
  'acct:a@b',
  '//a.test',
  'https://ana@a.test/',
  'https://A.TEST/notes/1',
  'https://xn--a.test/'
)
const oddNumber = fc.constantFrom(-1, 0, 1.5, 1e308, -1e308, 2 ** 53, 8.64e15 + 1, -8.64e15, 5e-324)
const oddDate = fc.constantFrom(
  '9999-12-31T23:59:59Z',
  '0000-01-01T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '2026-02-31T00:00:00Z',
  '+275760-09-13T00:00:00Z'
)
const odd: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  oddUrl,
  oddNumber,
  oddDate,
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    [],
    {},
    [[]],
    [null],
    [[null, []]],
    { '@value': 'x' },
    { '@id': 'https://a.test/1' },
    { id: null },
    { type: [] }
  ),
  fc.jsonValue({ maxDepth: 3 })
)

/** One change of a document somewhere in it: `at` picks the place. */
export interface Mutation {
  at: number
  how: 'replace' | 'drop' | 'list' | 'list with' | 'unlist' | 'object' | 'id' | 'add' | 'repeat' | 'deepen'
  value: unknown
  key: string
}

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    at: fc.nat({ max: 9_999 }),
    how: fc.constantFrom<Mutation['how']>(
      'replace',
      'replace',
      'drop',
      'list',
      'list with',
      'unlist',
      'object',
      'id',
      'add',
      'repeat',
      'deepen'
    ),
    value: odd,
    key: fc.oneof(
      fc.constantFrom(
        'id',
        'type',
        'actor',
        'object',
        'to',
        'content',
        'name',
        'tag',
        'url',
        'icon',
        'published',
        'attributedTo',
        'inReplyTo',
        'oneOf'
      ),
      fc.constantFrom('unknown', 'x:y', 'https://a.test/ns#z', '@id', '@type', '@graph', '@language', 'toString', 'constructor', 'length'),
      fc.string({ maxLength: 5, unit: 'binary' })
    )
  }),
  { minLength: 1, maxLength: 4 }
)

/** A copy of a document with the changes made. */
export function mutate(document: Json, changes: readonly Mutation[]): Json {
  const copy = structuredClone(document)
  for (const change of changes) {
    const places = placesIn(copy)
    const { holder, key } = places[change.at % places.length] as Place
    change.how === 'drop' ? delete holder[key] : Object.assign(holder, changedAt(holder, key, change))
  }
  return copy
}

interface Place {
  holder: Json
  key: string
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [{ holder: value as Json, key }, ...placesIn(inner)])
}

const wide = 300
const deep = 25

function changedAt(holder: Json, key: string, { how, value, key: added }: Mutation): Json {
  const old = holder[key]
  switch (how) {
    case 'list':
      return { [key]: [old] }
    case 'list with':
      return { [key]: [old, value, null] }
    case 'unlist':
      return { [key]: Array.isArray(old) ? old[0] : old }
    case 'object':
      return { [key]: { type: 'Note', id: old } }
    case 'id':
      return { [key]: typeof old === 'object' && old !== null ? ((old as Json).id ?? value) : value }
    case 'add':
      return Array.isArray(holder) ? {} : { [added]: value }
    case 'repeat':
      return { [key]: Array.from({ length: wide }, () => structuredClone(old)) }
    case 'deepen':
      return {
        [key]: Array.from({ length: deep }).reduce<unknown>((inner) => ({ type: 'Note', object: inner, content: [inner === null] }), old)
      }
    default:
      return { [key]: value }
  }
}
