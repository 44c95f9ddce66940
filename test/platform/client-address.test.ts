import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { createClientAddress } from '#server/platform/client-address.ts'

test('whoever writes a long X-Forwarded-For is not taken for the proxy that passed it on', () => {
  const addressOf = createClientAddress(['127.0.0.1', '10.0.0.0/8'])
  const of = (forwarded: string | undefined, remoteAddress = '127.0.0.1') =>
    addressOf({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage)
  assert.equal(of(undefined), '127.0.0.1')
  assert.equal(of('198.51.100.9'), '198.51.100.9')
  assert.equal(of('203.0.113.1, 198.51.100.9, 10.1.2.3'), '198.51.100.9')
  assert.equal(of(`${'127.0.0.1, '.repeat(200)}198.51.100.9`), '198.51.100.9')
  assert.equal(of('203.0.113.1', '198.51.100.9'), '198.51.100.9')
})
