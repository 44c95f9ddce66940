// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SignatureFault } from '#server/federation/signatures/claim.ts'
import { parseCavage } from '#server/federation/signatures/parse-cavage.ts'

const now = Date.UTC(2026, 10, 23)
const seconds = now / 1_000
const digest = `SHA-256=${Buffer.alloc(32, 7).toString('base64')}`
const value = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text.trim() === text)
const headers = fc.record({ 'user-agent': value, 'x-thing': value, 'content-type': value })
const covered = fc
  .shuffledSubarray(['(created)', '(expires)', 'date', 'user-agent', 'x-thing', 'content-type'])
  .chain((some) =>
    fc.shuffledSubarray(['(request-target)', 'host', 'digest', 'date', ...some.filter((name) => name !== 'date')], { minLength: 4 })
  )

test('Whatever passes as a draft-cavage header gives the string that its signer signed', () => {
  fc.assert(
    fc.property(headers, covered, fc.constantFrom(',', ' , ', ',,'), (more, names, comma) => {
      const head = { host: 'here.test', date: new Date(now).toUTCString(), digest, ...more }
      const claim = () => parseCavage(requestOf(head, names, comma), now)
      const isEnough = ['(request-target)', 'host', 'digest'].every((name) => names.includes(name))
      if (!isEnough || !names.some((name) => name === 'date' || name === '(created)')) {
        assert.throws(claim, SignatureFault)
        return
      }
      const said: Record<string, string> = {
        ...head,
        '(request-target)': 'post /inbox?a=b',
        '(created)': `${seconds}`,
        '(expires)': `${seconds + 60}`
      }
      assert.equal(claim().signingString(), names.map((name) => `${name}: ${said[name]}`).join('\n'))
    })
  )
})

test('What stands between the parameters of a Signature header makes it malformed, and a covered header that is not there makes it useless', () => {
  const head = { host: 'here.test', date: new Date(now).toUTCString(), digest }
  const names = ['(request-target)', 'host', 'date', 'digest']
  for (const odd of [' x ', ', ,', ',x,', ' ', ';', '"']) {
    assert.throws(() => parseCavage(requestOf(head, names, odd), now), SignatureFault, `between parameters: ${odd}`)
  }
  assert.throws(() => parseCavage(requestOf(head, [...names, 'x-missing'], ','), now), /x-missing header is missing/)
})

function requestOf(head: Record<string, string>, names: readonly string[], comma: string) {
  const params = [
    'keyId="https://far.test/users/ben,of,commas#main-key"',
    'algorithm="hs2019"',
    `created=${seconds}`,
    `expires="${seconds + 60}"`,
    `headers="${names.join(' ')}"`,
    `signature="${Buffer.alloc(256, 9).toString('base64')}"`
  ]
  return { method: 'POST', target: '/inbox?a=b', origin: 'https://here.test', headers: { ...head, signature: params.join(comma) } }
}

test('Whoever leaves the port out of the host, or the query out of what is read, signed the same request; what is posted is signed with its query', () => {
  const head = { host: 'here.test:8080', date: new Date(now).toUTCString(), digest }
  const names = ['(request-target)', 'host']
  const stringsOf = (method: string) => {
    const request = { ...requestOf(head, method === 'GET' ? [...names, 'date'] : [...names, 'date', 'digest'], ','), method }
    const claim = parseCavage(request, now)
    return [claim.signingString(), ...claim.otherStrings()].map((text) => text.split('\n').slice(0, 2))
  }
  assert.deepEqual(stringsOf('POST'), [
    ['(request-target): post /inbox?a=b', 'host: here.test:8080'],
    ['(request-target): post /inbox?a=b', 'host: here.test']
  ])
  assert.deepEqual(stringsOf('GET'), [
    ['(request-target): get /inbox?a=b', 'host: here.test:8080'],
    ['(request-target): get /inbox', 'host: here.test:8080'],
    ['(request-target): get /inbox?a=b', 'host: here.test'],
    ['(request-target): get /inbox', 'host: here.test']
  ])
  const plain = { ...head, host: 'here.test' }
  assert.deepEqual(parseCavage(requestOf(plain, [...names, 'date', 'digest'], ','), now).otherStrings(), [])
})
