// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followsCsv } from '#server/follows/write-csv.ts'
import { readRows } from '#server/imports/read-rows.ts'
import { refusal } from '#test/helpers/refusal.ts'

const subjects = (kind: Parameters<typeof readRows>[0], text: string) => readRows(kind, text).map(({ subject }) => subject)

test('what Mastodon writes is read with its choices, and what we write as well', () => {
  const file =
    'Account address,Show boosts,Notify on new posts,Languages\r\nana@far.test,true,false,\r\n"bo@far.test",false,true,"de, en"\r\n'
  const rows = [
    { subject: 'ana@far.test', choices: { showBoosts: true, notifies: false } },
    { subject: 'bo@far.test', choices: { showBoosts: false, notifies: true } }
  ]
  assert.deepEqual(readRows('follows', file), rows)
  const ours = followsCsv([
    { address: 'ana@far.test', showBoosts: true, notifies: false },
    { address: 'bo@far.test', showBoosts: false, notifies: true }
  ])
  assert.deepEqual(readRows('follows', `\ufeff${ours}`), rows)
  assert.deepEqual(readRows('mutes', 'Account address,Hide notifications\nana@far.test,false'), [
    { subject: 'ana@far.test', choices: { hidesNotifications: false } }
  ])
  assert.deepEqual(readRows('lists', 'Boats,ana@far.test\n"Boats, big",bo@far.test'), [
    { subject: 'ana@far.test', choices: { list: 'Boats' } },
    { subject: 'bo@far.test', choices: { list: 'Boats, big' } }
  ])
  assert.deepEqual(subjects('servers', '#domain\nspam.test\n'), ['spam.test'])
  assert.deepEqual(subjects('bookmarks', 'https://far.test/@ana/1\nhttps://far.test/@ana/2'), [
    'https://far.test/@ana/1',
    'https://far.test/@ana/2'
  ])
})

test('plain lists are read, each name once, whatever stands around it', () => {
  assert.deepEqual(subjects('follows', '  @ana@far.test \n\n@bo@far.test\n@ANA@far.test\n\u202e@eve@far.test\u0000\n'), [
    'ANA@far.test',
    'bo@far.test',
    'eve@far.test'
  ])
  assert.deepEqual(subjects('blocks', "'@ana@far.test"), ['ana@far.test'])
})

test('nothing, too much, and what is no table is refused', () => {
  for (const [text, key] of [
    ['', 'import.nothing'],
    ['Account address,Show boosts\n', 'import.nothing'],
    [' \n,,,\n', 'import.nothing'],
    [Array.from({ length: 10_001 }, (_, at) => `a${at}@far.test`).join('\n'), 'import.tooMany'],
    [`"${'x'.repeat(50_000)}`, 'import.noTable']
  ] as const)
    assert.throws(() => readRows('follows', text), refusal('invalid', key))
  assert.equal(readRows('follows', Array.from({ length: 10_000 }, (_, at) => `a${at}@far.test`).join('\n')).length, 10_000)
})
