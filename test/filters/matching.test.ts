import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileFilters, type FilterRule } from '#server/filters/compile-filters.ts'
import { foldText } from '#server/filters/fold-text.ts'

const seed = Number(process.env.SEED ?? 20_261_123)

function ruleOf(over: Partial<FilterRule> & { words?: string[]; parts?: string[] }): FilterRule {
  const { words = [], parts = [], ...rest } = over
  const keywords = [
    ...words.map((keyword) => ({ keyword, isWholeWord: true })),
    ...parts.map((keyword) => ({ keyword, isWholeWord: false }))
  ]
  return { title: 'a filter', action: 'warn', places: ['home'], expiresAt: null, postIds: [], keywords, ...rest }
}

const finds = (rule: Parameters<typeof ruleOf>[0], text: string) =>
  compileFilters([ruleOf(rule)]).judge(1, () => text, 'home', 0) !== undefined

test('upper and lower case are the same in every script', () => {
  for (const [keyword, text] of [
    ['spider', 'A SPIDER in the bath'],
    ['straße', 'In der STRASSE'],
    ['STRASSE', 'in der Straße'],
    ['ΟΔΟΣ', 'η οδος μας'],
    ['οδός', 'Η ΟΔΌΣ'],
    ['паук', 'ПАУК!'],
    ['ｗｏｒｄ', 'a WORD'],
    ['e\u0301te\u0301', 'un ÉTÉ'],
    ['𐐀', 'Deseret 𐐨 here']
  ] as const) {
    assert.ok(finds({ parts: [keyword] }, text), `${keyword} in ${text}`)
    assert.ok(finds({ words: [keyword] }, text), `${keyword} as a word in ${text}`)
  }
})

test('a whole word is none inside another, in any script that parts its words', () => {
  for (const [keyword, text] of [
    ['cat', 'concatenate'],
    ['cat', 'cats'],
    ['cat', 'the_cat'],
    ['кот', 'который'],
    ['été', 'étésian'],
    ['חתול', 'חתולים'],
    ['قط', 'قطار'],
    ['cat', 'cat\u0301'],
    ['2', '2026']
  ] as const) {
    assert.ok(!finds({ words: [keyword] }, text), `${keyword} is no word of ${text}`)
  }
  for (const text of ['cat', '(cat)', 'a cat.', '#cat', 'cat’s', 'cat\nand dog', '🐈cat🐈', 'black-cat'])
    assert.ok(finds({ words: ['cat'] }, text), text)
})

test('in scripts without spaces between words a word is found where it stands', () => {
  assert.ok(finds({ words: ['雨'] }, '今日は雨です'))
  assert.ok(finds({ words: ['แมว'] }, 'ฉันรักแมวมาก'))
  assert.ok(finds({ words: ['iphone'] }, '新しいiPhoneを買った'))
  assert.ok(!finds({ words: ['กา'] }, 'กาำ\u0e49'), 'a mark belongs to the letter before it')
})

test('what needs no words beside it is found beside anything', () => {
  assert.ok(finds({ words: ['#nowplaying'] }, 'x#NowPlaying now'))
  assert.ok(finds({ words: [':)'] }, 'fine:)really'))
  assert.ok(finds({ words: ['❤'] }, 'I ❤️ this'))
  assert.ok(finds({ words: ['👩‍🚀'] }, 'an 👩‍🚀!'))
})

test('what does not show does not keep a word from being found, and phrases go over line ends', () => {
  assert.ok(finds({ words: ['spoiler'] }, 'a spo\u200bil\u00ader'))
  assert.ok(finds({ words: ['season two'] }, 'of Season\n\n  Two'))
  assert.ok(!finds({ parts: ['one two'] }, 'one\0two'), 'parts of a post are apart')
})

test('filters of other places, ended ones and those of nothing say nothing; the hardest action counts', () => {
  const filters = compileFilters([
    ruleOf({ title: 'elsewhere', places: ['thread'], parts: ['a'], action: 'hide' }),
    ruleOf({ title: 'ended', expiresAt: 100, parts: ['a'], action: 'hide' }),
    ruleOf({ title: 'nothing', parts: [''], action: 'hide' }),
    ruleOf({ title: 'pictures', parts: ['a'], action: 'blur' }),
    ruleOf({ title: 'one', parts: ['a'] }),
    ruleOf({ title: 'by post', postIds: [7] })
  ])
  assert.deepEqual(
    filters.judge(1, () => 'A', 'home', 100),
    { action: 'warn', titles: ['one'] }
  )
  assert.deepEqual(
    filters.judge(7, () => 'A', 'home', 100),
    { action: 'warn', titles: ['one', 'by post'] }
  )
  assert.deepEqual(
    filters.judge(1, () => 'a', 'home', 99),
    { action: 'hide', titles: ['ended'] }
  )
  assert.deepEqual(
    filters.judge(1, () => 'a', 'thread', 100),
    { action: 'hide', titles: ['elsewhere'] }
  )
  assert.equal(
    filters.judge(1, () => 'b', 'home', 100),
    undefined
  )
  assert.equal(
    filters.judge(1, () => 'a', 'account', 100),
    undefined
  )
})

