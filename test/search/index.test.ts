import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dialectOfProcess } from '#db/dialect.ts'
import { addWords, tellIndex, countParts, findEntries, putEntry, removeEntries, wordsThatBegin } from '#db/search-index.ts'
import { foldWords, hanOf } from '#server/search/fold.ts'
import { beginMerge } from '#server/search/merge-index.ts'
import { openTestDatabase } from '#test/helpers/database.ts'
import { startInstance } from '#test/helpers/instance.ts'

const everything = { before: Number.MAX_SAFE_INTEGER, after: 0, count: 1_000 }
const scope = ['=p']

test('texts are folded to what people type', () => {
  for (const [text, words] of [
    ['Don’t go to CAFÉ Straße', ['dont', 'go', 'to', 'cafe', 'strasse']],
    ['ΟΔΟΣ οδός', ['οδοσ', 'οδοσ']],
    ['İstanbul ılık Łódź Ørsted', ['istanbul', 'ilik', 'lodz', 'orsted']],
    ['今日は東京', ['今日', '日は', 'は東', '東京']],
    ['ガーデン ｶﾞ', ['ガー', 'ーデ', 'デン', 'ガ']],
    ['한국어 검색', ['한국어', '검색']],
    ['हिन्दी में', ['हिन्दी', 'में']],
    ['well-known foo_bar 3.5', ['well', 'known', 'foo', 'bar', '3', '5']],
    ['🦆!', ['🦆']],
    ['=p "x" \'; drop', ['p', 'x', 'drop']]
  ] as const) {
    assert.deepEqual(foldWords(text), words, text)
  }
  assert.deepEqual(hanOf(foldWords('今日は東京')), ['今', '日', '東', '京'])
})

test('drawn texts: folding twice changes nothing, and case and composition make no difference', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const words = foldWords(text)
      for (const word of words) assert.doesNotMatch(word, /[\s=:"'\\\0]/u)
      assert.deepEqual(foldWords(text.normalize('NFD')), foldWords(text.normalize('NFC')))
      const again = words.filter((word) => [...word].length > 2 && /^[a-z0-9]+$/.test(word))
      assert.deepEqual(again.flatMap(foldWords), again)
    }),
    { numRuns: 300 }
  )
})

/** What the index must answer, by the plainest means. */
function isFound(words: readonly string[], query: { all: string[][][]; none: string[][] }): boolean {
  const holds = (phrase: readonly string[]) => words.some((_, at) => phrase.every((word, place) => words[at + place] === word))
  return query.all.every((choice) => choice.some(holds)) && !query.none.some(holds)
}

test('drawn queries find in the database what a plain look at the texts finds, newest first, page by page', async (t) => {
  const { database } = await openTestDatabase(t)
  const word = fc.constantFrom('sea', 'tide', 'über', '東京', 'क्या', 'o’neill', '🦆', '1984').map((text) => foldWords(text)[0]!)
  const phrase = fc.array(word, { minLength: 1, maxLength: 2 })
  const choice = fc.array(phrase, { minLength: 1, maxLength: 2 })
  const query = fc.record({ all: fc.array(choice, { maxLength: 2 }), none: fc.array(phrase, { maxLength: 1 }) })
  // Ids as far apart as years are, and as near as neighbours.
  const ids = fc.uniqueArray(
    fc.oneof(fc.nat({ max: 5_000 }), fc.integer({ min: 2 ** 40, max: 2 ** 51 })).map((id) => id + 1),
    { minLength: 1, maxLength: 30 }
  )
  await fc.assert(
    fc.asyncProperty(
      ids,
      fc.infiniteStream(fc.array(word, { maxLength: 8 })),
      fc.array(query, { minLength: 1, maxLength: 6 }),
      async (drawn, texts, queries) => {
        const entries = drawn.map((id) => ({ id, words: texts.next().value as string[] }))
        await database.transact(async (tx) => {
          for (const { id } of entries) await putEntry(tx, id, ['gone'], scope)
          for (const { id, words } of entries) await putEntry(tx, id, words, scope)
        })
        for (const each of queries) {
          const expected = entries
            .filter(({ words }) => isFound(words, each))
            .map(({ id }) => id)
            .sort((a, b) => b - a)
          const index = { scope: ['=nobody', ...scope], ...each }
          assert.deepEqual(await findEntries(database.reader, index, everything), expected)
          const first = await findEntries(database.reader, index, { ...everything, count: 3 })
          assert.deepEqual(first, expected.slice(0, 3))
          if (first.length === 3)
            assert.deepEqual(await findEntries(database.reader, index, { ...everything, before: first[2]! }), expected.slice(3))
          const middle = expected[Math.floor(expected.length / 2)] ?? 0
          assert.deepEqual(
            await findEntries(database.reader, index, { ...everything, after: middle }),
            expected.filter((id) => id > middle)
          )
          assert.deepEqual(await findEntries(database.reader, { ...index, scope: ['=nobody'] }, everything), [])
        }
        await database.transact((tx) => removeEntries(tx, drawn))
        assert.deepEqual(await findEntries(database.reader, { scope, all: [], none: [] }, everything), [])
      }
    ),
    { numRuns: 25 }
  )
})

