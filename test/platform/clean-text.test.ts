import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cleanName, cleanText, countCharacters, cutCharacters } from '#server/platform/clean-text.ts'

test('text keeps its lines and loses what databases and terminals choke on', () => {
  assert.equal(cleanText('a\u0000b\u0007c\r\nd\re\tf\u2028g'), 'abc\nd\ne\tf\ng')
  assert.equal(cleanText('x\ud800y\udc00z \u{1f600}'), 'xyz \u{1f600}')
})

test('text is cut between characters, never inside one', () => {
  assert.equal(cleanText('\u{1f600}'.repeat(10), 3), '\u{1f600}'.repeat(3))
  assert.equal(cutCharacters('a\u{1f600}b', 2), 'a\u{1f600}')
  assert.equal(countCharacters('a\u{1f600}'), 2)
})

test('a name cannot turn, hide or tower over what stands beside it', () => {
  assert.equal(cleanName('ad\u202emin\u2066 x\u2069'), 'admin x')
  assert.equal(cleanName('ad\u200bm\ufeffi\u00adn\u3164\u2060\ufffc'), 'admin')
  assert.equal(cleanName('pay\u200dpal\u200c'), 'paypal')
  assert.equal(cleanName('a\nb\t c\u0000'), 'a b c')
  const zalgo = cleanName(`Z${'\u0301\u0330'.repeat(250)}o`)
  assert.ok(countCharacters(zalgo) <= 6, zalgo)
  assert.ok(zalgo.endsWith('o'))
  assert.equal(countCharacters(cleanName('n'.repeat(5_000))), 100)
})

test('emoji made of several and scripts whose letters join stay whole', () => {
  const flag = '\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}'
  for (const name of ['👩‍👩‍👧 Ana', '👩🏽‍🚀', '❤️‍🔥', flag, 'می‌خواهم', 'क्‍ष', 'Đặng Thị Ớt', 'שָׁלוֹם', 'José']) {
    assert.equal(cleanName(name), name.normalize('NFC'))
  }
})
