import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostOf, isWithinDomain, normalizeHost, plainHostOf } from '#server/platform/host-names.ts'

test('every spelling of a host becomes one', () => {
  for (const [input, expected] of [
    ['B.Example', 'b.example'],
    ['b.example.', 'b.example'],
    ['b.example:443', 'b.example'],
    ['b.example.:0443', 'b.example'],
    ['b.example:8443', 'b.example:8443'],
    ['red.localhost:3001', 'red.localhost:3001'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['b。example', 'b.example'],
    ['2130706435', '127.0.0.3'],
    ['127.0.0.3.', '127.0.0.3'],
    ['[::FFFF:127.0.0.3]', '[::ffff:7f00:3]']
  ]) {
    assert.equal(normalizeHost(input ?? ''), expected, input)
  }
})

test('what is not a host is refused and not repaired', () => {
  const bad = [
    '',
    '.',
    'a..b',
    '.a',
    'ex%61mple.org',
    'a b',
    ' a.b',
    'a.b\n',
    'a\tb',
    'a/b',
    'a\\b',
    'a?b',
    'a#b',
    'u@a.b',
    'a.b:99999',
    'a,b',
    '*.b',
    'a.b:x'
  ]
  for (const input of [...bad, `${'a'.repeat(64)}.b`, `${'a.'.repeat(130)}b`, 'a'.repeat(100_000), '1.2.3.4.5']) {
    assert.equal(normalizeHost(input), undefined, JSON.stringify(input.slice(0, 80)))
  }
})

test('the host of a URL leaves its own default port away', () => {
  assert.equal(hostOf('https://B.Example.:443/x?y#z'), 'b.example')
  assert.equal(hostOf('http://b.example:80/'), 'b.example')
  assert.equal(hostOf('http://b.example:443/'), 'b.example:443')
  assert.equal(hostOf(new URL('http://red.localhost:3001/')), 'red.localhost:3001')
  for (const input of ['ftp://b.example/', 'data:,x', 'javascript:1', 'b.example', '', 'https://a..b/'])
    assert.equal(hostOf(input), undefined, input)
})

test('a domain holds itself and what lies below it', () => {
  assert.ok(isWithinDomain('b.example', 'b.example'))
  assert.ok(isWithinDomain('a.b.example', 'b.example'))
  assert.ok(isWithinDomain('a.b.example:8443', 'b.example'))
  assert.ok(isWithinDomain('red.localhost:3001', 'red.localhost:3001'))
  assert.ok(!isWithinDomain('red.localhost:3002', 'red.localhost:3001'))
  assert.ok(!isWithinDomain('red.localhost', 'red.localhost:3001'))
  assert.ok(!isWithinDomain('bb.example', 'b.example'))
  assert.ok(!isWithinDomain('b.example', 'a.b.example'))
  assert.ok(!isWithinDomain('b.example', ''))
  assert.ok(!isWithinDomain('127.0.0.3', '0.3'))
  assert.ok(isWithinDomain('[::1]:8080', '[::1]'))
  assert.ok(!isWithinDomain('[::1]', '[::2]'))
})

test('what is read off an address without a URL parser is what the parser would say', () => {
  const labels = [
    'b',
    'B',
    'xn--nxasmq6b',
    'a--b',
    'a-',
    '-a',
    'a_b',
    '1',
    '0x7f',
    'ü',
    'a'.repeat(63),
    'a'.repeat(64),
    'b.'.repeat(130).slice(0, -1),
    'a%62',
    '\u200b',
    ''
  ]
  const tops = ['example', 'Example', '1', '0x1', 'x', 'example.', 'example:443', 'example:8443', 'a1', 'xn--p1ai', '']
  const ends = ['', '/', '/x?y#z', '?x', '#x', '\\x', '/@other.example/', '@other.example/', '/\t\n', '\t', ' ']
  let plain = 0
  for (const scheme of ['https://', 'HTTPS://', 'http://', 'https:/', 'https:', ' https://', 'https://user@', 'https://u:p@'])
    for (const label of labels)
      for (const top of tops)
        for (const end of ends) {
          const address = `${scheme}${label}.${top}${end}`
          const found = plainHostOf(address)
          if (found === undefined) continue
          plain += 1
          assert.equal(found, hostOf(new URL(address)), address)
        }
  assert.ok(plain > 10)
  assert.equal(plainHostOf('https://far.test/users/ben'), 'far.test')
})