test('more entries than the first look takes in: the newest are found first, and all of them', async (t) => {
  const { database } = await openTestDatabase(t)
  const ids = Array.from({ length: 1_500 }, (_, at) => 2 ** 45 + at * 2 ** 34)
  await database.transact(async (tx) => {
    for (const [at, id] of ids.entries()) await putEntry(tx, id, at % 100 === 0 ? ['rare'] : ['common'], scope)
  })
  const rare = ids.filter((_, at) => at % 100 === 0).reverse()
  assert.deepEqual(await findEntries(database.reader, { scope, all: [[['rare']]], none: [] }, everything), rare)
  assert.deepEqual(
    await findEntries(database.reader, { scope, all: [[['rare']]], none: [] }, { ...everything, count: 4 }),
    rare.slice(0, 4)
  )
  assert.equal(
    (await findEntries(database.reader, { scope, all: [[['common']]], none: [] }, { ...everything, count: 2_000 })).length,
    1_485
  )
})

test('the beginning of a word leads to words of the index', async (t) => {
  const { database } = await openTestDatabase(t)
  await database.transact((tx) => addWords(tx, ['light', 'lights', 'lighthouse', 'ligt', 'मछली', 'lights']))
  await database.transact((tx) => addWords(tx, ['light', 'zebra']))
  assert.deepEqual(await wordsThatBegin(database.reader, 'light', 10), ['light', 'lighthouse', 'lights'])
  assert.deepEqual(await wordsThatBegin(database.reader, 'light', 2), ['light', 'lighthouse'])
  assert.deepEqual(await wordsThatBegin(database.reader, 'मछ', 10), ['मछली'])
})

test('a word is found whole however often it stands, now or of late, and wherever one begins and ends', async (t) => {
  const { database } = await openTestDatabase(t)
  const dayBits = 26 + 12
  // Years with a few entries a month, then months with many a day.
  const ids = Array.from(
    { length: 3_200 },
    (_, at) => Math.round(2 ** 50 + (at < 400 ? at * 20 : 8_000 + (at - 400) / 30) * 2 ** dayBits) + at
  )
  const stands: Record<string, (at: number) => boolean> = {
    everywhere: () => true,
    often: (at) => at % 40 === 7,
    seldom: (at) => at % 400 === 11,
    once: (at) => at === 3,
    lately: (at) => at > 3_190,
    before: (at) => at < 700 && at % 2 === 0,
    never: () => false
  }
  await database.transact(async (tx) => {
    for (const [at, id] of ids.entries()) {
      const words = Object.keys(stands).filter((word) => stands[word]!(at))
      await putEntry(tx, id, words, scope)
    }
  })
  for (const [word, isThere] of Object.entries(stands)) {
    const all = ids.filter((_, at) => isThere(at)).reverse()
    for (const before of [everything.before, ids[3_100]!, ids[600]!, ids[20]!, ids[0]!])
      for (const after of [0, ids[2]!, ids[399]!, ids[3_000]!])
        for (const count of [1, 25, 5_000]) {
          const expected = all.filter((id) => id < before && id > after).slice(0, count)
          const found = await findEntries(database.reader, { scope, all: [[[word]]], none: [] }, { before, after, count })
          assert.deepEqual(found, expected, `${word}, ${count} between ${after} and ${before}`)
        }
  }
})

test('the parts of which an index came to be become one, and all is found as before', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const isSqlite = dialectOfProcess() === 'sqlite'
  // As many small parts as FTS5 leaves lying about, without the million posts it takes.
  if (isSqlite) await ctx.transact((tx) => tellIndex(tx, 'automerge', 0))
  const ids = Array.from({ length: 1_200 }, (_, at) => at + 1)
  for (let at = 0; at < ids.length; at += 100)
    await ctx.transact(async (tx) => {
      for (const id of ids.slice(at, at + 100)) await putEntry(tx, id, [`word${id}`, id % 2 === 0 ? 'even' : 'odd'], scope)
    })
  await ctx.transact((tx) => removeEntries(tx, [2]))
  const find = (word: string) => findEntries(ctx.db, { scope, all: [[[word]]], none: [] }, everything)
  const even = await find('even')
  assert.ok(!isSqlite || (await countParts(ctx.db)) > 8)
  await beginMerge(ctx)
  await instance.runJobs()
  assert.equal(await countParts(ctx.db), 1)
  assert.deepEqual(await find('even'), even)
  assert.deepEqual(await find('word4'), [4])
  assert.deepEqual(await find('word2'), [])
})
