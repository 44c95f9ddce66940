import { dialectOfProcess } from '#db/dialect.ts'
import type { Fields } from '#test/helpers/people.ts'
import { testPassword } from '#test/helpers/people.ts'
import type { PageField } from '#test/web/bad-input/forms.ts'
import { imageBytesMax } from '#test/web/bad-input/world.ts'

type Value = Fields[string]

export interface BadValue {
  name: string
  value: Value
}

const long = 'x'.repeat(100_000)
/** NUL, other controls, half of a pair, embeddings and overrides, zero width, many marks. */
const strange = `a\0b\u0007c\ud800d\u202ee\u2066f\u200bg\ufeffh${'i\u0301'.repeat(40)}`
export const code = `'; drop table posts; -- "><script>alert(1)</script> {{this}} \${7*7} {0} %s%n \\`
const numbers = ['-1', '99999999999999999999', '1e309']

const forTexts: BadValue[] = [
  { name: 'nothing', value: '' },
  { name: '100,000 characters', value: long },
  { name: 'controls and half characters', value: strange },
  { name: 'code', value: code },
  { name: 'twice', value: ['one', code] },
  ...numbers.map((value) => ({ name: `the number ${value}`, value }))
]

const forChoices: BadValue[] = [
  { name: 'nothing', value: '' },
  { name: 'an unknown choice', value: 'constructor' },
  { name: '100,000 characters', value: long },
  { name: 'code', value: code },
  { name: 'twice', value: ['one', 'two'] }
]

const file = (bytes: Buffer, filename = 'a.png') => ({ filename, type: 'image/png', bytes })

