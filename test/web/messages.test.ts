// database: none
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createMessages } from '#server/platform/messages.ts'
import { openScratch } from '#test/helpers/scratch.ts'

function messagesOf(test: TestContext, catalogues: Record<string, object>, isStrict = true) {
  const dir = mkdtempSync(join(openScratch(), 'skerry-messages-'))
  test.after(() => rmSync(dir, { recursive: true }))
  for (const [language, catalogue] of Object.entries(catalogues)) writeFileSync(join(dir, `${language}.json`), JSON.stringify(catalogue))
  return createMessages({ dir, defaultLanguage: 'en', isStrict })
}

const english = {
  'a.hello': 'Hello {name}',
  'a.count': '{count, plural, one {# post} other {# posts}}',
  'a.plain': "It's <b>plain</b>",
  'a.only': 'Only English'
}

test('a message is filled, counted and left unescaped', (test) => {
  const t = messagesOf(test, { en: english }).translator('en', { timeZone: 'Europe/Oslo' })
  assert.equal(t('a.hello', { name: '<Ana>' }), 'Hello <Ana>')
  assert.equal(t('a.count', { count: 1 }), '1 post')
  assert.equal(t('a.count', { count: 1234 }), '1,234 posts')
  assert.equal(t('a.plain'), "It's <b>plain</b>")
  assert.deepEqual([t.language, t.timeZone], ['en', 'Europe/Oslo'])
})

test('a language falls back to its base, then to the default, word by word', (test) => {
  const messages = messagesOf(test, {
    en: english,
    nb: { 'a.hello': 'Hei {name}', 'a.count': '{count, plural, one {# innlegg} other {# innlegg}}' }
  })
  const timeZone = 'UTC'
  assert.equal(messages.translator('nb-NO', { timeZone })('a.hello', { name: 'Ana' }), 'Hei Ana')
  assert.equal(messages.translator('nb', { timeZone })('a.only'), 'Only English')
  assert.equal(messages.translator('xx', { timeZone })('a.hello', { name: 'Ana' }), 'Hello Ana')
  assert.deepEqual(messages.languages, ['en', 'nb'])
})

test('an unknown key or a missing value throws where it is strict, and never throws at a visitor', (test) => {
  const strict = messagesOf(test, { en: english }).translator('en', { timeZone: 'UTC' })
  assert.throws(() => strict('a.helo'), /no message "a\.helo"/)
  assert.throws(() => strict('a.hello'), /a\.hello/)
  assert.throws(() => strict('a.hello', { name: undefined as never }), /no value for "name"/)
  const lenient = messagesOf(test, { en: english }, false).translator('en', { timeZone: 'UTC' })
  assert.equal(lenient('a.helo'), 'a.helo')
  assert.equal(lenient('a.hello'), 'a.hello')
})

test('a message that is not valid ICU, or no text, stops the start and is named', (test) => {
  assert.throws(() => messagesOf(test, { en: { 'a.bad': '{count, plural, one {#}' } }), /"a\.bad" \(en\) is not valid ICU/)
  assert.throws(() => messagesOf(test, { en: { 'a.bad': { nested: 'no' } } }), /"a\.bad"/)
  assert.throws(() => messagesOf(test, { nb: {} }), /no catalogue of messages for the default language "en"/)
})

test('the pseudo-locale accents words, grows them and keeps what is filled in', (test) => {
  const t = messagesOf(test, { en: english }).translator('en-XA', { timeZone: 'UTC' })
  assert.equal(t('a.hello', { name: 'Ana' }), '⟦Ĥéļļó Ana~~~⟧')
  assert.equal(t('a.count', { count: 2 }), '⟦2 þóšţš~~~⟧')
  assert.ok(t('a.only').length >= 'Only English'.length * 1.4)
})