/** The same by one regular expression a keyword, over characters and not units. */
function naive(text: string, keyword: string, isWholeWord: boolean): boolean {
  const folded = foldText(keyword).trim()
  if (folded === '') return false
  const characters = [...foldText(text)]
  const wanted = [...folded]
  const isLetter = (character: string | undefined) => character !== undefined && /^[\p{L}\p{M}\p{N}_]$/u.test(character)
  const isDense = (character: string) =>
    /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}\p{scx=Bopomofo}\p{scx=Yi}]$/u.test(
      character
    )
  const parts = (left: string | undefined, right: string | undefined) => {
    if (!isLetter(left) || !isLetter(right)) return true
    return (isDense(left!) || isDense(right!)) && !/^\p{M}$/u.test(right!)
  }
  for (let at = 0; at + wanted.length <= characters.length; at++) {
    if (!wanted.every((character, index) => characters[at + index] === character)) continue
    const end = at + wanted.length
    if (!isWholeWord) return true
    if (parts(characters[at - 1], characters[at]) && parts(characters[end - 1], characters[end])) return true
  }
  return false
}

test('the compiled table finds what a naive search finds, and nothing else', () => {
  const piece = fc.constantFrom(
    'a',
    'A',
    'ß',
    'S',
    'σ',
    'ς',
    'Σ',
    'é',
    'e\u0301',
    'İ',
    'ı',
    '1',
    '_',
    ' ',
    '\n',
    '.',
    '#',
    '雨',
    'カ',
    'ー',
    'ก',
    '\u0e49',
    'ö',
    'я',
    'Я',
    'א',
    '𐐀',
    '👍',
    '\u200d',
    '\0',
    'ﬁ',
    'K'
  )
  const words = (max: number) => fc.array(piece, { maxLength: max }).map((pieces) => pieces.join(''))
  const rules = fc.array(fc.record({ keyword: words(3), isWholeWord: fc.boolean() }), { maxLength: 8 })
  fc.assert(
    fc.property(rules, fc.oneof(words(14), fc.string({ unit: 'binary', maxLength: 12 })), (keywords, text) => {
      const filters = keywords.map((keyword, at) => ruleOf({ title: String(at), keywords: [keyword] } as Partial<FilterRule>))
      const expected = keywords.flatMap(({ keyword, isWholeWord }, at) => (naive(text, keyword, isWholeWord) ? [String(at)] : []))
      assert.deepEqual(compileFilters(filters).judge(1, () => text, 'home', 0)?.titles ?? [], expected)
    }),
    { seed, numRuns: 3_000 }
  )
})

test('twenty filters of ten words cost a page of forty posts little', () => {
  const alphabet = 'abcdefghijklmnopqrstuvwxyzäöüéñ'
  let state = 7
  const next = (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % below
  const word = () => Array.from({ length: 4 + next(7) }, () => alphabet[next(alphabet.length)]).join('')
  const filters = compileFilters(
    Array.from({ length: 20 }, (_, at) => ruleOf({ title: String(at), words: Array.from({ length: 10 }, word) }))
  )
  const posts = Array.from({ length: 40 }, () => Array.from({ length: 60 }, word).join(' '))
  const page = () => posts.map((text, id) => filters.judge(id, () => text, 'home', 0))
  for (let warm = 0; warm < 50; warm++) page()
  const before = process.cpuUsage()
  for (let round = 0; round < 50; round++) page()
  const { user, system } = process.cpuUsage(before)
  const pageMs = (user + system) / 1_000 / 50
  assert.ok(pageMs < 3, `${pageMs.toFixed(2)} ms a page`)
  if (process.env.SAY) console.log(`${pageMs.toFixed(2)} ms of CPU a page of 40 posts of 480 letters`)
})

test('as many keywords as one may have, hardly differing, cost a text that nearly holds them all little', () => {
  const words = (of: number) => Array.from({ length: 50 }, (_, at) => `${'a'.repeat(88)}b${of * 50 + at}c`)
  const filters = compileFilters(Array.from({ length: 100 }, (_, of) => ruleOf({ title: String(of), words: words(of) })))
  const text = 'a'.repeat(5_000)
  const before = process.cpuUsage()
  assert.equal(
    filters.judge(1, () => text, 'home', 0),
    undefined
  )
  const { user, system } = process.cpuUsage(before)
  assert.ok((user + system) / 1_000 < 250, `${((user + system) / 1_000).toFixed(0)} ms`)
  assert.deepEqual(filters.judge(1, () => `${text} ${words(7)[3]}!`, 'home', 0)?.titles, ['7'])
})