const forFiles: BadValue[] = [
  { name: 'a text where a file should be', value: code },
  { name: 'no picture at all', value: file(Buffer.from(code)) },
  { name: 'a picture cut short', value: file(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')) },
  { name: 'a file with a strange name', value: file(Buffer.from('x'), `../../${'n'.repeat(300)}\u202e.png`) },
  { name: 'a file too large', value: file(Buffer.alloc(imageBytesMax + 1, 1)) },
  { name: 'more files than a form has', value: Array.from({ length: 9 }, () => file(Buffer.from('x'))) as never }
]

/**
 * What is refused, or read as something else, before any query is asked: it comes to the same whichever database stands behind, and is tried on
 * SQLite. PostgreSQL gets what may come as far as a statement: characters it does not take, numbers and texts beyond its own bounds, code.
 */
const endsBeforeQueries = new Set([
  'nothing',
  'twice',
  'the number 1e309',
  ...forFiles.map(({ name }) => name).filter((name) => name !== 'a file with a strange name')
])

function ofThisDatabase(values: BadValue[]): BadValue[] {
  return dialectOfProcess() === 'sqlite' ? values : values.filter(({ name }) => !endsBeforeQueries.has(name))
}

/** What a field is filled with, by what kind of field it is. */
export function badValuesFor({ name, kind }: PageField): BadValue[] {
  // These two stand in every form, and one place reads them.
  if (name === 'csrf' || name === 'returnTo') return ofThisDatabase(forTexts.slice(0, 4))
  if (kind === 'file') return ofThisDatabase(forFiles)
  return ofThisDatabase(['select', 'radio', 'checkbox', 'button'].includes(kind) ? forChoices : forTexts)
}

let count = 0

/** A form as somebody fills it who means well, but for the csrf token. Choices stand as the page offers them. */
export function wellMeant(fields: readonly PageField[]): Fields {
  const typed = fields.filter(({ name, kind }) => name !== 'csrf' && kind !== 'file' && kind !== 'button' && !isOfPicture(name))
  return Object.fromEntries(typed.map((field) => [field.name, wordsFor(field)]))
}

/** A picture that was uploaded goes with the first post that names it. */
export function isOfPicture(name: string): boolean {
  return /^media\d*$/.test(name) || /^(alt|focus)-\d+$/.test(name)
}

function wordsFor({ name, kind, value }: PageField): string {
  if (kind === 'password') return testPassword
  if (kind === 'hidden' || value !== '') return value
  // What is not asked to wait goes out at once.
  if (kind === 'datetime-local') return ''
  if (kind === 'email') return `new${++count}@other.test`
  if (name === 'domain') return `other${++count}.test`
  return name === 'name' ? `word${++count}` : 'Words'
}

/** As above: of the bodies PostgreSQL gets those that are forms. */
export function badBodiesHere(csrf: string): ReturnType<typeof badBodies> {
  const areForms = new Set(['an empty form', 'too many fields', 'names of objects'])
  return badBodies(csrf).filter(({ name }) => dialectOfProcess() === 'sqlite' || areForms.has(name))
}

/** Bodies that are no form, or no whole one: type, bytes, and what is wrong with them. */
function badBodies(csrf: string): { name: string; type: string; payload: string | Buffer }[] {
  const urlencoded = 'application/x-www-form-urlencoded'
  const multipart = 'multipart/form-data; boundary=b'
  const part = (head: string, body: string) => `--b\r\ncontent-disposition: form-data; ${head}\r\n\r\n${body}\r\n`
  const own = part('name="csrf"', csrf)
  const many = Array.from({ length: 1_000 }, (_, at) => at)
  return [
    { name: 'an empty form', type: urlencoded, payload: `csrf=${csrf}` },
    { name: 'no body', type: urlencoded, payload: '' },
    { name: 'no token', type: urlencoded, payload: 'text=x' },
    { name: 'a body above every limit', type: urlencoded, payload: `csrf=${csrf}&text=${'x'.repeat(2 * 1024 ** 2)}` },
    { name: 'too many fields', type: urlencoded, payload: `csrf=${csrf}&${many.map((at) => `f${at}=x`).join('&')}` },
    { name: 'names of objects', type: urlencoded, payload: `csrf=${csrf}&__proto__=x&constructor=x&toString=x&a%5Bb%5D=x&a.b=x` },
    { name: 'json', type: 'application/json', payload: JSON.stringify({ csrf, text: 'x' }) },
    { name: 'json cut short', type: 'application/json', payload: '{"csrf"' },
    { name: 'plain text', type: 'text/plain', payload: `csrf=${csrf}` },
    { name: 'xml', type: 'application/xml', payload: '<a/>' },
    { name: 'a type that is none', type: 'nonsense', payload: 'x' },
    { name: 'multipart without a boundary', type: 'multipart/form-data', payload: own },
    { name: 'multipart cut short', type: multipart, payload: `${own}--b\r\ncontent-disp` },
    { name: 'multipart that is nonsense', type: multipart, payload: 'nonsense' },
    {
      name: 'multipart with too many fields',
      type: multipart,
      payload: `${own}${many.map((at) => part(`name="f${at}"`, 'x')).join('')}--b--\r\n`
    },
    { name: 'multipart without names', type: multipart, payload: `${own}${part('filename="a"', 'x')}--b--\r\n` },
    { name: 'a file where none is taken', type: multipart, payload: `${own}${part('name="nowhere"; filename="a.png"', 'x')}--b--\r\n` },
    {
      name: 'a file too large',
      type: multipart,
      payload: `${own}${part('name="nowhere"; filename="a.png"', 'x'.repeat(imageBytesMax + 1))}--b--\r\n`
    }
  ]
}

/** What a query may say of a page: cursors, numbers, words to search for (DOS-09, DOS-10). */
const badQueries: [name: string, values: string[]][] = [
  ['before', ['abc', '-1', '0', '1.5', '99999999999999999999', '9007199254740993', '%00', '', '%27', '1&before=x', '%ED%A0%80']],
  ['after', ['abc', '-1', '99999999999999999999', '%00', long.slice(0, 5_000)]],
  ['page', ['-1', 'abc', '1e9']],
  ['limit', ['1000000000', '-1', 'abc']],
  ['max_id', ['abc', '99999999999999999999']],
  [
    'q',
    [
      '%25',
      '_',
      '%22',
      '*',
      '^',
      '(',
      'NEAR(',
      'a NEAR/2 b',
      '%22a',
      'a:b',
      '-a',
      'AND',
      'a OR',
      '{a b}:c',
      '.*(a%2B)%2B$',
      '%5C',
      '%00',
      '%ED%A0%80',
      '%FF',
      '%23',
      '@',
      '@@',
      '@a@b@c',
      'https://',
      'https://%5B',
      'a&q=b',
      encodeURIComponent(code),
      'x'.repeat(10_000),
      `%25${'x%20'.repeat(500)}`
    ]
  ],
  ['domain', ['%00', encodeURIComponent(code)]],
  ['act', ['constructor', 'x'.repeat(1_000)]],
  ['state', ['constructor', '']],
  ['origin', ['__proto__']],
  ['next', ['//evil.test', 'https://evil.test', '%00']],
  ['invite', ['x'.repeat(5_000), 'a&invite=b']],
  ['upTo', ['abc', '-1']],
  ['__proto__', ['x']]
]

/** Parameters of an address that lead nowhere. */
const badParameters = [
  'abc',
  '-1',
  '0',
  '1',
  '1.5',
  '1e3',
  '0x10',
  '9007199254740993',
  '99999999999999999999',
  '%D9%A1%D9%A2',
  '%20',
  '%00',
  '%ff',
  '%ED%A0%80',
  '..',
  '..%2f..',
  'constructor',
  '%E2%80%AE',
  '%27%3B--',
  'x'.repeat(500),
  'x'.repeat(2_000)
]

/** Bytes that are no text, numbers about and beyond the bounds, code, and texts longer than an index takes: what a database may answer in its own way. */
const mayReachQueries = /%00|%ff|%ED%A0%80|^-1$|^0$|^\d{16}|^1e|%27|x{500}/i
/** Where words are looked for, each database reads them in its own way. */
const looksForWords = /search|completions|directory|explore|accounts|audit|domains|tags/

/** What one route is asked with in its query. */
export function badQueriesFor(url: string): [name: string, value: string][] {
  const all = badQueries.flatMap(([name, values]) => values.map((value): [string, string] => [name, value]))
  if (dialectOfProcess() === 'sqlite') return all
  return all.filter(([name, value]) => mayReachQueries.test(value) || (name === 'q' && looksForWords.test(url)))
}

export function badParametersHere(): string[] {
  return badParameters.filter((parameter) => dialectOfProcess() === 'sqlite' || mayReachQueries.test(parameter))
}
